import CloudModel
import ReferenceFilter
import Replay
import TestSupport
import Testing

@Suite("Replay against the reference")
struct ReplayAgreementTests {
    @Test("decides captured packets as the reference does", arguments: UInt64(1)...20)
    func agreement(seed: UInt64) throws {
        let shape = WorldShape.small(seed % 2 == 0 ? .aws : .alibaba)
        let fleet = RandomFleet(seed: seed, shape: shape).fleet
        var probes = EdgeProbes(fleet, shape: shape, seed: seed)
        // Only what the capture builder can write: IPv4, whole, with the header of its protocol.
        let packets = (0..<2000).map { _ in probes.next() }.filter {
            $0.family == .ipv4 && $0.fragment == nil && $0.hasItsHeader
        }
        let (_, decisions) = try TinyWorld.run(
            packets.map(\.description), in: fleet, sessions: .stateless)
        let reference = ReferenceFilter(fleet)
        for (packet, decision) in zip(packets, decisions) {
            let expected = reference.decide(packet).decision
            #expect(decision == expected, "\(packet), seed \(seed)")
        }
        #expect(decisions.count == packets.count && packets.count > 100)
    }
}

extension Packet {
    fileprivate var hasItsHeader: Bool {
        switch transport {
        case .none: ![1, 6, 17, 33, 132, 136].contains(ipProtocol.rawValue)
        case .ports: true
        case .icmp: ipProtocol == .icmp  // ICMPv6 has no place behind an IPv4 header.
        }
    }
}

import CloudModel
import Replay
import TestSupport
import Testing

/// Packets that come so close behind the first of their flow that nothing is known of it yet.
@Suite("Packets behind the first of their flow")
struct FollowerTests {
    @Test(
        "are decided as if each came alone", arguments: seeds(30, unoptimised: 2),
        [Vendor.alibaba, .aws])
    func onePacketAtATime(seed: UInt64, vendor: Vendor) throws {
        let shape = WorldShape.small(vendor)
        let fleet = RandomFleet(seed: seed, shape: shape).fleet
        // Few flows and many: in the latter most packets of a batch are the first of theirs, or behind it.
        for flowCount in [12, 600] {
            var traffic = RandomTraffic(fleet, shape: shape, seed: seed, flowCount: flowCount)
            let packets = (0..<1500).map { _ in traffic.next() }
            for policy in [SessionPolicy.stateless, .standard] {
                let (_, decisions) = try TinyWorld.run(
                    packets.map(\.description), in: fleet, sessions: policy)
                var live = LiveFleet(fleet, sessions: policy)
                live.advance(by: .seconds(1))
                for (packet, decision) in zip(packets, decisions) {
                    let expected = live.decide(packet).decision
                    #expect(decision == expected, "\(packet), seed \(seed)")
                    live.advance(by: .milliseconds(1))
                }
                #expect(decisions.count == packets.count)
            }
        }
    }

    @Test("are placed by their own Ethernet addresses where several interfaces own the others")
    func ownersByMAC() throws {
        var fleet = try TinyWorld.fleet()
        fleet.networkInterfaces[0].mac = MACAddress("02:00:00:00:00:0a")
        var twin = NetworkInterface(
            id: "eni-twin", vpc: "vpc-2", addresses: fleet.networkInterfaces[0].addresses)
        twin.mac = MACAddress("02:00:00:00:00:0b")
        fleet.networkInterfaces.append(twin)
        let packet = try Packet("tcp 9.9.9.9:40000 > 10.0.0.1:443 flags S")
        var capture = CaptureBytes()
        for number in 0..<600 {
            var frame = CaptureBytes.frame(packet)
            frame[5] = [0x0A, 0x0B, 0x0C][number % 3]
            capture.append(frame: frame, atMicroseconds: 1000 * number)
        }
        let file = try TemporaryFile(capture.bytes)
        let collector = DecisionCollector()
        var replay = Replay(
            CompiledFleet(fleet),
            captures: [CaptureSource(path: file.path, placement: .byAddress(vpc: nil))],
            sessions: .stateless)
        try replay.open()
        _ = replay.run(observers: [collector])
        let said = collector.decisions.map { "\($0.verdict) \($0.reason)" }
        let expected = ["accept rule", "none noGroup", "none ambiguousInterface"]
        #expect(said == (0..<600).map { expected[$0 % 3] })
    }
}

import CloudModel
import TestSupport

/// Seeded random packets of a few flows, both ways, so that sessions begin, go on and end.
struct RandomTraffic {
    private let flows: [Packet]
    private var random: SeededGenerator

    /// Flows between addresses and ports that the fleet's rules name. IPv4 only, and whole: what the
    /// capture builder can write.
    init(_ fleet: Fleet, shape: WorldShape, seed: UInt64, flowCount: Int) {
        var probes = EdgeProbes(fleet, shape: shape, seed: seed)
        var flows: [Packet] = []
        while flows.count < flowCount {
            let packet = probes.next()
            guard packet.family == .ipv4, packet.fragment == nil else { continue }
            switch packet.transport {
            case .ports where packet.ipProtocol.hasFilteredPorts: flows.append(packet)
            case .icmp where packet.ipProtocol == .icmp: flows.append(packet)
            default: continue
            }
        }
        self.flows = flows
        random = SeededGenerator(seed: seed ^ 0x7AFF1C)
    }

    /// The next packet of one of the flows, from either end.
    mutating func next() -> Packet {
        var packet = random.pick(flows)
        if random.oneIn(2) { packet.turn() }
        if case .ports(let source, let destination, _) = packet.transport, packet.ipProtocol == .tcp
        {
            let flags = random.pick(["S", "S.", ".", ".", ".", "F.", "R"])
            packet.transport = .ports(
                source: source, destination: destination, tcpFlags: TCPFlags(flags))
        }
        return packet
    }
}

extension Packet {
    fileprivate mutating func turn() {
        (source, destination) = (destination, source)
        switch transport {
        case .ports(let from, let to, let flags):
            transport = .ports(source: to, destination: from, tcpFlags: flags)
        case .icmp(8, let code): transport = .icmp(type: 0, code: code)
        case .icmp(0, let code): transport = .icmp(type: 8, code: code)
        case .icmp, .none: break
        }
    }
}

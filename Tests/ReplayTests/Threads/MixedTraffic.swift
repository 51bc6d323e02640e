import Captures
import CloudModel
import ControlPlane
import Replay
import TestSupport

/// Seeded packets of few flows at the tiny fleet, of all kinds that shards treat apart: connections from
/// both ends, fragments, ICMP errors about flows, and ICMP errors in fragments.
struct MixedTraffic {
    private var random: SeededGenerator
    private static let inside = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    private static let outside = (1...24).map { "198.51.100.\($0)" }

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A capture of so many packets, a millisecond apart from second 1 on.
    mutating func capture(_ count: Int, beginningAtMicrosecond start: Int = 1_000_000) throws
        -> CaptureBytes
    {
        var capture = CaptureBytes()
        for index in 0..<count {
            let time = start + 1000 * index
            if random.oneIn(20) {
                capture.append(frame: CaptureBytes.arpFrame, atMicroseconds: time)
            } else {
                capture.append(try packet(), atMicroseconds: time)
            }
        }
        return capture
    }

    /// Calls that end and begin rules, at times of such a capture.
    mutating func calls(_ count: Int) -> [ScheduledCall] {
        (0..<count).map { index in
            let rule = random.pick(["sgr-https", "sgr-dns", "sgr-no-smtp"])
            let request =
                random.oneIn(2)
                ? OperationRequest(
                    "RevokeSecurityGroup",
                    [
                        "RegionId": "r", "SecurityGroupId": "sg-web",
                        "SecurityGroupRuleId": .array([.string(rule)]),
                    ])
                : OperationRequest(
                    "AuthorizeSecurityGroup",
                    [
                        "RegionId": "r", "SecurityGroupId": "sg-web", "IpProtocol": "TCP",
                        "PortRange": .string("\(443 + index)/\(443 + index)"),
                        "SourceCidrIp": "198.51.100.0/24",
                    ])
            let milliseconds = UInt64.random(in: 0..<2000, using: &random)
            return ScheduledCall(
                request,
                at: random.oneIn(8)
                    ? nil : FrameTime(seconds: 1, nanoseconds: milliseconds * 1_000_000))
        }
    }

    private mutating func packet() throws -> Packet {
        var packet = try flow()
        if random.oneIn(2) { packet = packet.turned }
        switch random.next() % 8 {
        case 0: packet = try error(about: packet)
        case 1:
            packet.fragment = Fragment(
                identification: UInt32(random.next() % 4), offset: 0, hasMore: true)
        case 2:
            packet.fragment = Fragment(
                identification: UInt32(random.next() % 4), offset: 1480, hasMore: false)
            packet.transport = .none
            packet.icmpIdentifier = nil
        case 3:
            packet = try error(about: packet)
            packet.fragment = Fragment(
                identification: UInt32(random.next() % 4), offset: 0, hasMore: true)
        default: break
        }
        return packet
    }

    private mutating func flow() throws -> Packet {
        let (inner, outer) = (
            random.pick(MixedTraffic.inside),
            random.oneIn(4) ? random.pick(MixedTraffic.inside) : random.pick(MixedTraffic.outside)
        )
        let port = 40_000 + random.next() % 4
        switch random.next() % 4 {
        case 0: return try Packet("udp \(outer):\(port) > \(inner):53")
        case 1:
            var echo = try Packet("icmp \(outer) > \(inner) type 8 code 0")
            echo.icmpIdentifier = UInt16(port)
            return echo
        default:
            let flags = random.pick(["S", "S.", ".", ".", "F.", "R"])
            let service = random.pick([25, 443, 444, 450])
            return try Packet("tcp \(outer):\(port) > \(inner):\(service) flags \(flags)")
        }
    }

    /// An ICMP error about a packet, from somebody on its way.
    private mutating func error(about packet: Packet) throws -> Packet {
        let sender = random.pick(MixedTraffic.outside + MixedTraffic.inside)
        var error = try Packet("icmp \(sender) > \(packet.source.description) type 3 code 1")
        error.quoted = QuotedPacket(packet)
        return error
    }
}

extension Packet {
    /// The same from the other end.
    fileprivate var turned: Packet {
        var packet = self
        (packet.source, packet.destination) = (destination, source)
        switch transport {
        case .ports(let from, let to, let flags):
            packet.transport = .ports(source: to, destination: from, tcpFlags: flags)
        case .icmp(8, let code): packet.transport = .icmp(type: 0, code: code)
        case .icmp, .none: break
        }
        return packet
    }
}

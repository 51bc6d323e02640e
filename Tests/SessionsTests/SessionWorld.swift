import CloudModel
import FilterTables
import Testing

@testable import Sessions

/// One interface, 10.0.0.1, that admits all that comes in and nothing that goes out, and its sessions.
struct SessionWorld: ~Copyable {
    var sessions: Sessions
    private var decider: Decider

    init(capacity: Int = 1_048_576) throws {
        var fleet = Fleet(vendor: .alibaba)
        let anyone = Peer.cidr(try #require(CIDRBlock("0.0.0.0/0")))
        fleet.securityGroups = [
            SecurityGroup(
                id: "sg-1", innerAccessPolicy: .drop,
                rules: [
                    SecurityGroupRule(id: "sgr-in", direction: .ingress, peer: anyone),
                    SecurityGroupRule(
                        id: "sgr-out", direction: .egress, peer: anyone, policy: .drop),
                ])
        ]
        fleet.networkInterfaces = [
            NetworkInterface(
                id: "eni-a", addresses: [CIDRBlock(SessionWorld.local)], securityGroups: ["sg-1"])
        ]
        sessions = Sessions(for: fleet, capacity: capacity)
        decider = Decider(FilterTables(compiling: fleet))
    }

    private static let local = IPAddress(ipv4: 0x0A00_0001)

    /// A UDP packet in, or a reply out, of the flow with this number: whether it is accepted.
    ///
    /// Flows of one `peer` are in one shard.
    mutating func sees(
        flow: Int, peer: UInt32 = 0x0909_0909, reply isReply: Bool = false, at seconds: Int64
    ) -> Bool {
        sees(flow: flow, peer: peer, reply: isReply, at: seconds, .udp, nil)
    }

    mutating func sees(
        flow: Int, peer: UInt32, reply isReply: Bool, at seconds: Int64, _ ipProtocol: IPProtocol,
        _ flags: TCPFlags?
    ) -> Bool {
        let (peer, port) = (IPAddress(ipv4: peer), SessionWorld.port(flow: flow))
        let packet =
            isReply
            ? Packet(
                source: SessionWorld.local, destination: peer, ipProtocol: ipProtocol,
                transport: .ports(source: 53, destination: port, tcpFlags: flags))
            : Packet(
                source: peer, destination: SessionWorld.local, ipProtocol: ipProtocol,
                transport: .ports(source: port, destination: 53, tcpFlags: flags))
        let direction: Direction = isReply ? .egress : .ingress
        let outcome = decider.outcome(of: Query(packet, at: 0, direction))
        let judgement = sessions.judge(
            TrackedPacket(
                packet, at: 0, direction, SessionTime(seconds: seconds, nanoseconds: 0)),
            stateless: outcome, &decider)
        return judgement.outcome.verdict == .accept
    }

    /// Never 53, which is the other end's.
    static func port(flow: Int) -> UInt16 { 1000 + UInt16(truncatingIfNeeded: flow) % 64_000 }

    /// Whether a reply passes, which only a session lets out.
    mutating func isAlive(flow: Int, peer: UInt32 = 0x0909_0909, at seconds: Int64) -> Bool {
        sees(flow: flow, peer: peer, reply: true, at: seconds)
    }

    /// An address whose flows with 10.0.0.1 are in shard `number`.
    static func peer(inShard number: Int) -> UInt32 {
        var peer: UInt32 = 0x0900_0000
        while FlowKey.shard(of: local, IPAddress(ipv4: peer)) != number { peer += 1 }
        return peer
    }
}

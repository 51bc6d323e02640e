import CloudModel
import ReferenceFilter
import Testing

/// One line of the table: the rules of `sg-a`, a packet, what must become of it.
struct AWSExample: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var rules: [SecurityGroupRule] = []
    var direction = Direction.ingress
    let packet: Packet
    let verdict: Verdict
    let reason: Reason
    var rule: RuleID?
}

private let outside = IPAddress("203.0.113.5")!
private let own = IPAddress("10.0.1.10")!
private let mate = IPAddress("10.0.1.11")!
private let everyone = Peer.cidr(CIDRBlock("0.0.0.0/0")!)

private func packet(
    _ ipProtocol: IPProtocol, _ transport: Transport, from source: IPAddress = outside,
    to destination: IPAddress = own
) -> Packet {
    Packet(source: source, destination: destination, ipProtocol: ipProtocol, transport: transport)
}

private func tcp(_ port: UInt16) -> Transport {
    .ports(source: 40000, destination: port, tcpFlags: nil)
}

private func rule(
    _ id: RuleID, _ ipProtocol: ProtocolMatch, _ transport: TransportMatch = .any,
    peer: Peer = everyone, _ direction: Direction = .ingress
) -> SecurityGroupRule {
    SecurityGroupRule(
        id: id, direction: direction, ipProtocol: ipProtocol, transport: transport, peer: peer)
}

private let examples: [AWSExample] = [
    AWSExample(
        testDescription: "B.2: nothing is let in without a rule",
        packet: packet(.tcp, tcp(22)), verdict: .drop, reason: .implicitDeny),
    AWSExample(
        testDescription: "B.2: nor out", direction: .egress,
        packet: packet(.tcp, tcp(22), from: own, to: outside), verdict: .drop,
        reason: .implicitDeny),
    AWSExample(
        testDescription: "B.2: members of a group do not reach each other by that alone",
        packet: packet(.tcp, tcp(22), from: mate), verdict: .drop, reason: .implicitDeny),
    AWSExample(
        testDescription: "B.4: a group may name itself",
        rules: [rule("sgr-1", .all, peer: .securityGroup(GroupReference("sg-a")))],
        packet: packet(.tcp, tcp(22), from: mate), verdict: .accept, reason: .rule, rule: "sgr-1"),
    AWSExample(
        testDescription: "B.4: a stale reference matches nothing",
        rules: [
            rule("sgr-1", .all, peer: .securityGroup(GroupReference("sg-a", isStale: true)))
        ], packet: packet(.tcp, tcp(22), from: mate), verdict: .drop, reason: .implicitDeny),
    AWSExample(
        testDescription: "B.2: the smallest id of the matching rules is named",
        rules: [rule("sgr-2", .only(.tcp)), rule("sgr-1", .all), rule("sgr-0", .only(.udp))],
        packet: packet(.tcp, tcp(22)), verdict: .accept, reason: .rule, rule: "sgr-1"),
    AWSExample(
        testDescription: "B.3: ICMP type and code",
        rules: [rule("sgr-1", .only(.icmp), .icmp(type: 3, code: 4))],
        packet: packet(.icmp, .icmp(type: 3, code: 4)), verdict: .accept, reason: .rule,
        rule: "sgr-1"),
    AWSExample(
        testDescription: "B.3: another code is no match",
        rules: [rule("sgr-1", .only(.icmp), .icmp(type: 3, code: 4))],
        packet: packet(.icmp, .icmp(type: 3, code: 3)), verdict: .drop, reason: .implicitDeny),
    AWSExample(
        testDescription: "B.3: any code of a type",
        rules: [rule("sgr-1", .only(.icmp), .icmp(type: 3, code: nil))],
        packet: packet(.icmp, .icmp(type: 3, code: 3)), verdict: .accept, reason: .rule,
        rule: "sgr-1"),
    AWSExample(
        testDescription: "B.3: 0.0.0.0/0 is not for IPv6",
        rules: [rule("sgr-1", .all)],
        packet: packet(
            .tcp, tcp(22), from: IPAddress("2001:db8::1")!, to: IPAddress("2001:db8::2")!),
        verdict: .drop, reason: .implicitDeny),
    AWSExample(
        testDescription: "B.7: instance metadata", direction: .egress,
        packet: packet(.tcp, tcp(80), from: own, to: IPAddress("169.254.169.254")!),
        verdict: .accept, reason: .exempt),
    AWSExample(
        testDescription: "B.7: the resolver is VPC + 2", direction: .egress,
        packet: packet(.udp, tcp(53), from: own, to: IPAddress("10.0.0.2")!), verdict: .accept,
        reason: .exempt),
    AWSExample(
        testDescription: "B.7: the router is VPC + 1",
        packet: packet(.icmp, .icmp(type: 11, code: 0), from: IPAddress("10.0.0.1")!),
        verdict: .accept, reason: .exempt),
    AWSExample(
        testDescription: "B.7: other DNS servers are filtered", direction: .egress,
        packet: packet(.udp, tcp(53), from: own, to: IPAddress("10.0.0.3")!), verdict: .drop,
        reason: .implicitDeny),
    AWSExample(
        testDescription: "B.7: DHCP",
        packet: packet(.udp, .ports(source: 67, destination: 68, tcpFlags: nil)),
        verdict: .accept, reason: .exempt),
    AWSExample(
        testDescription: "B.7: port 67 alone is not DHCP", packet: packet(.udp, tcp(67)),
        verdict: .drop, reason: .implicitDeny),
]

@Suite("AWS's decisions, by example")
struct AWSExampleTests {
    @Test("come out as the documents say", arguments: examples)
    func decides(example: AWSExample) {
        var fleet = Fleet(vendor: .aws)
        fleet.vpcs = [VPC(id: "vpc-1", cidrBlocks: [CIDRBlock("10.0.0.0/16")!])]
        fleet.securityGroups = [
            SecurityGroup(
                id: "sg-a", vpc: "vpc-1", innerAccessPolicy: .drop, rules: example.rules)
        ]
        fleet.networkInterfaces = [(own, "eni-a"), (mate, "eni-b")].map { address, id in
            NetworkInterface(
                id: NetworkInterfaceID(id), vpc: "vpc-1", addresses: [CIDRBlock(address)],
                securityGroups: ["sg-a"])
        }
        let decision = ReferenceFilter(fleet)
            .decide(example.packet, at: fleet.networkInterfaces[0], example.direction)
        #expect(decision.verdict == example.verdict)
        #expect(decision.reason == example.reason)
        #expect(decision.rule == example.rule)
    }
}

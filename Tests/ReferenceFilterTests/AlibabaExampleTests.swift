import CloudModel
import ReferenceFilter
import Testing

/// One line of the table: rules of groups `sg-a` and `sg-b`, a packet, what must become of it.
struct AlibabaExample: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var rulesOfA: [SecurityGroupRule] = []
    var rulesOfB: [SecurityGroupRule] = []
    var change: @Sendable (inout Fleet) -> Void = { _ in }
    var direction = Direction.ingress
    let packet: Packet
    let verdict: Verdict
    let reason: Reason
    var rule: RuleID?
}

private let outside = IPAddress("203.0.113.5")!
private let own = IPAddress("10.0.1.10")!
private let mate = IPAddress("10.0.1.11")!

private func ssh(from peer: IPAddress = outside) -> Packet {
    Packet(
        source: peer, destination: own, ipProtocol: .tcp,
        transport: .ports(source: 40000, destination: 22, tcpFlags: nil))
}

private func web(to peer: IPAddress) -> Packet {
    Packet(
        source: own, destination: peer, ipProtocol: .tcp,
        transport: .ports(source: 40000, destination: 443, tcpFlags: nil))
}

private func ping(type: UInt8 = 8, code: UInt8 = 0) -> Packet {
    Packet(
        source: outside, destination: own, ipProtocol: .icmp,
        transport: .icmp(type: type, code: code))
}

private func rule(
    _ id: RuleID, _ policy: Policy = .accept, priority: UInt8 = 1,
    _ direction: Direction = .ingress, ipProtocol: ProtocolMatch = .only(.tcp),
    ports: PortRange? = PortRange(22, 22), from peer: Peer = .cidr(CIDRBlock("0.0.0.0/0")!)
) -> SecurityGroupRule {
    SecurityGroupRule(
        id: id, direction: direction, ipProtocol: ipProtocol,
        transport: ports.map { .destinationPorts($0) } ?? .any, peer: peer, policy: policy,
        priority: priority)
}

/// `eni-a` (10.0.1.10) is in sg-a and sg-b, `eni-b` (10.0.1.11) in sg-b only.
private func fleet(of example: AlibabaExample) -> Fleet {
    var fleet = Fleet(vendor: .alibaba)
    fleet.vpcs = [VPC(id: "vpc-1", cidrBlocks: [CIDRBlock("10.0.0.0/16")!])]
    fleet.prefixLists = [
        PrefixList(id: "pl-empty", addressFamily: .ipv4),
        PrefixList(
            id: "pl-office", addressFamily: .ipv4, entries: [CIDRBlock("203.0.113.0/24")!]),
    ]
    fleet.securityGroups = [
        SecurityGroup(
            id: "sg-a", vpc: "vpc-1", innerAccessPolicy: .drop, rules: example.rulesOfA),
        SecurityGroup(
            id: "sg-b", vpc: "vpc-1", innerAccessPolicy: .drop, rules: example.rulesOfB),
    ]
    fleet.networkInterfaces = [
        NetworkInterface(
            id: "eni-a", vpc: "vpc-1", addresses: [CIDRBlock(own)],
            securityGroups: ["sg-a", "sg-b"]),
        NetworkInterface(
            id: "eni-b", vpc: "vpc-1", addresses: [CIDRBlock(mate)], securityGroups: ["sg-b"]),
    ]
    example.change(&fleet)
    return fleet
}

private let examples: [AlibabaExample] = [
    AlibabaExample(
        testDescription: "A.4: a basic group drops what comes in",
        packet: ssh(), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.4: a basic group lets out",
        direction: .egress, packet: web(to: outside), verdict: .accept, reason: .default),
    AlibabaExample(
        testDescription: "A.9: an advanced group lets nothing out",
        change: { fleet in
            for place in fleet.securityGroups.indices {
                fleet.securityGroups[place].type = .enterprise
            }
        }, direction: .egress, packet: web(to: outside), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.4: the smaller priority wins over all groups",
        rulesOfA: [rule("sgr-1", .drop, priority: 2)], rulesOfB: [rule("sgr-2", priority: 1)],
        packet: ssh(), verdict: .accept, reason: .rule, rule: "sgr-2"),
    AlibabaExample(
        testDescription: "A.4: at equal priority drop wins over all groups",
        rulesOfA: [rule("sgr-1")], rulesOfB: [rule("sgr-2", .drop)],
        packet: ssh(), verdict: .drop, reason: .rule, rule: "sgr-2"),
    AlibabaExample(
        testDescription: "A.4: of equal rules the smallest id is named",
        rulesOfA: [rule("sgr-b")], rulesOfB: [rule("sgr-a")],
        packet: ssh(), verdict: .accept, reason: .rule, rule: "sgr-a"),
    AlibabaExample(
        testDescription: "A.3: TCP 1/65535 does not hold port 0, ALL does",
        rulesOfA: [
            rule("sgr-1", ports: PortRange(1, 65535)),
            rule("sgr-2", priority: 9, ipProtocol: .all, ports: nil),
        ],
        packet: Packet(
            source: outside, destination: own, ipProtocol: .tcp,
            transport: .ports(source: 1, destination: 0, tcpFlags: nil)),
        verdict: .accept, reason: .rule, rule: "sgr-2"),
    AlibabaExample(
        testDescription: "A.3: ALL holds protocols without a name",
        rulesOfA: [rule("sgr-1", ipProtocol: .all, ports: nil)],
        packet: Packet(
            source: outside, destination: own, ipProtocol: IPProtocol(rawValue: 253)),
        verdict: .accept, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "A.3: the local selector is the destination of an ingress rule",
        rulesOfA: [
            SecurityGroupRule(
                id: "sgr-1", direction: .ingress, peer: .cidr(CIDRBlock("0.0.0.0/0")!),
                localCIDR: CIDRBlock("10.0.1.11"))
        ], packet: ssh(), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.3: a quintuple rule asks for the source port",
        rulesOfA: [
            SecurityGroupRule(
                id: "sgr-1", direction: .ingress, ipProtocol: .only(.tcp),
                sourcePorts: PortRange(1024, 39999), peer: .cidr(CIDRBlock("0.0.0.0/0")!))
        ], packet: ssh(), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.5: intra-group accept beats a drop at priority 1",
        rulesOfA: [rule("sgr-1", .drop)],
        change: { $0.securityGroups[1].innerAccessPolicy = .accept },
        packet: ssh(from: mate), verdict: .accept, reason: .intraGroup),
    AlibabaExample(
        testDescription: "A.5: a group that only the peer is in opens nothing",
        change: { fleet in
            fleet.securityGroups[1].innerAccessPolicy = .accept
            fleet.networkInterfaces[0].securityGroups = ["sg-a"]
        }, packet: ssh(from: mate), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.5: intra-group accept does not skip egress rules by default",
        rulesOfA: [rule("sgr-1", .drop, .egress, ipProtocol: .all, ports: nil)],
        change: { $0.securityGroups[1].innerAccessPolicy = .accept },
        direction: .egress, packet: web(to: mate), verdict: .drop, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "A.5: … but does with the switch",
        rulesOfA: [rule("sgr-1", .drop, .egress, ipProtocol: .all, ports: nil)],
        change: { fleet in
            fleet.securityGroups[1].innerAccessPolicy = .accept
            fleet.switches.innerAcceptEgress = .bypass
        }, direction: .egress, packet: web(to: mate), verdict: .accept, reason: .intraGroup),
    AlibabaExample(
        testDescription: "A.7: a group as peer means its members' addresses",
        rulesOfA: [rule("sgr-1", from: .securityGroup(GroupReference("sg-b")))],
        packet: ssh(from: mate), verdict: .accept, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "A.7: a detached member still counts",
        rulesOfA: [rule("sgr-1", from: .securityGroup(GroupReference("sg-b")))],
        change: { $0.networkInterfaces[1].status = .available },
        packet: ssh(from: mate), verdict: .accept, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "A.10: an empty list matches nothing",
        rulesOfA: [rule("sgr-1", from: .prefixList("pl-empty"))],
        packet: ssh(), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.10: a list matches what its entries hold",
        rulesOfA: [rule("sgr-1", from: .prefixList("pl-office"))],
        packet: ssh(), verdict: .accept, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "A.11: the metadata server cannot be blocked",
        rulesOfA: [rule("sgr-1", .drop, .egress, ipProtocol: .all, ports: nil)],
        direction: .egress, packet: web(to: IPAddress("100.100.100.200")!), verdict: .accept,
        reason: .system),
    AlibabaExample(
        testDescription: "A.11: fragmentation-needed cannot be blocked",
        packet: ping(type: 3, code: 4), verdict: .accept, reason: .system),
    AlibabaExample(
        testDescription: "A.11: other unreachables can",
        packet: ping(type: 3, code: 3), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.11: probes are pings from the sources that the fleet names",
        change: { $0.platformProbes = [CIDRBlock("203.0.113.0/24")!] },
        packet: ping(), verdict: .accept, reason: .system),
    AlibabaExample(
        testDescription: "A.11: … not connections",
        change: { $0.platformProbes = [CIDRBlock("203.0.113.0/24")!] },
        packet: ssh(), verdict: .drop, reason: .default),
    AlibabaExample(
        testDescription: "A.11: a later fragment meets only rules without ports",
        rulesOfA: [rule("sgr-1")],
        packet: Packet(
            source: outside, destination: own, ipProtocol: .tcp,
            fragment: Fragment(identification: 1, offset: 1480, hasMore: false)),
        verdict: .drop, reason: .fragment),
    AlibabaExample(
        testDescription: "A.11: … and is accepted by those",
        rulesOfA: [rule("sgr-1", ports: nil)],
        packet: Packet(
            source: outside, destination: own, ipProtocol: .tcp,
            fragment: Fragment(identification: 1, offset: 1480, hasMore: false)),
        verdict: .accept, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "C.4: nothing passes an interface that is not attached",
        rulesOfA: [rule("sgr-1")], change: { $0.networkInterfaces[0].status = .available },
        packet: ssh(), verdict: .drop, reason: .interfaceNotAttached),
    AlibabaExample(
        testDescription: "C.4: one that is detaching keeps its rules",
        rulesOfA: [rule("sgr-1")], change: { $0.networkInterfaces[0].status = .detaching },
        packet: ssh(), verdict: .accept, reason: .rule, rule: "sgr-1"),
    AlibabaExample(
        testDescription: "A.4: without groups nobody is asked",
        change: { $0.networkInterfaces[0].securityGroups = [] },
        packet: ssh(), verdict: .none, reason: .noGroup),
]

@Suite("Alibaba Cloud's decisions, by example")
struct AlibabaExampleTests {
    @Test("come out as the documents say", arguments: examples)
    func decides(example: AlibabaExample) {
        let fleet = fleet(of: example)
        let decision = ReferenceFilter(fleet)
            .decide(example.packet, at: fleet.networkInterfaces[0], example.direction)
        #expect(decision.verdict == example.verdict)
        #expect(decision.reason == example.reason)
        #expect(decision.rule == example.rule)
    }
}

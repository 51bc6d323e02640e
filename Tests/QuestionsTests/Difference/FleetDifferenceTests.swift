import CloudModel
import Questions
import Testing

/// A rule of the test's groups.
private func rule(
    _ id: RuleID, _ peer: Peer, _ ipProtocol: ProtocolMatch = .all, ports: PortRange? = nil,
    policy: Policy = .accept, priority: UInt8 = 1
) -> SecurityGroupRule {
    SecurityGroupRule(
        id: id, direction: .ingress, ipProtocol: ipProtocol,
        transport: ports.map { .destinationPorts($0) } ?? .any, peer: peer, policy: policy,
        priority: priority)
}

private func cidr(_ text: String) throws -> CIDRBlock { try #require(CIDRBlock(text)) }

private func interface(
    _ id: NetworkInterfaceID, _ addresses: [String], in groups: [SecurityGroupID],
    vpc: VPCID = "vpc-1"
) throws -> NetworkInterface {
    NetworkInterface(
        id: id, vpc: vpc, addresses: try addresses.map(cidr), securityGroups: groups)
}

/// A group whose two members let the office in, and a database that lets the group in.
private func shop() throws -> Fleet {
    var fleet = Fleet(vendor: .alibaba)
    fleet.securityGroups = [
        SecurityGroup(
            id: "sg-web", innerAccessPolicy: .drop,
            rules: [
                rule(
                    "sgr-laptop", .cidr(try cidr("203.0.113.7")), .only(.tcp),
                    ports: PortRange(22, 22), policy: .drop),
                rule("sgr-office", .cidr(try cidr("203.0.113.0/29")), .only(.tcp), priority: 2),
            ]),
        SecurityGroup(
            id: "sg-db", innerAccessPolicy: .drop,
            rules: [
                rule(
                    "sgr-redis", .securityGroup(GroupReference("sg-web")), .only(.tcp),
                    ports: PortRange(6379, 6379))
            ]),
    ]
    fleet.networkInterfaces = [
        try interface("eni-web1", ["10.0.0.1"], in: ["sg-web"]),
        try interface("eni-web2", ["10.0.0.2"], in: ["sg-web"]),
        try interface("eni-db", ["10.0.0.9"], in: ["sg-db"]),
    ]
    return fleet
}

@Suite("Differences of two fleets")
struct FleetDifferenceTests {
    @Test("a revoked rule: what it let in, without what another rule drops anyway")
    func revoke() throws {
        let before = try shop()
        var after = before
        after.securityGroups[0].rules.removeLast()
        let changes = FleetDifference(from: before, to: after).changes
        try #require(changes.count == 2)
        #expect(changes.allSatisfy { $0.networkInterfaces == ["eni-web1", "eni-web2"] })
        #expect(changes.allSatisfy { $0.before.rule == "sgr-office" && $0.after.verdict == .drop })
        #expect(changes.map(\.trafficText) == ["tcp", "tcp, ports 0–21, 23–65535"])
        #expect(changes.map(\.sourceText) == ["203.0.113.0/29 but 203.0.113.7", "203.0.113.7"])
    }

    @Test("a member that leaves is no peer of other groups any more")
    func leave() throws {
        let before = try shop()
        var after = before
        after.networkInterfaces[1].securityGroups = []
        let changes = FleetDifference(from: before, to: after).changes
        let atDatabase = changes.filter { $0.networkInterfaces == ["eni-db"] }
        try #require(atDatabase.count == 1)
        #expect(atDatabase[0].sourceText == "10.0.0.2")
        #expect(atDatabase[0].trafficText == "tcp, port 6379")
        #expect(
            atDatabase[0].example.packet == (try Packet("tcp 10.0.0.2:40000 > 10.0.0.9:6379")))
        let left = changes.filter { $0.networkInterfaces == ["eni-web2"] }
        #expect(left.allSatisfy { $0.after.reason == .noGroup })
        #expect(changes.count == atDatabase.count + left.count)
    }

    @Test("an interface, or an address, that only one fleet has")
    func presence() throws {
        let before = try shop()
        var after = before
        after.networkInterfaces.removeLast()
        after.networkInterfaces[0].addresses.append(try cidr("10.0.0.5"))
        let changes = FleetDifference(from: before, to: after).changes
        let gone = changes.filter { $0.networkInterfaces == ["eni-db"] }
        #expect(gone.allSatisfy { $0.after.reason == .noInterface && $0.after.verdict == .none })
        #expect(Set(gone.map(\.before.verdict)) == [.accept, .drop])
        let new = changes.filter { $0.networkInterfaces == ["eni-web1"] }
        let added = IntervalSet([try cidr("10.0.0.5")], .ipv4)
        #expect(new.allSatisfy { $0.locals == added })
        #expect(new.allSatisfy { $0.before.reason == .noInterface })
        #expect(changes.count == gone.count + new.count)
    }

    @Test("a detached interface drops what it accepted, and what it dropped is no change")
    func detach() throws {
        let before = try shop()
        var after = before
        after.networkInterfaces[2].status = .available
        let changes = FleetDifference(from: before, to: after).changes
        #expect(changes.allSatisfy { $0.after.reason == .interfaceNotAttached })
        #expect(changes.allSatisfy { $0.before.verdict == .accept })
        #expect(Set(changes.map(\.before.reason)) == [.rule, .default, .system])
    }

    @Test("another rule for the same verdict is no change")
    func sameVerdict() throws {
        let before = try shop()
        var after = before
        after.securityGroups[1].rules[0].id = "sgr-other"
        after.securityGroups[1].rules[0].description = "another one"
        #expect(FleetDifference(from: before, to: after).isEqual)
    }

    @Test("interfaces of VPCs that overlap share no box that would say too much")
    func overlappingVPCs() throws {
        var before = Fleet(vendor: .alibaba)
        let anyone = Peer.cidr(try cidr("0.0.0.0/0"))
        var narrow = rule("sgr-narrow", anyone, .only(.tcp))
        narrow.localCIDR = try cidr("10.0.0.1")
        before.securityGroups = [
            SecurityGroup(id: "sg-all", innerAccessPolicy: .drop, rules: [rule("sgr-x", anyone)])
        ]
        before.securityGroups[0].rules = [narrow]
        // Both own both addresses; only the first one's group has a rule for 10.0.0.2 as well.
        var wide = SecurityGroup(id: "sg-wide", innerAccessPolicy: .drop)
        wide.rules = [rule("sgr-wide", anyone, .only(.udp))]
        before.securityGroups.append(wide)
        let addresses = ["10.0.0.1", "10.0.0.2"]
        before.networkInterfaces = [
            try interface("eni-1", addresses, in: ["sg-all"], vpc: "vpc-1"),
            try interface("eni-2", addresses, in: ["sg-all", "sg-wide"], vpc: "vpc-2"),
        ]
        var after = before
        after.securityGroups[0].rules = []
        try DifferenceJudge(before, after).judgeBoxes()
        let changes = FleetDifference(from: before, to: after).changes
        #expect(changes.map(\.networkInterfaces) == [["eni-1", "eni-2"]])
        #expect(changes.map(\.destinationText) == ["10.0.0.1"])
    }

    @Test("the text says verdicts, traffic and the rules to blame")
    func text() throws {
        let before = try shop()
        var after = before
        after.securityGroups[1].rules = []
        #expect(
            FleetDifference(from: before, to: after).lines(upTo: 20) == [
                "not equal: 1 set of packets changes verdict", "",
                "accept → drop  ingress at eni-db", "  traffic  tcp, port 6379",
                "  from     10.0.0.1, 10.0.0.2", "  to       10.0.0.9",
                "  before   accept: rule sgr-redis of group sg-db",
                "  after    drop: no rule matches, and nothing comes in by default",
                "  example  tcp 10.0.0.1:40000 > 10.0.0.9:6379",
            ])
        #expect(
            FleetDifference(from: before, to: before).lines(upTo: 20) == [
                "equal: no packet changes verdict"
            ])
    }

    @Test("ICMP types with the same codes are one range")
    func icmp() throws {
        var before = Fleet(vendor: .aws)
        let anyone = Peer.cidr(try cidr("0.0.0.0/0"))
        before.vpcs = [VPC(id: "vpc-1")]
        before.securityGroups = [
            SecurityGroup(
                id: "sg", innerAccessPolicy: .drop,
                rules: [
                    SecurityGroupRule(
                        id: "sgr-1", direction: .ingress, ipProtocol: .only(.icmp), peer: anyone)
                ])
        ]
        before.networkInterfaces = [try interface("eni", ["10.0.0.1"], in: ["sg"])]
        var after = before
        after.securityGroups[0].rules[0].transport = .icmp(type: 3, code: 4)
        let changes = FleetDifference(from: before, to: after).changes
        #expect(
            changes.map(\.trafficText) == [
                "icmp, type 0–2, type 3 code 0–3, type 3 code 5–255, type 4–255"
            ])
    }
}

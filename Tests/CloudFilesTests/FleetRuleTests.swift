import CloudModel
import Testing

@testable import CloudFiles

@Suite("Rules of fleets")
struct FleetRuleTests {
    @Test(
        "of Alibaba Cloud restrict ports as written",
        arguments: [
            ("", TransportMatch.any, PortRange?.none),
            (#""portRange": "-1/-1", "sourcePortRange": """#, .any, nil),
            (#""portRange": "0/65535", "sourcePortRange": "-1/-1""#, .any, nil),
            (#""portRange": "1/65535""#, .destinationPorts(PortRange(1, 65535)), nil),
            (
                #""portRange": "0/0", "sourcePortRange": "7/9""#,
                .destinationPorts(PortRange(0, 0)),
                PortRange(7, 9)
            ),
        ])
    func alibabaPorts(members: String, transport: TransportMatch, sourcePorts: PortRange?) throws {
        let rule = try onlyRule(.alibaba, ruleText(members))
        #expect(rule.transport == transport)
        #expect(rule.sourcePorts == sourcePorts)
    }

    @Test(
        "of AWS restrict ports and types as written",
        arguments: [
            ("tcp", "", TransportMatch.any), ("udp", #""fromPort": -1, "toPort": -1"#, .any),
            ("TCP", #""fromPort": 0, "toPort": 65535"#, .any),
            ("17", #""fromPort": 53, "toPort": 54"#, .destinationPorts(PortRange(53, 54))),
            ("icmp", "", .any), ("icmp", #""fromPort": -1, "toPort": -1"#, .any),
            ("1", #""fromPort": 8, "toPort": -1"#, .icmp(type: 8, code: nil)),
            ("icmp", #""fromPort": 3, "toPort": 4"#, .icmp(type: 3, code: 4)),
            ("-1", #""fromPort": 22, "toPort": 22"#, .any),
            ("all", "", .any), ("132", #""fromPort": 5, "toPort": 1"#, .any),
        ])
    func awsPorts(word: String, members: String, transport: TransportMatch) throws {
        #expect(try onlyRule(.aws, ruleText(members, protocol: word)).transport == transport)
    }

    @Test(
        "name protocols in any case, by number, as text or number",
        arguments: [
            ("\"tcp\"", ProtocolMatch.only(.tcp)), ("\"ICMPv6\"", .only(.icmpv6)),
            ("\"Gre\"", .only(.gre)), ("\"47\"", .only(.gre)),
            ("0", .only(IPProtocol(rawValue: 0))),
            ("255", .only(IPProtocol(rawValue: 255))), ("-1", .all), ("\"-1\"", .all),
            ("\"all\"", .all),
        ])
    func protocols(word: String, expected: ProtocolMatch) throws {
        let text =
            #"{"direction": "ingress", "protocol": \#(word), "peer": {"prefixList": "pl-6"}}"#
        #expect(try onlyRule(.alibaba, text).ipProtocol == expected)
    }

    @Test("keep host bits on Alibaba Cloud")
    func hostBits() throws {
        let rule = try onlyRule(.alibaba, ruleText("", peer: #"{"cidr": "10.159.6.18/12"}"#))
        guard case .cidr(let block) = rule.peer else { return }
        #expect(block.description == "10.159.6.18/12")
    }

    @Test("get ids that no other rule has")
    func generatedIDs() throws {
        let taken = RuleID(number: 2).text
        let json = fleetText(
            .aws, rules: ruleText("", protocol: "tcp"), ruleText("", protocol: "tcp"),
            ruleText(#""id": "\#(taken)""#, protocol: "tcp"))
        let fleet = try loadFleet(Array(json.utf8), file: "f").fleet
        #expect(
            fleet.securityGroups[0].rules.map(\.id.text) == [
                "sgr-00000000000000001", "sgr-00000000000000003", taken,
            ])
        #expect(fleet.nextRuleNumber == 4)
    }

    @Test(
        "that name groups out of sight match nothing, with one warning",
        arguments: [
            (#"{"securityGroup": "sg-z", "owner": "2"}"#, 1),
            (#"{"securityGroup": "sg-z", "owner": "2", "stale": true}"#, 1),
            (#"{"securityGroup": "sg-z", "stale": true}"#, 1),
            (#"{"securityGroup": "sg-a", "stale": true}"#, 1),
            (#"{"securityGroup": "sg-a", "owner": "1"}"#, 0),
        ])
    func warnings(peer: String, count: Int) throws {
        let rule = ruleText("", protocol: "tcp", peer: peer)
        let json = fleetText(
            .aws, #""account": "1""#, #""securityGroups": [{"id": "sg-a", "rules": [\#(rule)]}]"#)
        let loaded = try loadFleet(Array(json.utf8), file: "f")
        #expect(loaded.warnings.count == count)
        #expect(loaded.warnings.kept.allSatisfy { "\($0)".hasSuffix("the rule matches nothing") })
    }

    @Test("that name a group of the own account out of sight are refused")
    func ownAccount() {
        let rule = ruleText("", protocol: "tcp", peer: #"{"securityGroup": "sg-z", "owner": "1"}"#)
        let json = fleetText(
            .aws, #""account": "1""#, #""securityGroups": [{"id": "sg-a", "rules": [\#(rule)]}]"#)
        #expect(problems(json).count == 1)
    }

    private func onlyRule(_ vendor: Vendor, _ rule: String) throws -> SecurityGroupRule {
        let fleet = try loadFleet(Array(fleetText(vendor, rules: rule).utf8), file: "f").fleet
        return try #require(fleet.securityGroups.first?.rules.first)
    }
}

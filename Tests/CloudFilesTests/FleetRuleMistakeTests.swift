import CloudModel
import Testing

@testable import CloudFiles

/// A rule's text and the one problem that it must give: the key below the rule, and the message.
struct RuleMistake: Sendable, CustomTestStringConvertible {
    var rule: String
    var key: String
    var message: String

    init(_ rule: String, _ key: String, _ message: String) {
        self.rule = rule
        self.key = key
        self.message = message
    }

    var testDescription: String { rule }
}

@Suite("Mistakes in rules")
struct FleetRuleMistakeTests {
    @Test("are named on Alibaba Cloud", arguments: ofAnyVendor + ofAlibaba)
    func alibaba(mistake: RuleMistake) { expectOne(mistake, .alibaba) }

    @Test("are named on AWS", arguments: ofAnyVendor + ofAWS)
    func aws(mistake: RuleMistake) { expectOne(mistake, .aws) }

    private func expectOne(_ mistake: RuleMistake, _ vendor: Vendor) {
        let found = problems(fleetText(vendor, rules: mistake.rule)).map { problem in
            problem.drop { $0 != " " }.dropFirst()
        }
        let rule = "securityGroups[0].rules[0]"
        let path = mistake.key.isEmpty ? rule : "\(rule).\(mistake.key)"
        #expect(found == ["\(path): \(mistake.message)"])
    }

    private static let ofAnyVendor = [
        RuleMistake("7", "", "an object is needed, not a number"),
        RuleMistake(
            ruleText(#""prioritty": 1"#), "prioritty", "unknown key, did you mean `priority`"),
        RuleMistake(ruleText(#""zzz": {"a": [1]}"#), "zzz", "unknown key"),
        RuleMistake(ruleText(#""direction": "egress""#), "direction", "the key is given twice"),
        RuleMistake(
            ruleText(#""d\u0069rection": "egress""#), "direction", "the key is given twice"),
        RuleMistake(
            #"{"protocol": "TCP", "peer": {"cidr": "::/0"}}"#, "", "`direction` is missing"),
        RuleMistake(
            #"{"direction": "ingress", "peer": {"cidr": "::/0"}}"#, "", "`protocol` is missing"),
        RuleMistake(#"{"direction": "ingress", "protocol": "TCP"}"#, "", "`peer` is missing"),
        RuleMistake(
            #"{"direction": "in", "protocol": "TCP", "peer": {"cidr": "::/0"}}"#, "direction",
            "`in` is not one of `ingress`, `egress`"),
        RuleMistake(ruleText("", protocol: "tpc"), "protocol", "`tpc` is not a protocol"),
        RuleMistake(ruleText("", protocol: "256"), "protocol", "`256` is not a protocol"),
        RuleMistake(ruleText("", protocol: "06"), "protocol", "`06` is not a protocol"),
        RuleMistake(
            #"{"direction": "ingress", "protocol": 256, "peer": {"cidr": "::/0"}}"#, "protocol",
            "`256` is not a whole number from -1 to 255"),
        RuleMistake(
            ruleText(#""id": """#), "id",
            "`` is not an identifier (printable ascii without spaces)"),
        RuleMistake(
            ruleText(#""id": "sgr\n1""#), "id",
            #"`sgr\n1` is not an identifier (printable ascii without spaces)"#),
        RuleMistake(
            ruleText(#""description": 1"#), "description", "a string is needed, not a number"),
        RuleMistake(
            ruleText("", peer: #"{"cidr": "10.0.0.0/33"}"#), "peer.cidr",
            "`10.0.0.0/33` is not an address or a cidr block"),
        RuleMistake(
            ruleText("", peer: #"{"cidr": "010.0.0.0/8"}"#), "peer.cidr",
            "`010.0.0.0/8` is not an address or a cidr block"),
        RuleMistake(
            ruleText("", peer: "{}"), "peer",
            "exactly one of `cidr`, `securityGroup`, `prefixList` is needed"),
        RuleMistake(
            ruleText("", peer: #"{"cidr": "::/0", "prefixList": "pl-6"}"#), "peer",
            "exactly one of `cidr`, `securityGroup`, `prefixList` is needed"),
        RuleMistake(
            ruleText("", peer: #"{"cidr": "::/0", "stale": true}"#), "peer.stale",
            "`stale` goes with `securityGroup` only"),
        RuleMistake(
            ruleText("", peer: #"{"securityGroup": "sg-b"}"#), "peer.securityGroup",
            "no security group has the id `sg-b`"),
        RuleMistake(
            ruleText("", peer: #"{"prefixList": "pl-5"}"#), "peer.prefixList",
            "no prefix list has the id `pl-5`"),
    ]

    private static let ofAlibaba = [
        RuleMistake(
            ruleText(#""portRange": "200/1""#), "portRange",
            "the range `200/1` begins behind its end"),
        RuleMistake(
            ruleText(#""portRange": "ssh""#), "portRange",
            "`ssh` is not a port range such as `80/443`, or `-1/-1` for any"),
        RuleMistake(
            ruleText(#""portRange": "1/65536""#), "portRange",
            "`1/65536` is not a port range such as `80/443`, or `-1/-1` for any"),
        RuleMistake(
            ruleText(#""portRange": "-1/5""#), "portRange",
            "`-1/5` is not a port range such as `80/443`, or `-1/-1` for any"),
        RuleMistake(
            ruleText(#""portRange": """#), "portRange",
            "`` is not a port range such as `80/443`, or `-1/-1` for any"),
        RuleMistake(ruleText(#""portRange": 80"#), "portRange", "a string is needed, not a number"),
        RuleMistake(
            ruleText(#""portRange": "80/80""#, protocol: "all"), "portRange",
            "protocol `all` has no ports: only tcp and udp rules can restrict them"),
        RuleMistake(
            ruleText(#""portRange": "80/80""#, protocol: "132"), "portRange",
            "protocol `132` has no ports: only tcp and udp rules can restrict them"),
        RuleMistake(
            ruleText(#""sourcePortRange": "80/80""#, protocol: "ICMP"), "sourcePortRange",
            "protocol `icmp` has no ports: only tcp and udp rules can restrict them"),
        RuleMistake(
            ruleText(#""portList": "prl-1""#, protocol: "GRE"), "portList",
            "protocol `gre` has no ports: only tcp and udp rules can restrict them"),
        RuleMistake(
            ruleText(#""portList": "prl-1""#), "portList", "no port list has the id `prl-1`"),
        RuleMistake(
            ruleText(#""portList": "prl-1", "portRange": "1/2""#), "portList",
            "`portList` and a port range exclude one another"),
        RuleMistake(
            ruleText(#""priority": 0"#), "priority", "`0` is not a whole number from 1 to 110"),
        RuleMistake(
            ruleText(#""priority": 111"#), "priority", "`111` is not a whole number from 1 to 110"),
        RuleMistake(
            ruleText(#""priority": 1.5"#), "priority", "`1.5` is not a whole number from 1 to 110"),
        RuleMistake(ruleText(#""priority": "1""#), "priority", "a number is needed, not a string"),
        RuleMistake(
            ruleText(#""policy": "deny""#), "policy", "`deny` is not one of `accept`, `drop`"),
        RuleMistake(
            ruleText(#""nicType": "lan""#), "nicType", "`lan` is not one of `internet`, `intranet`"),
        RuleMistake(
            ruleText(#""fromPort": 80"#), "fromPort", "not a field of Alibaba Cloud rules"),
        RuleMistake(
            ruleText(#""localCidr": "::1""#), "peer.cidr",
            "the peer is IPv4 and `localCidr` is IPv6"),
        RuleMistake(
            ruleText(#""localCidr": "::1""#, peer: #"{"prefixList": "pl-4"}"#), "peer.prefixList",
            "the peer is IPv4 and `localCidr` is IPv6"),
        RuleMistake(
            ruleText("", protocol: "ICMP", peer: #"{"cidr": "::/0"}"#), "peer.cidr",
            "protocol `icmp` and IPv6 addresses never meet in one packet"),
        RuleMistake(
            ruleText("", protocol: "58"), "peer.cidr",
            "protocol `icmpv6` and IPv4 addresses never meet in one packet"),
        RuleMistake(
            ruleText("", protocol: "ICMPv6", peer: #"{"prefixList": "pl-4"}"#), "peer.prefixList",
            "protocol `icmpv6` and IPv4 addresses never meet in one packet"),
        RuleMistake(
            ruleText(#""localCidr": "::/0""#, protocol: "ICMP"), "localCidr",
            "protocol `icmp` and IPv6 addresses never meet in one packet"),
        RuleMistake(
            ruleText("", peer: #"{"securityGroup": "sg-a"}"#), "peer.securityGroup",
            "a rule cannot name its own security group as peer"),
    ]

    private static let ofAWS = [
        RuleMistake(ruleText(#""policy": "accept""#), "policy", "not a field of AWS rules"),
        RuleMistake(ruleText(#""priority": 1"#), "priority", "not a field of AWS rules"),
        RuleMistake(ruleText(#""portRange": "1/2""#), "portRange", "not a field of AWS rules"),
        RuleMistake(
            ruleText(#""localCidr": "10.0.0.1""#), "localCidr", "not a field of AWS rules"),
        RuleMistake(ruleText("", protocol: "gre"), "protocol", "`gre` is not a protocol"),
        RuleMistake(
            ruleText(#""fromPort": 80"#), "fromPort",
            "`fromPort` and `toPort` must both be given, or both be -1"),
        RuleMistake(
            ruleText(#""fromPort": -1, "toPort": 80"#), "fromPort",
            "`fromPort` and `toPort` must both be given, or both be -1"),
        RuleMistake(
            ruleText(#""fromPort": 81, "toPort": 80"#), "toPort",
            "the range `81/80` begins behind its end"),
        RuleMistake(
            ruleText(#""fromPort": 0, "toPort": 65536"#), "toPort",
            "`65536` is not a whole number from -1 to 65535"),
        RuleMistake(
            ruleText(#""fromPort": -1, "toPort": 0"#, protocol: "icmp"), "toPort",
            "an icmp code needs an icmp type: `fromPort` is -1"),
        RuleMistake(
            ruleText(#""fromPort": 256, "toPort": -1"#, protocol: "icmpv6"), "fromPort",
            "`256` is not a whole number from -1 to 255"),
    ]
}

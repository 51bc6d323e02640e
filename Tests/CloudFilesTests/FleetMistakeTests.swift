import CloudModel
import Testing

@testable import CloudFiles

/// A fleet's text and the problems that it must give, line and column in front.
struct FleetMistake: Sendable, CustomTestStringConvertible {
    var json: String
    var expected: [String]

    init(_ json: String, _ expected: String...) {
        self.json = json
        self.expected = expected
    }

    /// An Alibaba Cloud fleet with one VPC whose member lines begin on line 2.
    init(lines: String, _ expected: String...) {
        let vpcs = #""vpcs": [{"id": "vpc-1"}, {"id": "vpc-2"}]"#
        self.json = fleetText(.alibaba, vpcs + ",\n" + lines)
        self.expected = expected
    }

    var testDescription: String { expected.first ?? json }
}

@Suite("Mistakes in fleets")
struct FleetMistakeTests {
    @Test("are named with line, column and key path", arguments: documents + lists + references)
    func named(mistake: FleetMistake) { #expect(problems(mistake.json) == mistake.expected) }

    @Test("are all found in one reading, in the order of the file")
    func allFound() {
        let json = """
            {"format": "sluice-fleet/1", "vendor": "alibaba", "region": 5,
             "securityGroups": [
              {"id": "sg-a", "vpc": "vpc-9", "rules": [
                {"direction": "ingress", "protocol": "TCP", "prioritty": 1,
                 "peer": {"securityGroup": "sg-z"}},
                {"direction": "ingress", "protocol": "TCP", "peer": {"securityGroup": "sg-z"}}]}],
             "quotas": {"groupsPerInterface": -1}]
            """
        #expect(
            problems(json) == [
                "1:61: region: a string is needed, not a number",
                "4:49: securityGroups[0].rules[0].prioritty: unknown key, did you mean `priority`",
                "7:35: quotas.groupsPerInterface: `-1` is not a whole number from 0 on",
                "7:38: quotas: `]` where `,` or `}` should be",
            ])
        #expect(
            problems(json.dropLast() + "}") == [
                "1:61: region: a string is needed, not a number",
                "3:25: securityGroups[0].vpc: no vpc has the id `vpc-9`",
                "4:49: securityGroups[0].rules[0].prioritty: unknown key, did you mean `priority`",
                "5:32: securityGroups[0].rules[0].peer.securityGroup: "
                    + "no security group has the id `sg-z`",
                "6:75: securityGroups[0].rules[1].peer.securityGroup: "
                    + "no security group has the id `sg-z`",
                "7:35: quotas.groupsPerInterface: `-1` is not a whole number from 0 on",
            ])
    }

    @Test("are counted where there are many")
    func counted() {
        let rules = (0..<FileProblems.keptLimit + 50).map { _ in ruleText(#""priority": 0"#) }
            .joined(separator: ",")
        let group = #""securityGroups": [{"id": "sg-a", "rules": [\#(rules)]}]"#
        let found = problems(fleetText(.alibaba, group))
        #expect(found.count == FileProblems.keptLimit + 1)
        #expect(found.last?.hasSuffix("50 more not shown") == true)
    }

    @Test("of a file that cannot be read")
    func unreadable() {
        #expect(throws: FleetFileError.unreadable(UnreadableFile(path: "/no/such", errorNumber: 2)))
        {
            try loadFleet(path: "/no/such")
        }
        #expect(
            UnreadableFile(path: "/no/such", errorNumber: 2).description
                == "cannot read `/no/such`: no such file or directory")
    }

    private static let documents = [
        FleetMistake("", "1:1: the text ends where a value should be"),
        FleetMistake("[]", "1:1: an object is needed, not an array"),
        FleetMistake("{}", "1:1: format: not a fleet: `format` must be `sluice-fleet/1`"),
        FleetMistake(
            #"{"format": "sluice-fleet/2", "x": 1}"#,
            "1:12: format: not a fleet: `format` must be `sluice-fleet/1`"),
        FleetMistake(#"{"format": "sluice-fleet/1"}"#, "1:1: `vendor` is missing"),
        FleetMistake(
            #"{"vendor": "azure", "format": "sluice-fleet/1"}"#,
            "1:12: vendor: `azure` is not one of `alibaba`, `aws`"),
        FleetMistake(
            fleetText(.aws) + "\n}", "2:1: more text follows the end of the document"),
        FleetMistake(
            fleetText(.aws, #""vendor": "aws""#), "1:47: vendor: the key is given twice"),
        FleetMistake(
            fleetText(.aws, #""x": {"a": 1, "a": {"b": 2, "b": 3}}"#),
            "1:47: x: unknown key", "1:61: x.a: the key is given twice",
            "1:75: x.a.b: the key is given twice"),
        FleetMistake(
            fleetText(.aws, "\n" + #""vpcs": null"#), "2:9: vpcs: an array is needed, not null"),
        FleetMistake(
            fleetText(.aws, #""switches": {"fragments": "no", "aws.x": 1}"#),
            "1:73: switches.fragments: `no` is not one of `first-fragment-decides`, "
                + "`no-port-match`, `drop`",
            #"1:79: switches["aws.x"]: unknown key"#),
        FleetMistake(
            fleetText(.aws, #""faults": {"Op": [{"code": "X"}], "Op": []}"#),
            "1:65: faults.Op[0]: `httpStatus` is missing",
            "1:81: faults.Op: the key is given twice"),
        FleetMistake(
            fleetText(.aws, #""nextRuleNumber": 0"#),
            "1:65: nextRuleNumber: `0` is not a whole number from 1 to 1152921504606846976"),
    ]

    private static let lists = [
        FleetMistake(
            lines: #""prefixLists": [{"id": "pl-1"}]"#,
            "2:17: prefixLists[0]: `addressFamily` is missing"),
        FleetMistake(
            lines: """
                "prefixLists": [{"id": "pl-1", "addressFamily": "IPv4", "maxEntries": 4,
                 "entries": ["10.0.0.0/8", "10.0.0.1/8", "::/0", "10.0.0.1", "10.0.0.1/32"]}]
                """,
            "3:13: prefixLists[0].entries: there are more entries than `maxEntries`, 4",
            "3:28: prefixLists[0].entries[1]: `10.0.0.1/8` has bits set behind its prefix: the "
                + "block is `10.0.0.0/8`",
            "3:28: prefixLists[0].entries[1]: `10.0.0.0/8` is listed twice",
            "3:42: prefixLists[0].entries[2]: the entry is not IPv4",
            "3:62: prefixLists[0].entries[4]: `10.0.0.1` is listed twice"),
        FleetMistake(
            lines: #""portLists": [{"id": "prl-1", "ranges": ["80/80", "-1/-1"]}]"#,
            "2:51: portLists[0].ranges[1]: `-1/-1` is not a port range such as `80/443`"),
        FleetMistake(
            lines: #""vpcs ": 1"#, "2:1: [\"vpcs \"]: unknown key, did you mean `vpcs`"),
        FleetMistake(
            fleetText(.alibaba, #""vpcs": [{"id": "v"}, {"id": "v"}]"#),
            "1:80: vpcs[1].id: another vpc has the id `v`"),
        FleetMistake(
            lines: #""instances": [{"id": "i"}, {"id": "i"}]"#,
            "2:35: instances[1].id: another instance has the id `i`"),
        FleetMistake(
            lines: #""networkInterfaces": [{"id": "e"}, {"id": "e"}, {}]"#,
            "2:43: networkInterfaces[1].id: another network interface has the id `e`",
            "2:49: networkInterfaces[2]: `id` is missing"),
        FleetMistake(
            lines: #""securityGroups": [{"id": "g"}, {"id": "g"}]"#,
            "2:40: securityGroups[1].id: another security group has the id `g`"),
        FleetMistake(
            lines: #""prefixLists": [{"id": "p", "addressFamily": "IPv4"}, "#
                + #"{"id": "p", "addressFamily": "IPv4"}]"#,
            "2:62: prefixLists[1].id: another prefix list has the id `p`"),
        FleetMistake(
            lines: """
                "securityGroups": [{"id": "g", "rules": [\(ruleText(#""id": "r""#))]},
                 {"id": "h", "rules": [\(ruleText(#""id": "r""#))]}]
                """,
            "3:105: securityGroups[1].rules[0].id: another rule has the id `r`"),
    ]

    private static let references = [
        FleetMistake(
            lines: """
                "securityGroups": [{"id": "n", "vpc": "vpc-1"}, {"id": "v", "vpc": "vpc-2"},
                 {"id": "e", "vpc": "vpc-1", "type": "enterprise"}],
                "networkInterfaces": [{"id": "eni-a", "vpc": "vpc-1", "instance": "i-1",
                 "mac": "00:00", "securityGroups": ["n", "e", "v", "x", "n"]}]
                """,
            "4:67: networkInterfaces[0].instance: no instance has the id `i-1`",
            "5:9: networkInterfaces[0].mac: `00:00` is not a mac address",
            "5:42: networkInterfaces[0].securityGroups[1]: the interface is in normal and "
                + "enterprise security groups",
            "5:47: networkInterfaces[0].securityGroups[2]: security group `v` belongs to another "
                + "vpc than the interface",
            "5:52: networkInterfaces[0].securityGroups[3]: no security group has the id `x`",
            "5:57: networkInterfaces[0].securityGroups[4]: `n` is listed twice"),
        FleetMistake(
            lines: """
                "securityGroups": [{"id": "n", "rules": [
                  \(ruleText("", peer: #"{"securityGroup": "e"}"#))]},
                 {"id": "e", "type": "enterprise", "innerAccessPolicy": "accept", "rules": [
                  \(ruleText("", peer: #"{"securityGroup": "n"}"#))]}]
                """,
            "3:73: securityGroups[0].rules[0].peer.securityGroup: enterprise security group `e` "
                + "cannot be a peer",
            "4:57: securityGroups[1].innerAccessPolicy: an enterprise security group is never open "
                + "inside: only `Drop` is possible",
            "5:73: securityGroups[1].rules[0].peer.securityGroup: rules of an enterprise security "
                + "group cannot name a security group as peer"),
        FleetMistake(
            fleetText(
                .aws,
                #""securityGroups": [{"id": "g", "innerAccessPolicy": "Drop", "type": "enterprise"}]"#
            ),
            "1:78: securityGroups[0].innerAccessPolicy: not a field of AWS security groups",
            "1:115: securityGroups[0].type: AWS security groups are all `normal`"),
        FleetMistake(
            lines: """
                "networkInterfaces": [
                 {"id": "a", "vpc": "vpc-1", "addresses": ["10.0.0.1", "10.0.1.0/28", "2001:db8::1"]},
                 {"id": "b", "vpc": "vpc-1", "addresses": ["10.0.1.15", "10.0.0.1", "10.0.1.16"]},
                 {"id": "c", "vpc": "vpc-2", "addresses": ["10.0.0.1", "10.0.0.1"]},
                 {"id": "d", "addresses": ["10.0.0.1"]}, {"id": "e", "addresses": ["10.0.0.1/24"]}]
                """,
            "4:44: networkInterfaces[1].addresses[0]: `10.0.1.15` overlaps an address of network "
                + "interface `a`",
            "4:57: networkInterfaces[1].addresses[1]: `10.0.0.1` overlaps an address of network "
                + "interface `a`",
            "5:56: networkInterfaces[2].addresses[1]: `10.0.0.1` overlaps an address of network "
                + "interface `c`",
            "6:68: networkInterfaces[4].addresses[0]: `10.0.0.1/24` has bits set behind its "
                + "prefix: the block is `10.0.0.0/24`"),
    ]
}

import CloudModel
import ControlPlane
import Testing

@Suite("What calls change on AWS")
struct AWSEffectTests {
    private let ssh: ParameterValue = [
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
        "IpRanges": [["CidrIp": "203.0.113.0/24"], ["CidrIp": "198.51.100.0/24"]],
    ]

    @Test("a permission that fits nothing fails the call outside a default VPC")
    func allOrNothing() {
        #expect(
            outcome(
                in: awsWorld(), "RevokeSecurityGroupIngress",
                ["GroupId": "sg-00000001", "IpPermissions": [ssh]])
                == "400 InvalidPermission.NotFound")
    }

    @Test("in a default VPC what fits is revoked, the rest returned")
    func defaultVPC() {
        let results = outcomes(
            in: awsWorld(),
            [("RevokeSecurityGroupIngress", ["GroupName": "web", "IpPermissions": [ssh]])])
        let success = results[0].success
        #expect(success?.changes.count == 1)
        #expect(
            success?.returned["unknownPermissions"] == [
                [
                    "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
                    "IpRanges": [["CidrIp": "198.51.100.0/24"]],
                ]
            ])
    }

    @Test("a revoke returns the rules")
    func revokedRules() {
        let results = outcomes(
            in: awsWorld(), [("RevokeSecurityGroupIngress", RefusalTable.awsRevokeFlat.base)])
        #expect(
            results[0].success?.returned["revokedRules"] == [
                [
                    "securityGroupRuleId": "sgr-11", "groupId": "sg-00000001", "isEgress": false,
                    "ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
                    "cidrIpv4": "203.0.113.0/24",
                ]
            ])
    }

    @Test("a group named by the flat form means all its TCP, UDP and ICMP")
    func flatGroup() {
        let request: Request = ["GroupId": "sg-00000001", "SourceSecurityGroupName": "db"]
        let results = outcomes(
            in: awsWorld(),
            [("RevokeSecurityGroupIngress", request), ("RevokeSecurityGroupIngress", request)])
        #expect(results[0].success?.changes.count == 1)
        #expect(results[1].summary == "400 InvalidPermission.NotFound")
    }

    static let revocations: [(String, Request)] = [
        (
            "sgr-12",
            [
                "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1,
                "IpRanges": [["CidrIp": "0.0.0.0/0"]],
            ]
        ),
        (
            "sgr-13",
            [
                "IpProtocol": "TCP", "FromPort": 0, "ToPort": 65535,
                "Groups": [["GroupId": "sg-00000002", "UserId": "1"]],
            ]
        ),
    ]

    @Test("ports, types and owners are spelled in several ways", arguments: revocations.indices)
    func spellings(index: Int) {
        let (id, permission) = AWSEffectTests.revocations[index]
        let request: Request = [
            "GroupId": "sg-00000001", "IpPermissions": [.object(permission)],
        ]
        let success = outcomes(in: awsWorld(), [("RevokeSecurityGroupIngress", request)])[0].success
        guard case .ruleRemoved(let rule, _)? = success?.changes.first else {
            Issue.record("nothing revoked")
            return
        }
        #expect(rule.id.text == id)
    }

    @Test("outbound rules have a call of their own, without flat parameters")
    func egress() {
        let everything: ParameterValue = [
            "IpProtocol": "-1", "FromPort": 7, "IpRanges": [["CidrIp": "0.0.0.0/0"]],
        ]
        let request: Request = ["GroupId": "sg-00000001", "IpPermissions": [everything]]
        let results = outcomes(
            in: awsWorld(),
            [
                ("RevokeSecurityGroupEgress", request),
                ("RevokeSecurityGroupEgress", ["GroupName": "web", "IpPermissions": [everything]]),
                ("AuthorizeSecurityGroupEgress", request),
                ("AuthorizeSecurityGroupEgress", request),
            ])
        #expect(
            results.map(\.summary)
                == ["ok", "400 UnknownParameter", "ok", "400 InvalidPermission.Duplicate"])
    }

    static let authorizations: [(String, Request)] = [
        ("ok", ["IpRanges": [["CidrIp": "10.0.0.0/8"]]]),
        (
            "400 InvalidPermission.Duplicate",
            ["IpRanges": [["CidrIp": "10.0.0.0/8"], ["CidrIp": "203.0.113.9/24"]]]
        ),
        ("400 InvalidGroup.NotFound", ["UserIdGroupPairs": [["GroupId": "sg-0000000d"]]]),
        ("ok", ["UserIdGroupPairs": [["GroupId": "sg-0000000e", "UserId": "2"]]]),
        ("ok", ["UserIdGroupPairs": [["GroupId": "sg-00000001"]]]),
        ("400 InvalidGroupId.Malformed", ["UserIdGroupPairs": [["GroupId": "sg-e"]]]),
        ("ok", ["PrefixListIds": [["PrefixListId": "pl-4"]]]),
        ("400 InvalidPrefixListID.NotFound", ["PrefixListIds": [["PrefixListId": "pl-5"]]]),
        (
            "400 RulesPerSecurityGroupLimitExceeded",
            ["IpRanges": .array((1...58).map { ["CidrIp": .string("10.0.0.\($0)/32")] })]
        ),
        (
            "ok", ["Ipv6Ranges": .array((1...59).map { ["CidrIpv6": .string("fd::\($0)/128")] })]
        ),
    ]

    @Test("an authorize adds a rule for each peer, or none", arguments: authorizations.indices)
    func authorize(index: Int) {
        let (expected, peers) = AWSEffectTests.authorizations[index]
        let permission: Request = ["IpProtocol": "tcp", "FromPort": 22, "ToPort": 22]
        let request: Request = [
            "GroupId": "sg-00000001", "IpPermissions": [.object(permission.merging(peers) { $1 })],
        ]
        #expect(outcome(in: awsWorld(), "AuthorizeSecurityGroupIngress", request) == expected)
    }

    static let modifications: [(String, Request)] = [
        ("ok", ["IpProtocol": "tcp", "FromPort": 23, "ToPort": 23, "CidrIpv4": "10.0.0.0/8"]),
        ("ok", ["IpProtocol": "-1", "ReferencedGroupId": "sg-00000002"]),
        ("400 InvalidParameterValue", ["IpProtocol": "-1", "CidrIpv6": "::/0"]),
        ("400 MissingParameter", ["IpProtocol": "-1"]),
        (
            "400 InvalidParameterCombination",
            ["IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8", "PrefixListId": "pl-4"]
        ),
        (
            "400 InvalidPermission.Duplicate",
            ["IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"]
        ),
    ]

    @Test("rules are modified in place", arguments: modifications.indices)
    func modify(index: Int) {
        let (expected, rule) = AWSEffectTests.modifications[index]
        let request: Request = [
            "GroupId": "sg-00000001",
            "SecurityGroupRules": [
                ["SecurityGroupRuleId": "sgr-11", "SecurityGroupRule": .object(rule)]
            ],
        ]
        #expect(outcome(in: awsWorld(), "ModifySecurityGroupRules", request) == expected)
    }

    static let lists: [(String, Request)] = [
        ("ok", ["CurrentVersion": 7, "AddEntries": [["Cidr": "10.2.0.0/16"]]]),
        ("ok", ["MaxEntries": 9]),
        (
            "400 PrefixListVersionMismatch",
            ["CurrentVersion": 6, "AddEntries": [["Cidr": "10.2.0.0/16"]]]
        ),
        (
            "400 InvalidParameterValue",
            ["CurrentVersion": 7, "AddEntries": [["Cidr": "::/0"]]]
        ),
        ("ok", ["AddEntries": [["Cidr": "10.2.0.0/16"]]]),
        (
            "400 InvalidParameterCombination",
            ["CurrentVersion": 7, "MaxEntries": 9, "AddEntries": [["Cidr": "10.2.0.0/16"]]]
        ),
        (
            "400 PrefixListMaxEntriesExceeded",
            [
                "CurrentVersion": 7,
                "AddEntries": [
                    ["Cidr": "10.2.0.0/16"], ["Cidr": "10.3.0.0/16"], ["Cidr": "10.4.0.0/16"],
                ],
            ]
        ),
        (
            "400 InvalidPrefixListModification",
            ["CurrentVersion": 7, "RemoveEntries": [["Cidr": "10.9.0.0/16"]]]
        ),
    ]

    @Test("a prefix list has versions", arguments: lists.indices)
    func prefixList(index: Int) {
        let (expected, difference) = AWSEffectTests.lists[index]
        let request = difference.merging(["PrefixListId": "pl-4"]) { $1 }
        #expect(outcome(in: awsWorld(), "ModifyManagedPrefixList", request) == expected)
    }

    @Test("a new version follows the old one")
    func nextVersion() {
        let request: Request = [
            "PrefixListId": "pl-4", "CurrentVersion": 7, "AddEntries": [["Cidr": "10.2.0.0/16"]],
        ]
        let results = outcomes(
            in: awsWorld(),
            [("ModifyManagedPrefixList", request), ("ModifyManagedPrefixList", request)])
        #expect(
            results[0].success?.changes.last
                == .prefixListRevised("pl-4", maxEntries: 3, version: 8))
        #expect(results[1].summary == "400 PrefixListVersionMismatch")
    }

    @Test("a new group lets everything out; a used one stays")
    func groups() {
        let results = outcomes(
            in: awsWorld(),
            [
                ("CreateSecurityGroup", ["GroupName": "new", "GroupDescription": "d"]),
                ("CreateSecurityGroup", ["GroupName": "web", "GroupDescription": "d"]),
                ("DeleteSecurityGroup", ["GroupName": "new"]),
                ("DeleteSecurityGroup", ["GroupId": "sg-00000002"]),
                ("DeleteSecurityGroup", ["GroupId": "sg-0000000d"]),
            ])
        #expect(
            results.map(\.summary) == [
                "ok", "400 InvalidGroup.Duplicate", "ok", "400 DependencyViolation", "ok",
            ])
        guard case .groupAdded(let group)? = results[0].success?.changes.first else {
            Issue.record("\(results[0])")
            return
        }
        #expect(group.vpc == "vpc-d")
        #expect(group.rules.map(\.direction) == [.egress])
    }

    static let interfaces: [(String, String, Request)] = [
        (
            "ok", "ModifyNetworkInterfaceAttribute",
            ["NetworkInterfaceId": "eni-a", "SecurityGroupId": ["sg-00000002"]]
        ),
        (
            "400 InvalidGroup.NotFound", "ModifyNetworkInterfaceAttribute",
            ["NetworkInterfaceId": "eni-a", "Groups": ["sg-0000000d"]]
        ),
        (
            "400 InvalidNetworkInterfaceID.NotFound", "ModifyNetworkInterfaceAttribute",
            ["NetworkInterfaceId": "eni-x", "Groups": ["sg-00000002"]]
        ),
        (
            "400 InvalidInstanceID", "ModifyInstanceAttribute",
            ["InstanceId": "i-a", "Groups": ["sg-00000002"]]
        ),
        (
            "ok", "ModifyInstanceAttribute", ["InstanceId": "i-b", "GroupId": ["sg-00000001"]]
        ),
        (
            "400 InvalidInstanceID.NotFound", "ModifyInstanceAttribute",
            ["InstanceId": "i-x", "GroupId": ["sg-00000001"]]
        ),
    ]

    @Test("an interface's groups are replaced", arguments: interfaces.indices)
    func replace(index: Int) {
        let (expected, operation, request) = AWSEffectTests.interfaces[index]
        #expect(outcome(in: awsWorld(), operation, request) == expected)
    }

    @Test("an interface can be in so many groups")
    func groupQuota() {
        var fleet = awsWorld()
        fleet.quotas.groupsPerInterface = 1
        let request: Request = [
            "NetworkInterfaceId": "eni-a", "Groups": ["sg-00000001", "sg-00000002"],
        ]
        #expect(
            outcome(in: fleet, "ModifyNetworkInterfaceAttribute", request)
                == "400 SecurityGroupsPerInterfaceLimitExceeded")
    }
}

import CloudModel
import ControlPlane
import Testing

@Suite("What calls change on Alibaba Cloud: rules and groups")
struct AlibabaRuleTests {
    private func changes(
        _ operation: String, _ parameters: Request, in fleet: Fleet = alibabaWorld()
    ) -> [FleetChange]? {
        outcomes(in: fleet, [(operation, parameters)])[0].success?.changes
    }

    private func rule(_ id: RuleID) -> SecurityGroupRule {
        alibabaWorld().securityGroups[0].rules.first { $0.id == id }!
    }

    @Test("an instance means its primary interface")
    func leaveAndJoin() {
        #expect(
            changes("LeaveSecurityGroup", RefusalTable.leaveInstance.base) == [
                .securityGroupsReplaced(of: "eni-a", from: ["sg-a", "sg-b"], to: ["sg-a"])
            ])
        #expect(
            changes("JoinSecurityGroup", RefusalTable.joinInterface.base) == [
                .securityGroupsReplaced(
                    of: "eni-s", from: ["sg-a", "sg-b"], to: ["sg-a", "sg-b", "sg-d"])
            ])
    }

    @Test("leaving what was joined restores the fleet")
    func joinThenLeave() {
        var cloud = ControlPlane(alibabaWorld())
        _ = cloud.perform(OperationRequest("JoinSecurityGroup", RefusalTable.joinInstance.base))
        _ = cloud.perform(OperationRequest("LeaveSecurityGroup", RefusalTable.joinInstance.base))
        #expect(cloud.fleet == alibabaWorld())
    }

    @Test("a revoke deletes what its key says, whatever the spelling")
    func revoke() {
        let spellings: [Request] = [
            ["IpProtocol": "tcp", "PortRange": "22/22", "SourceCidrIp": "203.0.113.77/24"],
            ["IpProtocol": "6", "PortRange": "22/22", "SourceCidrIp": "203.0.113.0/24"],
            [
                "IpProtocol": "TCP", "PortRange": "22/22", "SourceCidrIp": "203.0.113.0/24",
                "SourcePortRange": "-1/-1", "Policy": "Accept", "Priority": "1",
                "NicType": "intranet", "Description": "another",
                "SourceGroupId": "sg-none", "PortRangeListId": "prl-none",
            ],
        ]
        for spelling in spellings {
            let request: Request = [
                "RegionId": "cn-hangzhou", "SecurityGroupId": "sg-a",
                "Permissions": [.object(spelling)],
            ]
            #expect(
                changes("RevokeSecurityGroup", request)
                    == [.ruleRemoved(rule("sgr-1"), from: "sg-a")])
        }
    }

    @Test("a group's id is enough to find it, whatever the region")
    func revokeWithoutRegion() {
        #expect(
            changes(
                "RevokeSecurityGroup",
                ["SecurityGroupId": "sg-a", "SecurityGroupRuleId": ["sgr-1"]])
                == [.ruleRemoved(rule("sgr-1"), from: "sg-a")])
    }

    @Test("a revoke that fits nothing succeeds with a warning")
    func revokeNothing() {
        let fleet = alibabaWorld()
        let request = RefusalTable.revokeFlat.base.merging(["Priority": 2]) { $1 }
        let success = outcomes(in: fleet, [("RevokeSecurityGroup", request)])[0].success
        #expect(success?.changes == [])
        #expect(success?.warnings.count == 1)
    }

    @Test("the switch `alibaba.revokePriority` leaves the priority out of the key")
    func revokeWithAnyPriority() {
        var fleet = alibabaWorld()
        fleet.switches.revokePriority = .ignore
        let request: Request = [
            "RegionId": "cn-hangzhou", "SecurityGroupId": "sg-a", "IpProtocol": "TCP",
            "PortRange": "443/443", "SourceGroupId": "sg-b",
        ]
        #expect(changes("RevokeSecurityGroup", request) == [])
        #expect(
            changes("RevokeSecurityGroup", request, in: fleet)
                == [.ruleRemoved(rule("sgr-2"), from: "sg-a")])
    }

    @Test("outbound rules mirror inbound ones")
    func revokeEgress() {
        let request: Request = [
            "SecurityGroupId": "sg-a", "IpProtocol": "ALL", "PortRange": "-1/-1",
            "DestCidrIp": "0.0.0.0/0",
        ]
        #expect(
            changes("RevokeSecurityGroupEgress", request)
                == [.ruleRemoved(rule("sgr-4"), from: "sg-a")])
        #expect(changes("AuthorizeSecurityGroupEgress", request) == [])
        let table: [(Request, String)] = [
            (["DestCidrIp": ""], "400 MissingParameter"),
            (["DestCidrIp": "", "DestGroupId": "sg-a"], "403 InvalidSecurityGroup.IsSame"),
            (["DestCidrIp": "", "DestGroupId": "sg-x"], "404 InvalidDestGroupId.NotFound"),
            (["DestCidrIp": "", "DestGroupId": "sg-v"], "400 InvalidDestGroupId.Mismatch"),
            (["SourceGroupId": "sg-b"], "400 UnsupportedParameter"),
        ]
        for (difference, expected) in table {
            let request = request.merging(difference) { $1 }
            #expect(
                outcome(in: alibabaWorld(), "RevokeSecurityGroupEgress", request) == expected)
        }
        #expect(
            outcome(
                in: alibabaWorld(), "RevokeSecurityGroupEgress",
                [
                    "SecurityGroupId": "sg-a",
                    "Permissions": [["IpProtocol": "ALL", "PortRange": "-1/-1"]],
                ]) == "400 MissingParameter.Dest")
    }

    @Test("an authorize adds a rule with the next id; one that is there already adds none")
    func authorize() {
        let permission: ParameterValue = [
            "IpProtocol": "udp", "PortRangeListId": "prl-1", "Ipv6SourceCidrIp": "2001:DB8::/32",
            "Ipv6DestCidrIp": "2001:db8:1::1", "Policy": "Drop", "Priority": 9,
            "Description": "new",
        ]
        let request: Request = [
            "SecurityGroupId": "sg-a", "Permissions": [permission, RefusalTable.permission],
        ]
        let new = SecurityGroupRule(
            id: "sgr-00000000000000001", direction: .ingress, ipProtocol: .only(.udp),
            transport: .portList("prl-1"), peer: .cidr(CIDRBlock("2001:db8::/32")!),
            localCIDR: CIDRBlock("2001:db8:1::1")!, policy: .drop, priority: 9, description: "new")
        let results = outcomes(
            in: alibabaWorld(),
            [("AuthorizeSecurityGroup", request), ("AuthorizeSecurityGroup", request)])
        #expect(results[0].success?.changes == [.ruleAdded(new, to: "sg-a")])
        #expect(results[1].success?.changes == [])
    }

    @Test(
        "two spellings of one rule are refused, even where only the group shows that they are one",
        arguments: ["AuthorizeSecurityGroup", "RevokeSecurityGroup"])
    func duplicates(operation: String) {
        let listed: Request = [
            "IpProtocol": "TCP", "PortRange": "80/80", "SourceCidrIp": "10.9.0.0/16",
        ]
        let byGroup = listed.merging(["SourceCidrIp": "", "SourceGroupId": "sg-b"]) { $1 }
        let pairs: [(Request, Request)] = [
            (listed, ["NicType": "intranet"]), (byGroup, ["SourceGroupOwnerId": 1]),
        ]
        for (permission, difference) in pairs {
            let request: Request = [
                "RegionId": "cn-hangzhou", "SecurityGroupId": "sg-a",
                "Permissions": [
                    .object(permission), .object(permission.merging(difference) { $1 }),
                ],
            ]
            #expect(
                outcome(in: alibabaWorld(), operation, request)
                    == "400 InvalidParam.DuplicatePermissions")
        }
    }

    static let authorizations: [(String, Request, @Sendable (inout Fleet) -> Void)] = [
        ("400 InvalidParamter.Conflict", ["DestCidrIp": "10.9.0.0/16"], { _ in }),
        (
            "400 InvalidParam.PrefixListAddressFamilyMismatch",
            ["SourceCidrIp": "", "SourcePrefixListId": "pl-6", "DestCidrIp": "10.0.0.1"], { _ in }
        ),
        (
            "400 InvalidParam.PrefixListAddressFamilyMismatch",
            [
                "SourceCidrIp": "", "SourcePrefixListId": "pl-4", "IpProtocol": "ICMPv6",
                "PortRange": "",
            ], { _ in }
        ),
        (
            "400 AuthorizedGroupRule.LimitExceed",
            ["SourceCidrIp": "", "SourceGroupId": "sg-b"],
            { $0.quotas.groupReferencesPerGroup = 1 }
        ),
        ("403 AuthorizationLimitExceed", [:], { $0.quotas.rulesPerGroup = 13 }),
        ("403 AuthorizationLimitExceed", [:], { $0.quotas.rulesPerInterface = 13 }),
        (
            "400 InvalidParam.ProtocolNotSupportPortRangeList",
            ["IpProtocol": "GRE", "PortRange": "", "PortRangeListId": "prl-1"], { _ in }
        ),
        (
            "400 InvalidPortRangeListId.NotFound", ["PortRange": "", "PortRangeListId": "prl-2"],
            { _ in }
        ),
        ("400 UnsupportedParameter", ["SecurityGroupRuleId": ["sgr-1"]], { _ in }),
        ("ok", [:], { $0.quotas.rulesPerInterface = 14 }),
    ]

    @Test("an authorize is refused", arguments: authorizations.indices)
    func authorizeRefused(index: Int) {
        let (expected, difference, edit) = AlibabaRuleTests.authorizations[index]
        var fleet = alibabaWorld()
        edit(&fleet)
        let request: Request = [
            "SecurityGroupId": "sg-a", "IpProtocol": "TCP", "PortRange": "80/80",
            "SourceCidrIp": "10.9.0.0/16",
        ]
        #expect(
            outcome(in: fleet, "AuthorizeSecurityGroup", request.merging(difference) { $1 })
                == expected)
    }

    @Test("another account's group is named with its owner")
    func foreignGroup() throws {
        let request: Request = [
            "SecurityGroupId": "sg-a", "IpProtocol": "TCP", "PortRange": "80/80",
            "SourceGroupId": "sg-x", "SourceGroupOwnerId": 2,
        ]
        var cloud = ControlPlane(alibabaWorld())
        let outcome = cloud.perform(OperationRequest("AuthorizeSecurityGroup", request))
        guard case .ruleAdded(let rule, _)? = outcome.success?.changes.first else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rule.peer == .securityGroup(GroupReference("sg-x", owner: "2")))
        let revoked = request.merging(["RegionId": "cn-hangzhou"]) { $1 }
        let second = cloud.perform(OperationRequest("RevokeSecurityGroup", revoked))
        #expect(second.success?.changes == [.ruleRemoved(rule, from: "sg-a")])
    }

    static let modifications: [(String, Request)] = [
        ("ok", ["SecurityGroupRuleId": "sgr-1", "PortRange": "2222/2222"]),
        ("ok", ["SecurityGroupRuleId": "sgr-2", "SourceGroupId": "sg-d"]),
        (
            "400 InvalidOperation.ModifySgRuleEntityType",
            ["SecurityGroupRuleId": "sgr-1", "SourceGroupId": "sg-b"]
        ),
        (
            "400 InvalidOperation.ModifySgRuleEntityType",
            ["SecurityGroupRuleId": "sgr-1", "Ipv6SourceCidrIp": "::/0"]
        ),
        (
            "400 InvalidOperation.ModifyPortRangeType",
            ["SecurityGroupRuleId": "sgr-1", "PortRangeListId": "prl-1"]
        ),
        (
            "400 InvalidOperation.ModifyPortRangeType",
            ["SecurityGroupRuleId": "sgr-3", "PortRange": "1/2"]
        ),
        (
            "400 InvalidOperation.RuleDuplicate",
            ["SecurityGroupRuleId": "sgr-5", "PortRange": "22/22"]
        ),
        (
            "400 InvalidIpPortRange.Malformed",
            ["SecurityGroupRuleId": "sgr-1", "IpProtocol": "GRE"]
        ),
        ("404 InvalidSecurityGroupRuleId.NotFound", ["SecurityGroupRuleId": "sgr-4"]),
        ("400 InvalidParam.SecurityGroupRuleId", [:]),
        (
            "400 InvalidParamter.Conflict",
            ["SecurityGroupRuleId": "sgr-2", "SourceGroupId": "sg-a"]
        ),
    ]

    @Test("a rule is modified in place", arguments: modifications.indices)
    func modify(index: Int) {
        let (expected, difference) = AlibabaRuleTests.modifications[index]
        var fleet = alibabaWorld()
        var twin = rule("sgr-1")
        (twin.id, twin.transport) = ("sgr-5", .destinationPorts(PortRange(23, 23)))
        fleet.group("sg-a") { $0.rules.append(twin) }
        let request: Request = ["SecurityGroupId": "sg-a"]
        #expect(
            outcome(in: fleet, "ModifySecurityGroupRule", request.merging(difference) { $1 })
                == expected)
    }

    @Test("modifying one field leaves the others, those too that no call could give")
    func modifyKeeps() {
        var fleet = alibabaWorld()
        let old = SecurityGroupRule(
            id: "sgr-9", direction: .egress, ipProtocol: .only(.tcp), transport: .any,
            sourcePorts: PortRange(1, 9), peer: .securityGroup(GroupReference("sg-x", owner: "2")),
            localCIDR: CIDRBlock("10.0.0.9/8")!, policy: .drop, priority: 110, description: "old")
        fleet.group("sg-a") { $0.rules.append(old) }
        var new = old
        new.policy = .accept
        let request: Request = [
            "SecurityGroupId": "sg-a", "SecurityGroupRuleId": "sgr-9", "Policy": "accept",
        ]
        #expect(
            changes("ModifySecurityGroupEgressRule", request, in: fleet)
                == [.ruleReplaced(old, by: new, in: "sg-a")])
    }

    @Test("groups are made and removed")
    func groups() {
        let results = outcomes(
            in: alibabaWorld(),
            [
                ("CreateSecurityGroup", ["VpcId": "vpc-1", "SecurityGroupType": "enterprise"]),
                ("DeleteSecurityGroup", ["SecurityGroupId": "sg-00000000000000001"]),
                ("DeleteSecurityGroup", ["SecurityGroupId": "sg-a"]),
                ("DeleteSecurityGroup", ["SecurityGroupId": "sg-b"]),
                ("CreateSecurityGroup", ["VpcId": "vpc-9"]),
            ])
        let group = SecurityGroup(id: "sg-00000000000000001", vpc: "vpc-1", type: .enterprise)
        #expect(results[0].success?.changes == [.groupAdded(group)])
        #expect(results[0].success?.returned == ["securityGroupId": "sg-00000000000000001"])
        #expect(results[1].success?.changes == [.groupRemoved(group)])
        #expect(
            results.suffix(3).map(\.summary) == [
                "403 DependencyViolation", "403 DependencyViolation", "404 InvalidVpcId.NotFound",
            ])
        var fleet = alibabaWorld()
        fleet.group("sg-d") { $0.deletionProtection = true }
        #expect(
            outcome(in: fleet, "DeleteSecurityGroup", ["SecurityGroupId": "sg-d"])
                == "403 InvalidOperation.DeletionProtection")
    }
}

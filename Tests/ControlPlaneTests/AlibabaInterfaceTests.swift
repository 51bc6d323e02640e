import CloudModel
import ControlPlane
import Testing

@Suite("What calls change on Alibaba Cloud: interfaces and lists")
struct AlibabaInterfaceTests {
    private func changes(_ operation: String, _ parameters: Request) -> [FleetChange]? {
        outcomes(in: alibabaWorld(), [(operation, parameters)])[0].success?.changes
    }

    static let replacements: [(String, Request)] = [
        ("ok", ["NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-d"]]),
        ("ok", ["NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-e"]]),
        (
            "404 InvalidOperation.PrimaryEniOnlySupportModifyNameAndDesc",
            ["NetworkInterfaceId": "eni-a", "SecurityGroupId": ["sg-d"]]
        ),
        (
            "404 InvalidParameter.SecurityGroupIdRepeated",
            ["NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-d", "sg-d"]]
        ),
        (
            "403 InvalidOperation.MultiGroupType",
            ["NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-d", "sg-e"]]
        ),
        (
            "403 InvalidOperation.VpcMismatch",
            ["NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-v"]]
        ),
        (
            "404 InvalidSecurityGroupId.NotFound",
            ["NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-none"]]
        ),
        (
            "ok",
            [
                "NetworkInterfaceId": "eni-s",
                "ConnectionTrackingConfiguration": ["UdpTimeout": 100],
            ]
        ),
        (
            "400 InvalidParameter",
            [
                "NetworkInterfaceId": "eni-s",
                "ConnectionTrackingConfiguration": ["UdpTimeout": 101],
            ]
        ),
    ]

    @Test("an interface's groups are replaced at once", arguments: replacements.indices)
    func replace(index: Int) {
        let (expected, request) = AlibabaInterfaceTests.replacements[index]
        #expect(
            outcome(in: alibabaWorld(), "ModifyNetworkInterfaceAttribute", request) == expected)
    }

    @Test("replacing checks quotas")
    func replaceQuotas() {
        let request: Request = [
            "NetworkInterfaceId": "eni-s", "SecurityGroupId": ["sg-d", "sg-a"],
        ]
        let table: [(WritableKeyPath<Quotas, Int>, String)] = [
            (\.groupsPerInterface, "403 InstanceSecurityGroupLimitExceeded"),
            (\.rulesPerInterface, "403 AclLimitExceed"),
            (\.addressesPerGroup, "403 SecurityGroupInstanceLimitExceed"),
        ]
        for (quota, expected) in table {
            var fleet = alibabaWorld()
            fleet.quotas[keyPath: quota] = quota == \.addressesPerGroup ? 0 : 1
            #expect(outcome(in: fleet, "ModifyNetworkInterfaceAttribute", request) == expected)
        }
    }

    @Test("an instance's groups are those of its primary interface")
    func replaceOfInstance() {
        let request: Request = ["InstanceId": "i-a", "SecurityGroupIds": ["sg-e"]]
        #expect(
            changes("ModifyInstanceAttribute", request) == [
                .securityGroupsReplaced(of: "eni-a", from: ["sg-a", "sg-b"], to: ["sg-e"])
            ])
        var fleet = alibabaWorld()
        fleet.instance("i-a") { $0.lockedForSecurity = true }
        #expect(
            outcome(in: fleet, "ModifyInstanceAttribute", request)
                == "403 InstanceLockedForSecurity")
    }

    static let entries: [(String, Request)] = [
        ("ok", ["AddEntry": [["Cidr": "10.3.0.0/16"]], "RemoveEntry": [["Cidr": "10.1.0.0/16"]]]),
        ("ok", ["AddEntry": ["10.1.0.0/16"]]),
        ("400 InvalidParameter.CidrMalformed", ["AddEntry": ["10.3.0.1/16"]]),
        ("400 InvalidParameter.CidrMalformed", ["AddEntry": ["::/0"]]),
        (
            "400 InvalidParameter.CidrDuplicated",
            ["AddEntry": ["10.1.0.0/16"], "RemoveEntry": ["10.1.0.0/16"]]
        ),
        (
            "400 LimitExceed.MaxEntries",
            ["AddEntry": .array((1...4).map { .string("10.\($0 + 9).0.0/16") })]
        ),
        (
            "400 LimitExceed.Entry",
            ["AddEntry": .array((1...201).map { .string("10.9.0.\($0)") })]
        ),
        ("404 InvalidPrefixListId.NotFound", ["PrefixListId": "pl-none"]),
    ]

    @Test("a prefix list is edited", arguments: entries.indices)
    func prefixList(index: Int) {
        let (expected, difference) = AlibabaInterfaceTests.entries[index]
        let request: Request = ["PrefixListId": "pl-4"]
        #expect(
            outcome(in: alibabaWorld(), "ModifyPrefixList", request.merging(difference) { $1 })
                == expected)
    }

    @Test("a prefix list alters the members of the groups that name it")
    func prefixListEffect() {
        var cloud = ControlPlane(alibabaWorld())
        let request = OperationRequest(
            "ModifyPrefixList", ["PrefixListId": "pl-4", "RemoveEntry": ["10.1.0.0/16"]])
        let changes = cloud.perform(request).success?.changes ?? []
        #expect(
            changes == [
                .prefixListEntriesChanged(
                    of: "pl-4", removed: [CIDRBlock("10.1.0.0/16")!], added: [])
            ])
        #expect(cloud.interfaces(changedBy: changes) == ["eni-a", "eni-b", "eni-f", "eni-s"])
    }

    @Test("addresses come and go")
    func addresses() {
        let results = outcomes(
            in: alibabaWorld(),
            [
                (
                    "AssignPrivateIpAddresses",
                    [
                        "NetworkInterfaceId": "eni-a", "PrivateIpAddress": ["10.0.0.99"],
                        "Ipv4Prefix": ["10.0.1.0/28"],
                    ]
                ),
                (
                    "AssignPrivateIpAddresses",
                    ["NetworkInterfaceId": "eni-b", "PrivateIpAddress": ["10.0.1.5"]]
                ),
                (
                    "UnassignPrivateIpAddresses",
                    ["NetworkInterfaceId": "eni-a", "Ipv4Prefix": ["10.0.1.0/28"]]
                ),
                (
                    "UnassignPrivateIpAddresses",
                    ["NetworkInterfaceId": "eni-a", "PrivateIpAddress": ["10.0.0.1"]]
                ),
                (
                    "AssignIpv6Addresses",
                    ["NetworkInterfaceId": "eni-a", "Ipv6Address": ["2001:db8::1"]]
                ),
            ])
        #expect(
            results[0].success?.changes == [
                .addressesAdded(
                    [CIDRBlock("10.0.0.99")!, CIDRBlock("10.0.1.0/28")!], to: "eni-a")
            ])
        #expect(
            results[1...].map(\.summary) == [
                "400 InvalidIp.IpAssigned", "ok", "400 InvalidIp.IpUnassigned", "ok",
            ])
    }
}

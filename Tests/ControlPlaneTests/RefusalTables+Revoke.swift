import CloudModel
import ControlPlane

extension RefusalTable {
    private static let revoke = RefusalTable(
        operation: "RevokeSecurityGroup", vendor: .alibaba,
        base: ["RegionId": "cn-hangzhou", "SecurityGroupId": "sg-a"])
    static let revokeIDs = revoke.with(["SecurityGroupRuleId": ["sgr-1"]])
    static let revokeFlat = revoke.with([
        "IpProtocol": "TCP", "PortRange": "22/22", "SourceCidrIp": "203.0.113.0/24",
    ])
    static let revokeListed = revoke.with(["Permissions": [permission]])

    static let permission: ParameterValue = [
        "IpProtocol": "TCP", "PortRange": "22/22", "SourceCidrIp": "203.0.113.0/24",
    ]

    /// A revoke whose only permission has `changes`; an empty string takes a field away.
    private static func refuses(
        _ row: String, _ httpStatus: Int, _ code: String, _ changes: Request,
        in edit: @escaping @Sendable (inout Fleet) -> Void = { _ in }
    ) -> RefusalCase {
        revokeListed.refuses(
            row, httpStatus, code, isIndependent: false,
            { request in
                guard case .object(let members) = permission else { return }
                request["Permissions"] = [.object(members.merging(changes) { $1 })]
            }, in: edit)
    }

    private static let byGroup: Request = ["SourceCidrIp": "", "SourceGroupId": "sg-b"]

    /// SEMANTICS C.2.7, rows of parameters.
    static let revokeParameterCases: [RefusalCase] = [
        revokeIDs.refuses("1", 400, "InvalidSecurityGroupId.Malformed") {
            $0["SecurityGroupId"] = "sg-!"
        },
        revokeIDs.refuses("2", 400, "InvalidParam.Permissions") { $0["PortRange"] = "22/22" },
        revokeIDs.refuses("2", 400, "InvalidParam.Permissions") {
            $0["Permissions"] = [permission]
        },
        revokeFlat.refuses("2", 400, "InvalidParam.Permissions") {
            $0["Permissions"] = [permission]
        },
        revoke.refuses("2", 400, "MissingParameter"),
        revokeIDs.refuses("3", 400, "InvalidParam.SecurityGroupRuleId") {
            $0["SecurityGroupRuleId"] = ["sg-1"]
        },
        revokeIDs.refuses("4", 400, "InvalidParam.SecurityGroupRuleIdRepeated") {
            $0["SecurityGroupRuleId"] = ["sgr-1", "sgr-1"]
        },
        revokeIDs.refuses("A.12", 400, "InvalidParameter") {
            $0["SecurityGroupRuleId"] = .array((1...101).map { .string("sgr-\($0)") })
        },
        revokeFlat.refuses("5", 400, "MissingParameter") { $0["SourceCidrIp"] = nil },
        refuses("6", 400, "MissingParameter.Source", ["SourceCidrIp": ""]),
        refuses("7", 400, "InvalidIpProtocol.ValueNotSupported", ["IpProtocol": "tcpip"]),
        refuses("7", 400, "InvalidIpProtocol.ValueNotSupported", ["IpProtocol": ""]),
        refuses("8", 400, "InvalidPortRange.Malformed", ["PortRange": ""]),
        revokeFlat.refuses("9", 400, "InvalidIpPortRange.Malformed") { $0["PortRange"] = "22" },
        refuses("10", 400, "InvalidParam.PortRange", ["PortRange": "0/22"]),
        refuses("10", 400, "InvalidParam.PortRange", ["PortRange": "22/65536"]),
        refuses("10", 400, "InvalidParam.PortRange", ["PortRange": "+22/22"]),
        refuses("10", 400, "InvalidParam.PortRange", ["PortRange": "22/22", "IpProtocol": "GRE"]),
        refuses("11", 400, "InvalidSourcePortRange.Malformed", ["SourcePortRange": "1-2"]),
        revokeFlat.refuses("12", 400, "InvalidSourceCidrIp.Malformed") {
            $0["SourceCidrIp"] = "203.0.113.0/33"
        },
        refuses("13", 400, "InvalidParam.SourceCidrIp", ["SourceCidrIp": "::/0"]),
        revokeFlat.refuses("14", 400, "InvalidDestCidrIp.Malformed") { $0["DestCidrIp"] = "x" },
        refuses("15", 400, "InvalidParam.DestCidrIp", ["DestCidrIp": "x"]),
        refuses("16", 400, "InvalidParam.Ipv6SourceCidrIp", ["Ipv6SourceCidrIp": "10.0.0.0/8"]),
        refuses("17", 400, "InvalidParam.Ipv6DestCidrIp", ["Ipv6DestCidrIp": "x"]),
        revokeFlat.refuses("18", 400, "InvalidParameter.Ipv6CidrIp") {
            $0["Ipv6SourceCidrIp"] = "x"
        },
        refuses("19", 400, "InvalidParam.SourceIp", ["Ipv6SourceCidrIp": "::/0"]),
        refuses(
            "20", 400, "InvalidParam.DestIp", ["DestCidrIp": "10.0.0.1", "Ipv6DestCidrIp": "::/0"]),
        refuses(
            "21", 400, "InvalidParam.Ipv4ProtocolConflictWithIpv6Address",
            [
                "IpProtocol": "icmp", "PortRange": "-1/-1", "SourceCidrIp": "",
                "Ipv6SourceCidrIp": "::/0",
            ]),
        refuses(
            "22", 400, "InvalidParam.Ipv6ProtocolConflictWithIpv4Address",
            ["IpProtocol": "ICMPv6", "PortRange": "-1/-1"]),
        refuses("A.1", 400, "InvalidParameter.Conflict", ["Ipv6DestCidrIp": "::/0"]),
        refuses("23", 400, "InvalidPolicy.Malformed", ["Policy": "deny"]),
        revokeFlat.refuses("24", 400, "InvalidPriority.Malformed") { $0["Priority"] = "high" },
        refuses("25", 400, "InvalidPriority.ValueNotSupported", ["Priority": 101]),
        revokeFlat.refuses("25", 400, "InvalidPriority.ValueNotSupported") { $0["Priority"] = "0" },
        refuses("26", 400, "InvalidNicType.ValueNotSupported", ["NicType": "wifi"]),
        refuses(
            "27", 400, "InvalidSecurityGroupDiscription.Malformed",
            ["Description": .string(String(repeating: "x", count: 513))]),
        revokeListed.refuses("28", 400, "InvalidParam.DuplicatePermissions") {
            $0["Permissions"] = [permission, permission]
        },
        refuses(
            "29", 400, "InvalidParamter.Conflict", ["SourceCidrIp": "", "SourceGroupId": "sg-a"]),
        refuses("typo", 400, "UnsupportedParameter", ["Prioritty": 2]),
    ]

    /// SEMANTICS C.2.7, rows of state.
    static let revokeStateCases: [RefusalCase] = [
        revokeListed.refuses(
            "30", 404, "InvalidSecurityGroupId.NotFound",
            in: { $0.group("sg-a") { $0.region = "cn-beijing" } }),
        revokeListed.refuses(
            "31", 403, "InvalidOperation.ResourceManagedByCloudProduct",
            in: { $0.group("sg-a") { $0.serviceManaged = true } }),
        refuses("26", 400, "InvalidNicType.ValueNotSupported", ["NicType": "internet"]),
        refuses(
            "32", 400, "InvalidGroupParameter.OperationDenied", byGroup,
            in: { $0.group("sg-a") { $0.type = .enterprise } }),
        refuses(
            "32", 400, "InvalidGroupParameter.OperationDenied", ["Priority": 1],
            in: {
                $0.group("sg-a") { $0.type = .enterprise }
                $0.switches.enterprisePolicy = .denied
            }),
        refuses(
            "33", 404, "InvalidSourceGroupId.NotFound", byGroup,
            in: { $0.group("sg-b") { $0.owner = "2" } }),
        refuses(
            "34", 400, "InvalidGroupAuthParameter.OperationDenied", byGroup,
            in: { $0.group("sg-b") { $0.type = .enterprise } }),
        refuses(
            "35", 400, "InvalidSourceGroupId.Mismatch", byGroup,
            in: { $0.group("sg-b") { $0.vpc = "vpc-2" } }),
        refuses(
            "36", 404, "InvalidPrefixListId.NotFound",
            ["SourceCidrIp": "", "SourcePrefixListId": "pl-none"]),
        refuses(
            "37", 400, "NotSupported.ClassicNetworkPrefixList",
            ["SourceCidrIp": "", "SourcePrefixListId": "pl-4"],
            in: { $0.group("sg-a") { $0.vpc = nil } }),
        refuses(
            "38", 403, "InvalidNicType.Mismatch", ["NicType": "intranet"],
            in: { $0.group("sg-a") { $0.vpc = nil } }),
        refuses(
            "39", 403, "InvalidGroupAuthItem.NotFound",
            byGroup.merging(["SourceGroupOwnerId": 1_234_567_890_123_456]) { $1 }),
        revokeIDs.refuses("40", 404, "InvalidSecurityGroupRuleId.NotFound") {
            $0["SecurityGroupRuleId"] = ["sgr-1", "sgr-4"]
        },
        revokeIDs.refuses(
            "40", 400, "InvalidParam.SecurityGroupRuleId", isIndependent: false,
            { $0["SecurityGroupRuleId"] = ["sgr-none"] },
            in: { $0.switches.revokeMissingIDCode = .invalidParameter }),
        refuses(
            "C.2.6", 400, "InvalidSecurityGroupRule.RuleNotExist", ["PortRange": "23/23"],
            in: { $0.switches.revokeMissing = .strict }),
    ]
}

import CloudModel
import ControlPlane

extension RefusalTable {
    private static let awsRevoke = RefusalTable(
        operation: "RevokeSecurityGroupIngress", vendor: .aws, base: ["GroupId": "sg-00000001"])
    static let awsRevokeIDs = awsRevoke.with(["SecurityGroupRuleId": ["sgr-11"]])
    static let awsRevokeFlat = awsRevoke.with([
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": "22", "CidrIp": "203.0.113.0/24",
    ])
    static let awsRevokeListed = awsRevoke.with(["IpPermissions": [awsPermission]])

    static let awsPermission: ParameterValue = [
        "IpProtocol": "6", "FromPort": 22, "ToPort": 22,
        "IpRanges": [["CidrIp": "203.0.113.77/24"]],
    ]

    private static func refuses(
        _ row: String, _ code: String, _ changes: Request
    ) -> RefusalCase {
        awsRevokeListed.refuses(row, 400, code) { request in
            guard case .object(let members) = awsPermission else { return }
            request["IpPermissions"] = [.object(members.merging(changes) { $1 })]
        }
    }

    /// SEMANTICS C.5.
    static let awsRevokeCases: [RefusalCase] = [
        awsRevokeIDs.refuses("1", 400, "UnknownParameter") { $0["GroupID"] = "sg-00000001" },
        awsRevokeIDs.refuses("2", 400, "MissingParameter") { $0["GroupId"] = nil },
        awsRevoke.refuses("2", 400, "MissingParameter"),
        awsRevokeIDs.refuses("3", 400, "InvalidParameterCombination") { $0["GroupName"] = "web" },
        awsRevokeIDs.refuses("3", 400, "InvalidParameterCombination") {
            $0["IpPermissions"] = [awsPermission]
        },
        awsRevokeListed.refuses("3", 400, "InvalidParameterCombination") { $0["FromPort"] = 22 },
        awsRevokeFlat.refuses("3", 400, "InvalidParameterCombination") {
            $0["SourceSecurityGroupName"] = "db"
        },
        awsRevokeFlat.refuses("3", 400, "InvalidParameterCombination") {
            $0["SourceSecurityGroupOwnerId"] = "1"
        },
        awsRevokeIDs.refuses("4", 400, "InvalidGroupId.Malformed") { $0["GroupId"] = "sg-12" },
        awsRevokeIDs.refuses("5", 400, "InvalidSecurityGroupRuleId.Malformed") {
            $0["SecurityGroupRuleId"] = ["rule"]
        },
        refuses("6", "InvalidPermission.Malformed", ["IpProtocol": ""]),
        refuses("6", "InvalidPermission.Malformed", ["IpRanges": []]),
        refuses("6", "InvalidPermission.Malformed", ["FromPort": ""]),
        refuses("6", "InvalidParameterValue", ["IpProtocol": "gre"]),
        refuses("6", "InvalidParameterValue", ["FromPort": 23]),
        refuses("6", "InvalidParameterValue", ["ToPort": 65536]),
        refuses("6", "InvalidParameterValue", ["FromPort": "ssh"]),
        refuses("6", "InvalidParameterValue", ["IpRanges": [["CidrIp": "203.0.113.0/33"]]]),
        refuses("6", "InvalidParameterValue", ["Ipv6Ranges": [["CidrIpv6": "10.0.0.0/8"]]]),
        refuses("6", "InvalidParameterValue", ["IpProtocol": "icmp", "FromPort": -1, "ToPort": 0]),
        refuses(
            "6", "InvalidParameterValue",
            ["IpRanges": [["CidrIp": "10.0.0.1/8"], ["CidrIp": "10.0.0.0/8"]]]),
        refuses("1", "UnknownParameter", ["IpRanges": [["Cidr": "10.0.0.0/8"]]]),
        awsRevokeIDs.refuses(
            "7", 400, "InvalidGroup.NotFound", in: { $0.group("sg-00000001") { $0.owner = "2" } }),
        awsRevokeIDs.without("GroupId").with(["GroupName": "db"])
            .refuses("7", 400, "InvalidGroup.NotFound"),
        awsRevokeIDs.refuses("8", 412, "DryRunOperation") { $0["DryRun"] = true },
        awsRevokeIDs.refuses("8", 400, "InvalidParameterValue") { $0["DryRun"] = "maybe" },
        awsRevokeIDs.refuses("9", 400, "InvalidSecurityGroupRuleId.NotFound") {
            $0["SecurityGroupRuleId"] = ["sgr-11", "sgr-14"]
        },
        awsRevokeIDs.refuses(
            "9", 400, "InvalidPermission.NotFound",
            { $0["SecurityGroupRuleId"] = ["sgr-none"] },
            in: { $0.switches.awsRevokeMissingIDCode = .permissionNotFound }),
        refuses("10", "InvalidPermission.NotFound", ["ToPort": 23]),
        refuses("10", "InvalidPermission.NotFound", ["IpRanges": [["CidrIp": "203.0.113.0/25"]]]),
    ]
}

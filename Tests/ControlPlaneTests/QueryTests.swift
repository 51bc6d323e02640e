import ControlPlane
import Testing

@Suite("The flat query form")
struct QueryTests {
    @Test("gives the values that JSON would")
    func nested() throws {
        let request = try OperationRequest(
            query: "Action=RevokeSecurityGroup&SecurityGroupId=sg-a&Permissions.2.IpProtocol=TCP"
                + "&Permissions.1.SourceCidrIp=10.0.0.0%2F8&Permissions.1.Description=a+b%2B"
                + "&SecurityGroupRuleId.7=sgr-2&SecurityGroupRuleId.3=sgr-1")
        #expect(
            request
                == OperationRequest(
                    "RevokeSecurityGroup",
                    [
                        "SecurityGroupId": "sg-a",
                        "Permissions": [
                            ["SourceCidrIp": "10.0.0.0/8", "Description": "a b+"],
                            ["IpProtocol": "TCP"],
                        ],
                        "SecurityGroupRuleId": ["sgr-1", "sgr-2"],
                    ]))
    }

    @Test(
        "names what is wrong",
        arguments: [
            ("SecurityGroupId=sg-a", QueryMistake.missingAction),
            ("Action.1=x", .missingAction),
            ("Action=x&A=%2", .malformedEscape("%2")),
            ("Action=x&A=%zz", .malformedEscape("%zz")),
            ("Action=x&A=%FF", .malformedEscape("%FF")),
            ("Action=x&A=1&A=2", .repeated("A")),
            ("Action=x&A=1&A.1=2", .repeated("A.1")),
            ("Action=x&A.1=1&A=2", .repeated("A")),
            ("Action=x&A..1=1", .malformedName("A..1")),
            ("Action=x&=1", .malformedName("")),
        ])
    func mistakes(query: String, expected: QueryMistake) {
        #expect(throws: expected) { try OperationRequest(query: query) }
    }

    @Test("is understood by both vendors")
    func performed() throws {
        var alibaba = ControlPlane(alibabaWorld())
        let revoke = try OperationRequest(
            query: "Action=RevokeSecurityGroup&RegionId=cn-hangzhou&SecurityGroupId=sg-a"
                + "&Permissions.1.IpProtocol=TCP&Permissions.1.PortRange=22/22"
                + "&Permissions.1.SourceCidrIp=203.0.113.0/24&Version=2014-05-26&Format=JSON")
        #expect(alibaba.perform(revoke).success?.changes.count == 1)

        var aws = ControlPlane(awsWorld())
        let ingress = try OperationRequest(
            query: "Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-00000001"
                + "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=0"
                + "&IpPermissions.1.ToPort=65535&IpPermissions.1.Groups.1.GroupId=sg-00000002")
        #expect(aws.perform(ingress).success?.changes.count == 1)
    }
}

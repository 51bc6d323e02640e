import CloudModel
import ControlPlane

extension RefusalTable {
    static let leaveInstance = RefusalTable(
        operation: "LeaveSecurityGroup", vendor: .alibaba,
        base: ["SecurityGroupId": "sg-b", "InstanceId": "i-a"])
    static let leaveInterface = RefusalTable(
        operation: "LeaveSecurityGroup", vendor: .alibaba,
        base: [
            "SecurityGroupId": "sg-b", "NetworkInterfaceId": "eni-s", "RegionId": "cn-hangzhou",
        ])
    static let joinInstance = RefusalTable(
        operation: "JoinSecurityGroup", vendor: .alibaba,
        base: ["SecurityGroupId": "sg-d", "InstanceId": "i-a"])
    static let joinInterface = RefusalTable(
        operation: "JoinSecurityGroup", vendor: .alibaba,
        base: [
            "SecurityGroupId": "sg-d", "NetworkInterfaceId": "eni-s", "RegionId": "cn-hangzhou",
        ])

    /// SEMANTICS C.1, instance form.
    static let leaveInstanceCases: [RefusalCase] = [
        leaveInstance.refuses("1", 403, "InvalidParam.EniIdAndInstanceId.Conflict") {
            $0["NetworkInterfaceId"] = "eni-s"
        },
        leaveInstance.refuses("2", 403, "InvalidParam.Malformed") { $0["SecurityGroupId"] = "a" },
        leaveInstance.refuses("3", 400, "InvalidInstanceId.Malformed") { $0["InstanceId"] = "a" },
        leaveInstance.refuses(
            "5", 404, "InvalidSecurityGroupId.NotFound",
            in: { $0.group("sg-b") { $0.owner = "2" } }),
        leaveInstance.refuses(
            "6", 404, "InvalidInstanceId.NotFound", in: { $0.instance("i-a") { $0.owner = "2" } }),
        leaveInstance.refuses(
            "8", 403, "InvalidOperation.ResourceManagedByCloudProduct",
            in: { $0.group("sg-b") { $0.serviceManaged = true } }),
        leaveInstance.refuses(
            "9", 403, "InvalidOperation.EniServiceManaged",
            in: { $0.interface("eni-a") { $0.serviceManaged = true } }),
        leaveInstance.refuses(
            "11", 403, "InstanceLockedForSecurity",
            in: { $0.instance("i-a") { $0.lockedForSecurity = true } }),
        leaveInstance.refuses(
            "12", 403, "IncorrectInstanceStatus",
            in: { $0.instance("i-a") { $0.status = "Starting" } }),
        leaveInstance.refuses(
            "14", 400, "InvalidSecurityGroupAssociation.NotFound",
            in: { $0.interface("eni-a") { $0.securityGroups = ["sg-a"] } }),
        leaveInstance.refuses(
            "14'", 403, "InstanceNotInSecurityGroup", isIndependent: false,
            in: {
                $0.switches.leaveCode = .legacy
                $0.interface("eni-a") { $0.securityGroups = ["sg-a"] }
            }),
        leaveInstance.refuses(
            "15", 403, "InstanceLastSecurityGroup",
            in: { $0.interface("eni-a") { $0.securityGroups = ["sg-b"] } }),
    ]

    /// SEMANTICS C.1, interface form.
    static let leaveInterfaceCases: [RefusalCase] = [
        leaveInterface.refuses("2", 403, "InvalidParam.Malformed") {
            $0["NetworkInterfaceId"] = "a"
        },
        leaveInterface.refuses("4", 400, "MissingParameter.RegionId") { $0["RegionId"] = "" },
        leaveInterface.refuses(
            "5", 404, "InvalidSecurityGroupId.NotFound",
            in: { $0.group("sg-b") { $0.owner = "2" } }),
        leaveInterface.refuses(
            "7", 404, "InvalidEniId.NotFound",
            in: { $0.interface("eni-s") { $0.region = "cn-beijing" } }),
        leaveInterface.refuses(
            "8", 403, "InvalidOperation.ResourceManagedByCloudProduct",
            in: { $0.group("sg-b") { $0.serviceManaged = true } }),
        leaveInterface.refuses(
            "9", 403, "InvalidOperation.EniServiceManaged",
            in: { $0.interface("eni-s") { $0.serviceManaged = true } }),
        leaveInterface.refuses(
            "10", 403, "InvalidOperation.InvalidEniType",
            in: { $0.interface("eni-s") { $0.type = .member } }),
        leaveInterface.refuses(
            "11", 403, "InstanceLockedForSecurity",
            in: { $0.instance("i-a") { $0.lockedForSecurity = true } }),
        leaveInterface.refuses(
            "12", 403, "IncorrectInstanceStatus",
            in: { $0.instance("i-a") { $0.status = "Starting" } }),
        leaveInterface.refuses(
            "13", 400, "InvalidOperation.InvalidEniState",
            in: { $0.interface("eni-s") { $0.status = .detaching } }),
        leaveInterface.refuses(
            "14", 400, "InvalidSecurityGroupAssociation.NotFound",
            in: { $0.interface("eni-s") { $0.securityGroups = ["sg-a"] } }),
        leaveInterface.refuses(
            "16", 403, "InvalidOperation.AtLeastInOneGroup",
            in: { $0.interface("eni-s") { $0.securityGroups = ["sg-b"] } }),
    ]

    /// SEMANTICS C.3, instance form.
    static let joinInstanceCases: [RefusalCase] = [
        joinInstance.refuses("1", 403, "InvalidParam.EniIdAndInstanceId.Conflict") {
            $0["NetworkInterfaceId"] = "eni-s"
        },
        joinInstance.refuses("2", 403, "InvalidParam.Malformed") { $0["SecurityGroupId"] = "" },
        joinInstance.refuses("3", 400, "InvalidInstanceId.Malformed") { $0["InstanceId"] = [[:]] },
        joinInstance.refuses(
            "5", 404, "InvalidSecurityGroupId.NotFound",
            in: { $0.group("sg-d") { $0.owner = "2" } }),
        joinInstance.refuses("6", 404, "InvalidInstanceId.NotFound") {
            $0["InstanceId"] = "i-none"
        },
        joinInstance.refuses(
            "8", 400, "NotBelongUser", in: { $0.instance("i-a") { $0.owner = "2" } }),
        joinInstance.refuses(
            "10", 403, "InvalidOperation.ResourceManagedByCloudProduct",
            in: { $0.group("sg-d") { $0.serviceManaged = true } }),
        joinInstance.refuses(
            "11", 403, "InvalidOperation.EniServiceManaged",
            in: { $0.interface("eni-a") { $0.serviceManaged = true } }),
        joinInstance.refuses(
            "13", 403, "Forbidden.InstanceIsBeingCreated",
            in: { $0.instance("i-a") { $0.beingCreated = true } }),
        joinInstance.refuses(
            "15", 403, "InstanceLockedForSecurity",
            in: { $0.instance("i-a") { $0.lockedForSecurity = true } }),
        joinInstance.refuses(
            "16", 403, "IncorrectInstanceStatus",
            in: { $0.instance("i-a") { $0.status = "Pending" } }),
        joinInstance.refuses(
            "18", 400, "InvalidInstanceId.Mismatch",
            in: { $0.group("sg-d") { $0.vpc = "vpc-2" } }),
        joinInstance.refuses(
            "20", 403, "InvalidInstanceId.AlreadyExists",
            in: { $0.interface("eni-a") { $0.securityGroups.append("sg-d") } }),
        joinInstance.refuses(
            "21", 400, "InvalidOperation.MultiGroupType",
            in: { $0.group("sg-d") { $0.type = .enterprise } }),
        joinInstance.refuses(
            "22", 400, "InvalidOperation.NotSupportEnterpriseGroup", isIndependent: false,
            in: {
                $0.group("sg-d") { $0.type = .enterprise }
                $0.interface("eni-a") { $0.securityGroups = [] }
                $0.instance("i-a") { $0.capabilities.enterpriseGroups = false }
            }),
        joinInstance.refuses(
            "23", 400, "InstanceSecurityGroupLimitExceeded",
            in: { $0.quotas.groupsPerInterface = 2 }),
        joinInstance.refuses("24", 403, "AclLimitExceed", in: { $0.quotas.rulesPerInterface = 12 }),
        joinInstance.refuses(
            "25", 403, "SecurityGroupInstanceLimitExceeded",
            in: { $0.quotas.addressesPerGroup = 0 }),
        joinInstance.refuses(
            "26", 403, "InvalidOperation.NetworkInterfaceCountExceeded", isIndependent: false,
            in: {
                $0.group("sg-d") { $0.type = .enterprise }
                $0.interface("eni-a") { $0.securityGroups = [] }
                $0.quotas.interfacesPerEnterpriseGroup = 0
            }),
    ]

    /// SEMANTICS C.3, interface form.
    static let joinInterfaceCases: [RefusalCase] = [
        joinInterface.refuses("4", 400, "MissingParameter.RegionId") { $0["RegionId"] = nil },
        joinInterface.refuses("7", 404, "InvalidEniId.NotFound") {
            $0["NetworkInterfaceId"] = "eni-none"
        },
        joinInterface.refuses(
            "8", 400, "NotBelongUser", in: { $0.interface("eni-s") { $0.owner = "2" } }),
        joinInterface.refuses(
            "9", 400, "InvalidOperation.EniAndGroupNotBelongSameUser", isIndependent: false,
            in: {
                $0.account = nil
                $0.interface("eni-s") { $0.owner = "2" }
                $0.group("sg-d") { $0.owner = "3" }
            }),
        joinInterface.refuses(
            "12", 403, "InvalidOperation.InvalidEniType",
            in: { $0.interface("eni-s") { $0.type = .primary } }),
        joinInterface.refuses(
            "14", 400, "InvalidStatus.EniOrInstanceIsBeingCreated",
            in: { $0.interface("eni-s") { $0.beingCreated = true } }),
        joinInterface.refuses(
            "15", 403, "InstanceLockedForSecurity",
            in: { $0.instance("i-a") { $0.lockedForSecurity = true } }),
        joinInterface.refuses(
            "17", 400, "InvalidOperation.InvalidEniState",
            in: { $0.interface("eni-s") { $0.status = .attaching } }),
        joinInterface.refuses(
            "19", 403, "InvalidOperation.VpcMismatch",
            in: { $0.group("sg-d") { $0.vpc = nil } }),
        joinInterface.refuses(
            "20", 403, "InvalidInstanceId.AlreadyExists",
            in: { $0.interface("eni-s") { $0.securityGroups.append("sg-d") } }),
        joinInterface.refuses(
            "23'", 403, "InstanceSecurityGroupLimitExceeded",
            in: { $0.quotas.groupsPerInterface = 2 }),
    ]
}

internal import CloudModel

/// Refusals that several of Alibaba Cloud's calls give. Those of one call stand in its file.
extension Refusal {
    // MARK: Parameters

    static let twoTargets = Refusal(
        403, "InvalidParam.EniIdAndInstanceId.Conflict",
        "`InstanceId` and `NetworkInterfaceId` exclude each other")

    static func malformed(_ name: String) -> Refusal {
        Refusal(403, "InvalidParam.Malformed", "the parameter `\(name)` is missing or malformed")
    }

    static let malformedInstanceID = Refusal(
        400, "InvalidInstanceId.Malformed", "the parameter `InstanceId` is malformed")

    static let malformedGroupID = Refusal(
        400, "InvalidSecurityGroupId.Malformed",
        "the parameter `SecurityGroupId` is missing or malformed")

    static let missingRegion = Refusal(
        400, "MissingParameter.RegionId", "the parameter `RegionId` is missing")

    static func invalidParameter(_ name: String) -> Refusal {
        Refusal(400, "InvalidParameter", "the parameter `\(name)` is malformed")
    }

    static func tooMany(_ name: String, limit: Int) -> Refusal {
        Refusal(400, "InvalidParameter", "there are more than \(limit) of `\(name)`")
    }

    // MARK: What is not there

    static func unknownGroup(_ id: SecurityGroupID) -> Refusal {
        Refusal(404, "InvalidSecurityGroupId.NotFound", "there is no security group `\(id)`")
    }

    static func unknownInstance(_ id: InstanceID) -> Refusal {
        Refusal(404, "InvalidInstanceId.NotFound", "there is no instance `\(id)`")
    }

    static func unknownInterface(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(404, "InvalidEniId.NotFound", "there is no network interface `\(id)`")
    }

    static func unknownPrefixList(_ id: PrefixListID) -> Refusal {
        Refusal(404, "InvalidPrefixListId.NotFound", "there is no prefix list `\(id)`")
    }

    // MARK: States

    static func managedGroup(_ id: SecurityGroupID) -> Refusal {
        Refusal(
            403, "InvalidOperation.ResourceManagedByCloudProduct",
            "a cloud service manages the security group `\(id)`")
    }

    static func managedInterface(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            403, "InvalidOperation.EniServiceManaged",
            "a cloud service manages the network interface `\(id)`")
    }

    static func interfaceType(_ interface: NetworkInterface) -> Refusal {
        Refusal(
            403, "InvalidOperation.InvalidEniType",
            "the operation is not for a \(interface.type.rawValue) interface such as "
                + "`\(interface.id)`")
    }

    static func interfaceState(_ interface: NetworkInterface) -> Refusal {
        Refusal(
            400, "InvalidOperation.InvalidEniState",
            "the network interface `\(interface.id)` is `\(interface.status.rawValue)`")
    }

    static func instanceLocked(_ id: InstanceID) -> Refusal {
        Refusal(
            403, "InstanceLockedForSecurity", "the instance `\(id)` is locked for security")
    }

    static func instanceStatus(_ instance: Instance) -> Refusal {
        Refusal(
            403, "IncorrectInstanceStatus",
            "the instance `\(instance.id)` is `\(instance.status)`, neither `Running` nor `Stopped`"
        )
    }

    static func vpcMismatch(_ group: SecurityGroupID) -> Refusal {
        Refusal(
            403, "InvalidOperation.VpcMismatch",
            "the network interface is not in the vpc of the security group `\(group)`")
    }

    static func instanceVPCMismatch(_ group: SecurityGroupID) -> Refusal {
        Refusal(
            400, "InvalidInstanceId.Mismatch",
            "the instance is not in the vpc of the security group `\(group)`")
    }

    static func mixedGroupTypes(httpStatus: Int) -> Refusal {
        Refusal(
            httpStatus, "InvalidOperation.MultiGroupType",
            "an interface cannot be in basic and advanced security groups at once")
    }

    static func noEnterpriseGroups(_ id: InstanceID) -> Refusal {
        Refusal(
            400, "InvalidOperation.NotSupportEnterpriseGroup",
            "instances of the type of `\(id)` cannot be in advanced security groups")
    }

    // MARK: Quotas

    static func tooManyGroups(limit: Int, _ httpStatus: Int) -> Refusal {
        Refusal(
            httpStatus, "InstanceSecurityGroupLimitExceeded",
            "an interface can be in at most \(limit) security groups")
    }

    static func tooManyRules(count: Int, limit: Int) -> Refusal {
        Refusal(
            403, "AclLimitExceed",
            "the security groups of the interface would have \(count) rules, more than \(limit)")
    }

    static func fullGroup(_ code: String, _ id: SecurityGroupID, limit: Int) -> Refusal {
        Refusal(403, code, "the security group `\(id)` has room for \(limit) members only")
    }
}

/// The error tables of the five API pages that started the project: status and code, each once.
///
/// Sources, with the date of the page: LeaveSecurityGroup (2024-10-21), JoinSecurityGroup
/// (2026-05-06), DetachNetworkInterface (2024-09-24), RevokeSecurityGroup (2024-03-19). The fifth,
/// AWS's RevokeSecurityGroupIngress, has no table: SEMANTICS C.5 lists its codes.
package enum PageCodes {
    /// The codes by operation.
    package static let all: [String: [String]] = [
        "LeaveSecurityGroup": leave, "JoinSecurityGroup": join,
        "DetachNetworkInterface": detach, "RevokeSecurityGroup": revoke,
        "RevokeSecurityGroupIngress": awsRevoke,
    ]

    private static let leave = [
        "400 InvalidInstanceId.Malformed", "400 MissingParameter.RegionId",
        "400 InvalidOperation.InvalidEniState", "400 InvalidSecurityGroupAssociation.NotFound",
        "403 InstanceLastSecurityGroup", "403 IncorrectInstanceStatus",
        "403 InstanceLockedForSecurity", "403 InstanceNotInSecurityGroup",
        "403 InvalidOperation.ResourceManagedByCloudProduct",
        "403 InvalidOperation.AtLeastInOneGroup", "403 InvalidOperation.EniServiceManaged",
        "403 InvalidOperation.InvalidEniType", "403 InvalidParam.Malformed",
        "403 InvalidParam.EniIdAndInstanceId.Conflict", "404 InvalidInstanceId.NotFound",
        "404 InvalidSecurityGroupId.NotFound", "404 InvalidEniId.NotFound", "504 RequestTimeout",
    ]

    private static let join = [
        "400 InstanceSecurityGroupLimitExceeded", "400 InvalidInstanceId.Mismatch",
        "400 InvalidInstanceId.Malformed", "400 InvalidOperation.NotSupportEnterpriseGroup",
        "400 InvalidOperation.MultiGroupType", "400 InvalidOperation.InvalidEniState",
        "400 InvalidOperation.EniAndGroupNotBelongSameUser", "400 NotBelongUser",
        "400 MissingParameter.RegionId", "400 InvalidStatus.EniOrInstanceIsBeingCreated",
        "500 InternalError", "403 IncorrectInstanceStatus", "403 InstanceLockedForSecurity",
        "403 SecurityGroupInstanceLimitExceeded", "403 InvalidInstanceId.AlreadyExists",
        "403 AclLimitExceed", "403 InstanceSecurityGroupLimitExceeded",
        "403 InvalidOperation.NetworkInterfaceCountExceeded",
        "403 InvalidOperation.ResourceManagedByCloudProduct",
        "403 InvalidOperation.InvalidEniType", "403 InvalidOperation.VpcMismatch",
        "403 InvalidOperation.EniServiceManaged", "403 InvalidParam.Malformed",
        "403 InvalidParam.EniIdAndInstanceId.Conflict", "403 Forbidden.InstanceIsBeingCreated",
        "404 InvalidSecurityGroupId.NotFound", "404 InvalidInstanceId.NotFound",
        "404 InvalidEniId.NotFound", "409 InvalidOperation.Conflict",
    ]

    private static let detach = [
        "400 MissingParameter", "400 UnsupportedParameter", "400 InvalidParameter",
        "400 InvalidInstanceID.Malformed", "400 InvalidOperation.InvalidRegion",
        "400 InvalidOperation.InvalidEcsState", "400 InvalidOperation.InvalidEniState",
        "400 InvalidOperation.DetachPrimaryEniNotAllowed", "400 Forbidden.RegionId",
        "400 InvalidParams.EniId", "400 InvalidParameter.EniNotBelongEcs",
        "400 InvalidOperation.EniHotPlugNotSupported", "403 InvalidUserType.NotSupported",
        "403 Abs.InvalidAccount.NotFound", "403 Forbidden.NotSupportRAM",
        "403 Forbidden.SubUser", "403 MaxEniCountExceeded", "403 EniPerInstanceLimitExceeded",
        "403 InvalidOperation.AvailabilityZoneMismatch", "403 InvalidOperation.VpcMismatch",
        "403 SecurityGroupInstanceLimitExceed", "403 InvalidSecurityGroupId.NotVpc",
        "403 InvalidOperation.InvalidEniType", "403 InvalidOperation.EniServiceManaged",
        "403 InvalidOperation.EniLinked", "403 InvalidInstanceId.NotFound",
        "403 InvalidOperation.HotPlugNotSupport", "403 InvalidOperation.InvalidTrunkEniStatus",
        "403 InvalidOperation.TrunkingIsNotAllowed",
        "403 InvalidOperation.InstanceTypeNotSupportEniTrunking",
        "403 InvalidParameter.EniNotBelongTrunk",
        "403 InvalidOperation.EniTypeNotSupportTrunking",
        "403 InvalidOperation.HasMemberEniAttached", "404 InvalidEcsId.NotFound",
        "404 InvalidEniId.NotFound", "404 InvalidVSwitchId.NotFound",
        "404 InvalidSecurityGroupId.NotFound",
    ]

    private static let revoke = [
        "400 InvalidSecurityGroupId.Malformed", "400 InvalidIpProtocol.ValueNotSupported",
        "400 InvalidIpPortRange.Malformed", "400 InvalidSourceCidrIp.Malformed",
        "400 MissingParameter", "400 InvalidPolicy.Malformed",
        "400 InvalidNicType.ValueNotSupported", "400 InvalidSourceGroupId.Mismatch",
        "400 MissingParameter.Source", "400 InvalidParam.PortRange",
        "400 InvalidPriority.Malformed", "400 InvalidPriority.ValueNotSupported",
        "400 InvalidParamter.Conflict", "400 InvalidDestCidrIp.Malformed",
        "400 InvalidParam.SourceIp", "400 InvalidParam.DestIp",
        "400 InvalidParam.Ipv6DestCidrIp", "400 InvalidParam.Ipv6SourceCidrIp",
        "400 InvalidParam.Ipv4ProtocolConflictWithIpv6Address",
        "400 InvalidParam.Ipv6ProtocolConflictWithIpv4Address",
        "400 InvalidParameter.Ipv6CidrIp", "400 InvalidGroupParameter.OperationDenied",
        "400 InvalidGroupAuthParameter.OperationDenied", "400 InvalidPortRange.Malformed",
        "400 InvalidSourcePortRange.Malformed",
        "400 InvalidSecurityGroupDiscription.Malformed",
        "400 NotSupported.ClassicNetworkPrefixList", "400 InvalidParam.SourceCidrIp",
        "400 InvalidParam.DestCidrIp", "400 InvalidParam.Permissions",
        "400 InvalidParam.DuplicatePermissions", "400 InvalidSecurityGroupId.NotFound",
        "400 InvalidParam.SecurityGroupRuleId", "400 InvalidParam.SecurityGroupRuleIdRepeated",
        "403 InvalidNicType.Mismatch", "403 InvalidGroupAuthItem.NotFound",
        "403 InvalidOperation.ResourceManagedByCloudProduct",
        "404 InvalidSecurityGroupId.NotFound", "404 InvalidSourceGroupId.NotFound",
        "404 InvalidPrefixListId.NotFound", "404 InvalidSecurityGroupRuleId.NotFound",
        "500 InternalError",
    ]

    private static let awsRevoke = [
        "400 UnknownParameter", "400 InvalidParameterValue", "400 MissingParameter",
        "400 InvalidParameterCombination", "400 InvalidGroupId.Malformed",
        "400 InvalidSecurityGroupRuleId.Malformed", "400 InvalidPermission.Malformed",
        "400 InvalidGroup.NotFound", "412 DryRunOperation",
        "400 InvalidSecurityGroupRuleId.NotFound", "400 InvalidPermission.NotFound",
        "400 AuthFailure", "403 UnauthorizedOperation", "503 RequestLimitExceeded",
        "500 InternalError", "503 Unavailable",
    ]

    /// What no state brings about: trouble of the service, matters of accounts and quotas that the
    /// model does not have, and codes that guard other calls. The fleet's `faults` answer them.
    package static let byFaultOnly: [String: Set<String>] = [
        "LeaveSecurityGroup": ["504 RequestTimeout"],
        "JoinSecurityGroup": ["500 InternalError", "409 InvalidOperation.Conflict"],
        "RevokeSecurityGroup": ["500 InternalError", "400 InvalidSecurityGroupId.NotFound"],
        "RevokeSecurityGroupIngress": [
            "400 AuthFailure", "403 UnauthorizedOperation", "503 RequestLimitExceeded",
            "500 InternalError", "503 Unavailable",
        ],
        "DetachNetworkInterface": [
            "403 InvalidUserType.NotSupported", "403 Abs.InvalidAccount.NotFound",
            "403 Forbidden.NotSupportRAM", "403 Forbidden.SubUser", "403 MaxEniCountExceeded",
            "403 EniPerInstanceLimitExceeded", "403 InvalidOperation.AvailabilityZoneMismatch",
            "403 InvalidOperation.VpcMismatch", "403 SecurityGroupInstanceLimitExceed",
            "403 InvalidSecurityGroupId.NotVpc", "403 InvalidOperation.InvalidTrunkEniStatus",
            "403 InvalidOperation.TrunkingIsNotAllowed",
            "403 InvalidOperation.InstanceTypeNotSupportEniTrunking",
            "403 InvalidParameter.EniNotBelongTrunk",
            "403 InvalidOperation.EniTypeNotSupportTrunking", "404 InvalidVSwitchId.NotFound",
            "404 InvalidSecurityGroupId.NotFound",
        ],
    ]
}

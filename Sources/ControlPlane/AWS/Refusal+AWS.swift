internal import CloudModel

/// Refusals that several of AWS's calls give. Those of one call stand in its file.
extension Refusal {
    static func invalidValue(_ name: String) -> Refusal {
        Refusal(400, "InvalidParameterValue", "the value of `\(name)` is invalid")
    }

    static func badCombination(_ message: String) -> Refusal {
        Refusal(400, "InvalidParameterCombination", message)
    }

    static func malformedPermission(_ message: String) -> Refusal {
        Refusal(400, "InvalidPermission.Malformed", message)
    }

    static let missingPeer = malformedPermission("the permission names no peer")

    static func malformedAWSGroupID(_ id: String) -> Refusal {
        Refusal(400, "InvalidGroupId.Malformed", "the security group id `\(id)` is malformed")
    }

    static func malformedAWSRuleID(_ id: String) -> Refusal {
        Refusal(400, "InvalidSecurityGroupRuleId.Malformed", "the rule id `\(id)` is malformed")
    }

    static func unknownAWSGroup(_ name: String) -> Refusal {
        Refusal(400, "InvalidGroup.NotFound", "there is no security group `\(name)`")
    }

    static func unknownAWSPrefixList(_ id: PrefixListID) -> Refusal {
        Refusal(400, "InvalidPrefixListID.NotFound", "there is no prefix list `\(id)`")
    }

    static func unknownAWSInterface(_ id: String) -> Refusal {
        Refusal(
            400, "InvalidNetworkInterfaceID.NotFound", "there is no network interface `\(id)`")
    }

    static func unknownAWSInstance(_ id: InstanceID) -> Refusal {
        Refusal(400, "InvalidInstanceID.NotFound", "there is no instance `\(id)`")
    }

    static let dryRun = Refusal(
        412, "DryRunOperation", "the call would have been carried out, but `DryRun` is set")
}

extension String {
    /// Whether this is `sg-` and 8 or 17 hexadecimal digits.
    var isAWSGroupID: Bool {
        let digits = utf8.dropFirst(3)
        return hasPrefix("sg-") && (digits.count == 8 || digits.count == 17)
            && digits.allSatisfy { $0.hexadecimalDigit != nil }
    }
}

extension Parameters {
    /// Refuses a call that asks only whether it may be made. Made after the checks that do not look
    /// at what the call would do. Source: SEMANTICS C.5 row 8.
    func refuseDryRun() throws(Refusal) {
        guard let value = self["DryRun"] else { return }
        guard let isDry = value.boolean else { throw .invalidValue("DryRun") }
        try refuse(.dryRun, if: isDry)
    }
}

extension CloudState {
    /// The group called `name` in the default VPC: the only place where names do.
    ///
    /// - Complexity: O(groups).
    func groupInDefaultVPC(named name: String) throws(Refusal) -> SecurityGroup {
        for group in fleet.securityGroups
        where group.name == name && isInDefaultVPC(group) && isOwn(group.owner) {
            return group
        }
        throw .unknownAWSGroup(name)
    }

    func isInDefaultVPC(_ group: SecurityGroup) -> Bool {
        group.vpc.flatMap(vpc)?.isDefault ?? false
    }

    /// The group of the fleet's account called `id`.
    func ownAWSGroup(_ id: SecurityGroupID) throws(Refusal) -> SecurityGroup {
        guard let group = group(id), isOwn(group.owner) else { throw .unknownAWSGroup(id.text) }
        return group
    }
}

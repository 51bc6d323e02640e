internal import CloudModel

extension Operation {
    /// Deletes rules for inbound traffic, by id or by what they say.
    ///
    /// The numbers are the rows of SEMANTICS C.2.7, in whose order the checks are made. `RegionId` may be left out, as for
    /// the other calls about rules: a group's id is enough to find it.
    static let revokeSecurityGroup = Operation(
        "RevokeSecurityGroup", parameters: revocationParameters(.ingress)
    ) { parameters, state throws(Refusal) in
        try planRevocation(parameters, state, .ingress)
    }

    /// Deletes rules for outbound traffic: the mirror of ``revokeSecurityGroup``.
    static let revokeSecurityGroupEgress = Operation(
        "RevokeSecurityGroupEgress", parameters: revocationParameters(.egress)
    ) { parameters, state throws(Refusal) in
        try planRevocation(parameters, state, .egress)
    }

    private static func revocationParameters(_ direction: Direction) -> Set<String> {
        PermissionField.names(for: direction).union([
            "RegionId", "ClientToken", "SecurityGroupId", "SecurityGroupRuleId",
            "SecurityGroupRuleIds", "Permissions",
        ])
    }
}

private func planRevocation(
    _ parameters: Parameters, _ state: CloudState, _ direction: Direction
) throws(Refusal) -> Plan {
    let call = try PermissionCall(parameters, direction)  // 1–29
    switch call.rules {
    case .ids(let ids):
        let group = try state.groupToChange(call)  // 30, 31
        return try planRevocation(of: ids, in: group, call, state)
    case .permissions(let permissions):
        let permissions = permissions.map(state.normalized)
        let group = try state.groupToChange(call, permissions)  // 26, 28, 30, 31
        for permission in permissions { try state.check(permission, in: group) }  // 32–37
        for permission in permissions { try check(permission, against: group, state) }  // 38, 39
        return try planRevocation(of: permissions, in: group, state)
    }
}

private func planRevocation(
    of ids: [RuleID], in group: SecurityGroup, _ call: PermissionCall, _ state: CloudState
) throws(Refusal) -> Plan {
    var plan = Plan()
    for id in ids {
        guard let rule = group.rules.first(where: { $0.id == id }),
            rule.direction == call.direction
        else { throw .unknownRule(id, state.fleet.switches.revokeMissingIDCode) }  // 40
        plan.changes.append(.ruleRemoved(rule, from: group.id))
    }
    return plan
}

private func planRevocation(
    of permissions: [Permission], in group: SecurityGroup, _ state: CloudState
) throws(Refusal) -> Plan {
    var plan = Plan()
    var removed: Set<RuleID> = []
    for permission in permissions {
        let found = state.rules(of: group, revokedBy: permission)
        if found.isEmpty {
            guard state.fleet.switches.revokeMissing == .seed else { throw .noSuchRule(group.id) }
            plan.warnings.append(
                "no rule of the security group `\(group.id)` fits, so none was deleted")
        }
        // Two permissions can find the same rule when priorities do not count.
        for rule in found where removed.insert(rule.id).inserted {
            plan.changes.append(.ruleRemoved(rule, from: group.id))
        }
    }
    return plan
}

/// Rows 38 and 39: the rule is there for the other network, or no rule names the foreign group.
private func check(
    _ permission: Permission, against group: SecurityGroup, _ state: CloudState
) throws(Refusal) {
    if group.isClassic, state.rules(of: group, revokedBy: permission).isEmpty {
        var other = permission
        other.rule.nicType = permission.rule.nicType == .intranet ? .internet : .intranet
        try refuse(
            .otherNicType, if: !state.rules(of: group, revokedBy: other).isEmpty)  // 38
    }
    guard case .securityGroup(let reference) = permission.rule.peer, reference.owner != nil else {
        return
    }
    let isNamed = group.rules.contains { rule in
        guard rule.direction == permission.rule.direction,
            case .securityGroup(let named) = rule.peer
        else { return false }
        return named.group == reference.group && named.owner == reference.owner
    }
    try refuse(.unknownAuthorization(reference.group), if: !isNamed)  // 39
}

extension CloudState {
    /// The rules that a permission to revoke means, by the switch `alibaba.revokePriority`.
    fileprivate func rules(
        of group: SecurityGroup, revokedBy permission: Permission
    ) -> [SecurityGroupRule] {
        let identity = permission.identity(in: group)
        return switch fleet.switches.revokePriority {
        case .exact: group.rules(with: identity)
        case .ignore: group.rules(withAnyPriority: identity)
        }
    }
}

extension Refusal {
    static func unknownRule(
        _ id: RuleID, _ code: Switches.AlibabaMissingRuleID = .notFound
    ) -> Refusal {
        let message = "the security group has no such rule as `\(id)`"
        return switch code {
        case .notFound: Refusal(404, "InvalidSecurityGroupRuleId.NotFound", message)
        case .invalidParameter: Refusal(400, "InvalidParam.SecurityGroupRuleId", message)
        }
    }

    fileprivate static func noSuchRule(_ group: SecurityGroupID) -> Refusal {
        Refusal(
            400, "InvalidSecurityGroupRule.RuleNotExist",
            "no rule of the security group `\(group)` fits")
    }

    fileprivate static let otherNicType = Refusal(
        403, "InvalidNicType.Mismatch", "the rule is there for the other network card type")

    fileprivate static func unknownAuthorization(_ group: SecurityGroupID) -> Refusal {
        Refusal(
            403, "InvalidGroupAuthItem.NotFound",
            "no rule names the security group `\(group)` of that account")
    }
}

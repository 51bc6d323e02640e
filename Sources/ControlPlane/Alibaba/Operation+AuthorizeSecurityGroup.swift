internal import CloudModel

extension Operation {
    /// Adds rules for inbound traffic. A rule that is there already is no mistake and not added.
    ///
    /// Checks as RevokeSecurityGroup makes them, then those that only new rules need (SEMANTICS D).
    static let authorizeSecurityGroup = Operation(
        "AuthorizeSecurityGroup", parameters: authorizationParameters(.ingress)
    ) { parameters, state throws(Refusal) in
        try planAuthorization(parameters, state, .ingress)
    }

    /// Adds rules for outbound traffic.
    static let authorizeSecurityGroupEgress = Operation(
        "AuthorizeSecurityGroupEgress", parameters: authorizationParameters(.egress)
    ) { parameters, state throws(Refusal) in
        try planAuthorization(parameters, state, .egress)
    }

    private static func authorizationParameters(_ direction: Direction) -> Set<String> {
        PermissionField.names(for: direction).union([
            "RegionId", "ClientToken", "SecurityGroupId", "Permissions",
        ])
    }
}

private func planAuthorization(
    _ parameters: Parameters, _ state: CloudState, _ direction: Direction
) throws(Refusal) -> Plan {
    let call = try PermissionCall(parameters, direction)
    guard case .permissions(let given) = call.rules else { return Plan() }
    let permissions = given.map(state.normalized)
    for permission in permissions { try permission.refuseEqualEnds() }
    let group = try state.groupToChange(call, permissions)
    for permission in permissions {
        try state.check(permission, in: group)
        try state.checkPrefixList(of: permission, in: group)
    }
    let rules = permissions.filter { group.rules(with: $0.identity(in: group)).isEmpty }
        .map { $0.rule(in: group) }
    try state.refuseTooMany(rules, in: group)
    return state.addition(of: rules, to: group.id)
}

extension CloudState {
    /// The plan that adds `rules`, with ids from the rule counter, to a group.
    func addition(of rules: [SecurityGroupRule], to group: SecurityGroupID) -> Plan {
        let numbers = freeRuleNumbers(rules.count)
        let changes = zip(rules, numbers).map { rule, number in
            var rule = rule
            rule.id = RuleID(number: number)
            return FleetChange.ruleAdded(rule, to: group)
        }
        return Plan(changes: changes, lastRuleNumber: numbers.last)
    }

    /// Refuses a prefix list whose addresses the rule could never meet, or that has no room for one
    /// more group. Source: SEMANTICS A.10.
    func checkPrefixList(
        of permission: Permission, in group: SecurityGroup
    ) throws(Refusal) {
        guard case .prefixList(let id) = permission.rule.peer, let list = prefixList(id) else {
            return
        }
        let otherICMP: IPProtocol = list.addressFamily == .ipv4 ? .icmpv6 : .icmp
        let local = permission.rule.localCIDR?.family ?? list.addressFamily
        try refuse(
            .prefixListFamily(id),
            if: permission.rule.ipProtocol == .only(otherICMP) || local != list.addressFamily)
        let users = groups(naming: id)
        try refuse(
            .tooManyAssociations(id),
            if: users.count >= associationLimit && !users.contains(group.id))
    }

    /// Refuses to add `rules` if the group or one of its members would have too many.
    ///
    /// - Complexity: O(members of the group).
    fileprivate func refuseTooMany(
        _ rules: [SecurityGroupRule], in group: SecurityGroup
    ) throws(Refusal) {
        let facts = facts(of: group.id)
        let references = rules.count { if case .securityGroup = $0.peer { true } else { false } }
        try refuse(
            .tooManyReferences(limit: fleet.quotas.groupReferencesPerGroup),
            if: references > 0
                && facts.groupReferenceCount + references > fleet.quotas.groupReferencesPerGroup)
        let added = rules.reduce(0) { $0 + weight(of: $1) }
        guard added > 0 else { return }
        if let limit = fleet.quotas.rulesPerGroup {
            try refuse(.tooManyGroupRules(limit: limit), if: facts.ruleWeight + added > limit)
        }
        let limit = fleet.quotas.rulesPerInterface
        guard heaviestRuleWeight * mostGroupsOfInterface + added > limit else { return }
        for member in facts.members {
            let groups = interface(member)?.securityGroups ?? []
            let count = groups.reduce(added) { $0 + self.facts(of: $1).ruleWeight }
            try refuse(.tooManyGroupRules(limit: limit), if: count > limit)
        }
    }
}

/// How many groups may name a prefix list. Source: SEMANTICS A.10.
private let associationLimit = 1000

extension Permission {
    /// Refuses a rule from a block to the same block.
    func refuseEqualEnds() throws(Refusal) {
        guard case .cidr(let peer) = rule.peer else { return }
        try refuse(.equalEnds, if: peer == rule.localCIDR)
    }
}

extension Refusal {
    fileprivate static let equalEnds = Refusal(
        400, "InvalidParamter.Conflict", "source and destination of the rule are the same block")

    fileprivate static func prefixListFamily(_ id: PrefixListID) -> Refusal {
        Refusal(
            400, "InvalidParam.PrefixListAddressFamilyMismatch",
            "the addresses of the prefix list `\(id)` are of the other ip version")
    }

    fileprivate static func tooManyAssociations(_ id: PrefixListID) -> Refusal {
        Refusal(
            403, "LimitExceed.PrefixListAssociationResource",
            "the prefix list `\(id)` is named by \(associationLimit) security groups already")
    }

    fileprivate static func tooManyReferences(limit: Int) -> Refusal {
        Refusal(
            400, "AuthorizedGroupRule.LimitExceed",
            "a security group can have at most \(limit) rules that name groups")
    }

    fileprivate static func tooManyGroupRules(limit: Int) -> Refusal {
        Refusal(403, "AuthorizationLimitExceed", "there would be more than \(limit) rules")
    }
}

internal import CloudModel

extension Operation {
    /// Changes rules in place; their ids and directions stay. Source: SEMANTICS D.
    static let modifySecurityGroupRules = Operation(
        "ModifySecurityGroupRules",
        parameters: ["GroupId", "SecurityGroupRule", "SecurityGroupRules", "DryRun"],
        plan: planRules)
}

private func planRules(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let groupID = try parameters.text("GroupId", orRefuse: .malformedAWSGroupID(""))
    guard let groupID else { throw .missingParameter("GroupId") }
    let updates = try parameters.objects(
        "SecurityGroupRule", "SecurityGroupRules",
        known: ["SecurityGroupRuleId", "SecurityGroupRule"])
    try refuse(.missingParameter("SecurityGroupRule"), if: updates.isEmpty)
    try refuse(.malformedAWSGroupID(groupID), if: !groupID.isAWSGroupID)
    var replacements: [(id: String, service: IPService, peer: Peer, description: String?)] = []
    for update in updates {
        let id = try update.text("SecurityGroupRuleId", orRefuse: .malformedAWSRuleID(""))
        guard let id else { throw .missingParameter("SecurityGroupRuleId") }
        try refuse(.malformedAWSRuleID(id), if: !id.isIdentifier("sgr-"))
        try refuse(.repeatedRule(id), if: replacements.contains { $0.id == id })
        let rule = try update.object("SecurityGroupRule", orRefuse: .invalidValue(id))
        guard let rule else { throw .missingParameter("SecurityGroupRule") }
        try rule.refuseStrangers([
            "IpProtocol", "FromPort", "ToPort", "CidrIpv4", "CidrIpv6", "PrefixListId",
            "ReferencedGroupId", "Description",
        ])
        let description = rule.has("Description") ? try rule.ruleDescription() : nil
        replacements.append((id, try IPService(rule), try readPeer(rule), description))
    }
    let group = try state.ownAWSGroup(SecurityGroupID(groupID))
    try parameters.refuseDryRun()
    var after = group
    var changes: [FleetChange] = []
    for (id, service, peer, description) in replacements {
        guard let index = group.rules.firstIndex(where: { $0.id.text == id }) else {
            throw .unknownAWSRule(id)
        }
        let old = group.rules[index]
        try refuse(.otherPeerFamily(id), if: old.peer.isOfOtherFamily(than: peer))
        var new = old
        (new.ipProtocol, new.transport, new.peer) = (service.ipProtocol, service.transport, peer)
        new.description = description ?? ""
        try state.checkPeer(of: new, in: group)
        after.rules[index] = new
        if new != old { changes.append(.ruleReplaced(old, by: new, in: group.id)) }
    }
    let identities = Set(after.rules.map { RuleIdentity($0, isClassic: false) })
    try refuse(.duplicatePermission(group.id), if: identities.count < after.rules.count)
    return Plan(changes: changes)
}

/// The one peer of a rule.
private func readPeer(_ parameters: Parameters) throws(Refusal) -> Peer {
    let names = ["CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId"]
    let given = names.filter(parameters.has)
    try refuse(.missingParameter(names[0]), if: given.isEmpty)
    try refuse(
        .badCombination("`\(given[0])` and `\(given.last ?? "")` exclude each other"),
        if: given.count > 1)
    switch given[0] {
    case "CidrIpv4": return try parameters.block("CidrIpv4", .ipv4)
    case "CidrIpv6": return try parameters.block("CidrIpv6", .ipv6)
    default:
        let id = try parameters.text(given[0], orRefuse: .invalidValue(given[0])) ?? ""
        if given[0] == "PrefixListId" { return .prefixList(PrefixListID(id)) }
        try refuse(.malformedAWSGroupID(id), if: !id.isAWSGroupID)
        return .securityGroup(GroupReference(SecurityGroupID(id)))
    }
}

extension Peer {
    /// Whether both are blocks, of different ip versions.
    fileprivate func isOfOtherFamily(than other: Peer) -> Bool {
        guard case .cidr(let mine) = self, case .cidr(let others) = other else { return false }
        return mine.family != others.family
    }
}

extension Refusal {
    fileprivate static func unknownAWSRule(_ id: String) -> Refusal {
        Refusal(
            400, "InvalidSecurityGroupRuleId.NotFound",
            "the security group has no such rule as `\(id)`")
    }

    fileprivate static func repeatedRule(_ id: String) -> Refusal {
        Refusal(400, "InvalidParameterValue", "the rule `\(id)` is given more than once")
    }

    fileprivate static func otherPeerFamily(_ id: String) -> Refusal {
        Refusal(
            400, "InvalidParameterValue", "the ip version of the rule `\(id)` cannot change")
    }
}

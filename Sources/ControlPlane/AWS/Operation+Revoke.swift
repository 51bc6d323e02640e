internal import CloudModel

extension Operation {
    /// Removes inbound rules, by id or by what they say.
    ///
    /// The numbers are the rows of SEMANTICS C.5, in whose order the checks are made.
    static let revokeIngress = Operation(
        "RevokeSecurityGroupIngress",
        parameters: RuleCall.commonNames.union(RuleCall.ruleIDNames).union(RuleCall.flatNames)
            .union(["GroupName"])
    ) { parameters, state throws(Refusal) in
        try planRevocation(parameters, state, .ingress)
    }

    /// Removes outbound rules. The flat parameters exist for inbound ones only (SEMANTICS B.8).
    static let revokeEgress = Operation(
        "RevokeSecurityGroupEgress",
        parameters: RuleCall.commonNames.union(RuleCall.ruleIDNames)
    ) { parameters, state throws(Refusal) in
        try planRevocation(parameters, state, .egress)
    }
}

private func planRevocation(
    _ parameters: Parameters, _ state: CloudState, _ direction: Direction
) throws(Refusal) -> Plan {
    let call = try RuleCall(parameters, direction, in: state)  // 2–8
    switch call.rules {
    case .ids(let ids):
        var rules: [SecurityGroupRule] = []
        for id in ids where !rules.contains(where: { $0.id == id }) {
            guard let rule = call.group.rules.first(where: { $0.id == id }),
                rule.direction == direction
            else { throw .unknownRule(id, state.fleet.switches.awsRevokeMissingIDCode) }  // 9
            rules.append(rule)
        }
        return removal(of: rules, from: call.group)
    case .permissions(let permissions):
        let isByGroupName = parameters.has("SourceSecurityGroupName")
        return try planRevocation(
            of: permissions, in: call.group, state, isByGroupName: isByGroupName)
    }
}

/// A permission that fits no rule fails the call, or in a default VPC is reported and left.
private func planRevocation(
    of permissions: [IPPermission], in group: SecurityGroup, _ state: CloudState,
    isByGroupName: Bool
) throws(Refusal) -> Plan {
    var found: [SecurityGroupRule] = []
    var unknown: [ParameterValue] = []
    for permission in permissions {
        var missing: [SecurityGroupRule] = []
        for rule in permission.rules {
            let fitting = group.rules(with: RuleIdentity(rule, isClassic: false))
            if fitting.isEmpty { missing.append(rule) } else { found += fitting }
        }
        if !missing.isEmpty { unknown.append(permission.value(withPeersOf: missing)) }
    }
    // A group named by the flat form stands for three rules, of which any may be there.
    if isByGroupName, !found.isEmpty { unknown = [] }
    if !unknown.isEmpty {
        try refuse(.noSuchPermission(group.id), if: !state.isInDefaultVPC(group))  // 10
    }
    var plan = removal(of: found, from: group)
    if !unknown.isEmpty { plan.returned["unknownPermissions"] = .array(unknown) }
    return plan
}

private func removal(of rules: [SecurityGroupRule], from group: SecurityGroup) -> Plan {
    Plan(
        changes: rules.map { .ruleRemoved($0, from: group.id) },
        returned: ["revokedRules": .array(rules.map { $0.value(in: group.id) })])
}

extension SecurityGroupRule {
    /// The rule as AWS writes it. Source: SEMANTICS B.8.
    func value(in group: SecurityGroupID) -> ParameterValue {
        var members: [String: ParameterValue] = [
            "securityGroupRuleId": .string(id.text), "groupId": .string(group.text),
            "isEgress": .bool(direction == .egress),
            "ipProtocol": .string(ipProtocol == .all ? "-1" : ipProtocol.description),
            "fromPort": .integer(awsPorts.from), "toPort": .integer(awsPorts.to),
        ]
        switch peer {
        case .cidr(let block):
            members[block.family == .ipv4 ? "cidrIpv4" : "cidrIpv6"] = .string(block.cidrText)
        case .prefixList(let id): members["prefixListId"] = .string(id.text)
        case .securityGroup(let reference): members["referencedGroupInfo"] = reference.value
        }
        if !description.isEmpty { members["description"] = .string(description) }
        return .object(members)
    }

    private var awsPorts: (from: Int, to: Int) {
        switch transport {
        case .destinationPorts(let range): (Int(range.lower), Int(range.upper))
        case .icmp(let type, let code): (Int(type), code.map { Int($0) } ?? -1)
        case .any where ipProtocol.hasFilteredPorts: (0, 65535)
        case .any, .portList: (-1, -1)
        }
    }
}

extension Refusal {
    fileprivate static func unknownRule(
        _ id: RuleID, _ code: Switches.AWSMissingRuleID
    ) -> Refusal {
        Refusal(400, code.rawValue, "the security group has no such rule as `\(id)`")
    }

    fileprivate static func noSuchPermission(_ group: SecurityGroupID) -> Refusal {
        Refusal(
            400, "InvalidPermission.NotFound",
            "a permission fits no rule of the security group `\(group)`")
    }
}

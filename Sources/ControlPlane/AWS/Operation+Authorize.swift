internal import CloudModel

extension Operation {
    /// Adds inbound rules, one for each peer of each permission. Source: SEMANTICS B.1, B.8, D.
    static let authorizeIngress = Operation(
        "AuthorizeSecurityGroupIngress",
        parameters: RuleCall.commonNames.union(RuleCall.flatNames).union([
            "GroupName", "TagSpecification", "TagSpecifications",
        ])
    ) { parameters, state throws(Refusal) in
        try planAuthorization(parameters, state, .ingress)
    }

    /// Adds outbound rules.
    static let authorizeEgress = Operation(
        "AuthorizeSecurityGroupEgress",
        parameters: RuleCall.commonNames.union(["TagSpecification", "TagSpecifications"])
    ) { parameters, state throws(Refusal) in
        try planAuthorization(parameters, state, .egress)
    }
}

private func planAuthorization(
    _ parameters: Parameters, _ state: CloudState, _ direction: Direction
) throws(Refusal) -> Plan {
    let call = try RuleCall(parameters, direction, in: state)
    guard case .permissions(let permissions) = call.rules else { return Plan() }
    let rules = permissions.flatMap(\.rules)
    for rule in rules { try state.checkPeer(of: rule, in: call.group) }
    for rule in rules {
        let twins = call.group.rules(with: RuleIdentity(rule, isClassic: false))
        try refuse(.duplicatePermission(call.group.id), if: !twins.isEmpty)
    }
    try state.refuseTooManyAWSRules(rules, in: call.group)
    var plan = state.addition(of: rules, to: call.group.id)
    plan.returned["securityGroupRules"] = .array(
        plan.changes.compactMap { change in
            guard case .ruleAdded(let rule, let group) = change else { return nil }
            return rule.value(in: group)
        })
    return plan
}

extension CloudState {
    /// Refuses a rule whose peer is not there, or is where the group cannot reach it.
    func checkPeer(of rule: SecurityGroupRule, in group: SecurityGroup) throws(Refusal) {
        switch rule.peer {
        case .cidr: break
        case .prefixList(let id):
            try refuse(.unknownAWSPrefixList(id), if: prefixList(id) == nil)
        case .securityGroup(let reference):
            // The groups of another account can be there without the fleet knowing (peering).
            guard reference.owner == nil else { break }
            guard let peer = self.group(reference.group), peer.vpc == group.vpc else {
                throw .unknownAWSGroup(reference.group.text)
            }
        }
    }

    /// Refuses to add `rules` if the group would have too many for a direction and ip version. A
    /// rule that names a group counts for both versions. Source: SEMANTICS B.10.
    func refuseTooManyAWSRules(
        _ rules: [SecurityGroupRule], in group: SecurityGroup
    ) throws(Refusal) {
        let limit = fleet.quotas.rulesPerGroup ?? awsRulesPerGroup
        for direction in Direction.allCases {
            guard rules.contains(where: { $0.direction == direction }) else { continue }
            for family in AddressFamily.allCases {
                let count = (group.rules + rules).reduce(0) { count, rule in
                    rule.direction == direction && isFor(family, rule)
                        ? count + weight(of: rule) : count
                }
                try refuse(.tooManyAWSRules(limit: limit), if: count > limit)
            }
        }
    }

    private func isFor(_ family: AddressFamily, _ rule: SecurityGroupRule) -> Bool {
        switch rule.peer {
        case .cidr(let block): block.family == family
        case .prefixList(let id): prefixList(id)?.addressFamily == family
        case .securityGroup: true
        }
    }
}

/// The quota of an account that asked for no other. Source: SEMANTICS B.10.
private let awsRulesPerGroup = 60

extension Refusal {
    static func duplicatePermission(_ group: SecurityGroupID) -> Refusal {
        Refusal(
            400, "InvalidPermission.Duplicate",
            "the security group `\(group)` has the rule already")
    }

    fileprivate static func tooManyAWSRules(limit: Int) -> Refusal {
        Refusal(
            400, "RulesPerSecurityGroupLimitExceeded",
            "a security group can have \(limit) rules for each direction and ip version")
    }
}

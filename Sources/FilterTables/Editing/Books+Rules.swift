internal import CloudModel

/// Rules as tables take them, and rules that wait.
extension Books {
    /// A rule in the form that tables take; `nil` for one that nothing can match.
    func tableRule(for rule: SecurityGroupRule) -> TableRule? {
        guard let peer = test(for: rule.peer) else { return nil }
        var ranges: [PortRange] = []
        if case .portList(let list) = rule.transport { ranges = facts.ranges(of: list) }
        let form = TableRule(rule, peer: peer, portList: ranges)
        return form.tests.isEmpty ? nil : form
    }

    private func test(for peer: Peer) -> TableRule.AddressTest? {
        switch peer {
        case .cidr(let block): return TableRule.AddressTest(block)
        case .prefixList(let list):
            return facts.number(of: list).map { .selector(.prefixList($0)) }
        case .securityGroup(let reference):
            guard !reference.isStale else { return nil }
            return number(of: reference.group).map { .selector(.group($0)) }
        }
    }

    // MARK: Waiting

    /// Notes a rule that nothing can match, if it may once a group is there.
    mutating func wait(for rule: SecurityGroupRule, inGroup group: Int) {
        guard let missing = missingGroup(of: rule) else { return }
        waitingRules[missing, default: []].append((rule, group))
    }

    /// Forgets a rule that nothing could match.
    mutating func stopWaiting(for rule: SecurityGroupRule, inGroup group: Int) {
        guard let missing = missingGroup(of: rule) else { return }
        waitingRules[missing]?.removeAll { $0.rule.id == rule.id && $0.group == group }
        if waitingRules[missing]?.isEmpty == true { waitingRules[missing] = nil }
    }

    /// The rules that waited for a group, which wait no more.
    mutating func takeRules(
        waitingFor group: SecurityGroupID
    ) -> [(rule: SecurityGroupRule, group: Int)] {
        waitingRules.removeValue(forKey: group) ?? []
    }

    /// The group that a rule names, if that is what the fleet lacks.
    private func missingGroup(of rule: SecurityGroupRule) -> SecurityGroupID? {
        guard case .securityGroup(let reference) = rule.peer, !reference.isStale,
            number(of: reference.group) == nil
        else { return nil }
        return reference.group
    }
}

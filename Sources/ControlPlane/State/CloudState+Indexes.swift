internal import CloudModel

/// The indexes, kept in step with the fleet.
extension CloudState {
    mutating func noteMemberships(of interface: NetworkInterface) {
        mostGroupsOfInterface = max(mostGroupsOfInterface, interface.securityGroups.count)
        for group in interface.securityGroups {
            groupFacts[group, default: GroupFacts()].members.insert(interface.id)
            groupFacts[group, default: GroupFacts()].addressCount += interface.addresses.count
        }
    }

    mutating func noteAttachment(of interface: NetworkInterface) {
        if let instance = interface.instance {
            instanceInterfaces[instance, default: []].insert(interface.id)
        }
        if let attachment = interface.attachment { attachments[attachment] = interface.id }
    }

    mutating func forget(_ interface: NetworkInterface) {
        for group in interface.securityGroups {
            groupFacts[group]?.members.remove(interface.id)
            groupFacts[group]?.addressCount -= interface.addresses.count
        }
        if let instance = interface.instance {
            instanceInterfaces[instance]?.remove(interface.id)
        }
        if let attachment = interface.attachment { attachments[attachment] = nil }
    }

    /// Counts `rule` of `group` once more, or with -1 once less, wherever rules are counted.
    mutating func note(
        _ rule: SecurityGroupRule, in group: SecurityGroupID, times: Int
    ) {
        weigh(rule, in: group, times: times)
        switch rule.peer {
        case .cidr: break
        case .securityGroup(let reference):
            groupFacts[group, default: GroupFacts()].groupReferenceCount += times
            guard reference.owner == nil, !reference.isStale else { break }
            groupFacts[reference.group, default: GroupFacts()].uses.count(group, times)
        case .prefixList(let list):
            prefixListUses[list, default: [:]].count(group, times)
        }
    }

    mutating func noteWeights(of group: SecurityGroupID, times: Int) {
        for rule in self.group(group)?.rules ?? [] {
            weigh(rule, in: group, times: times)
        }
    }

    private mutating func weigh(
        _ rule: SecurityGroupRule, in group: SecurityGroupID, times: Int
    ) {
        let added = times * weight(of: rule)
        groupFacts[group, default: GroupFacts()].ruleWeight += added
        if added > 0 { heaviestRuleWeight = max(heaviestRuleWeight, facts(of: group).ruleWeight) }
    }
}

extension Dictionary where Value == Int {
    /// Adds `times` to the count of `key`, and forgets a key that counts nothing.
    fileprivate mutating func count(_ key: Key, _ times: Int) {
        let sum = self[key, default: 0] + times
        self[key] = sum == 0 ? nil : sum
    }
}

extension RuleID {
    /// The number of an id that the rule counter gave, or could give.
    var number: Int? {
        guard text.hasPrefix("sgr-"), text.utf8.count == 21 else { return nil }
        return Int(text.dropFirst(4), radix: 16)
    }
}

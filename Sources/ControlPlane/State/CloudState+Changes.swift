internal import CloudModel

extension CloudState {
    /// Takes `number` and those before it out of the rule counter.
    mutating func useRuleNumbers(through number: Int) {
        fleet.nextRuleNumber = max(fleet.nextRuleNumber, number + 1)
    }

    /// Carries out one change.
    ///
    /// - Complexity: O(rules of the group) for a rule, O(groups) for a removed group, O(1) else.
    /// - Precondition: the change fits the state.
    mutating func apply(_ change: FleetChange) {
        switch change {
        case .ruleAdded(let rule, let group):
            fleet.securityGroups[position(of: group)].rules.append(rule)
            note(rule, in: group, times: 1)
        case .ruleRemoved(let rule, let group):
            let position = position(of: group)
            let index = self.index(of: rule.id, inGroupAt: position)
            fleet.securityGroups[position].rules.remove(at: index)
            note(rule, in: group, times: -1)
        case .ruleReplaced(let old, let new, let group):
            let position = position(of: group)
            let index = self.index(of: old.id, inGroupAt: position)
            fleet.securityGroups[position].rules[index] = new
            note(old, in: group, times: -1)
            note(new, in: group, times: 1)
        case .groupAdded(let group): add(group)
        case .groupRemoved(let group): remove(group)
        case .innerAccessPolicyChanged(let group, let policy):
            fleet.securityGroups[position(of: group)].innerAccessPolicy = policy
        case .securityGroupsReplaced(let id, _, let groups):
            edit(id) { $0.securityGroups = groups }
        case .statusChanged(let id, _, let status):
            fleet.networkInterfaces[position(of: id)].status = status
        case .attachmentChanged(let id, let attachment):
            edit(id) { $0.attachmentState = attachment }
        case .addressesAdded(let blocks, let id):
            edit(id) { $0.addresses += blocks }
        case .addressesRemoved(let blocks, let id):
            edit(id) { $0.addresses.removeAll(where: blocks.contains) }
        case .prefixListEntriesChanged(let id, let removed, let added):
            let position = position(of: id)
            fleet.prefixLists[position].entries.removeAll(where: removed.contains)
            fleet.prefixLists[position].entries += added
        case .prefixListRevised(let id, let maxEntries, let version):
            revise(id, maxEntries: maxEntries, version: version)
        case .connectionTrackingChanged(let id, let tracking):
            fleet.networkInterfaces[position(of: id)].connectionTracking = tracking
        }
    }

    private func position(of id: SecurityGroupID) -> Int {
        guard let position = groupPositions[id] else { preconditionFailure("unknown group \(id)") }
        return position
    }

    private func position(of id: NetworkInterfaceID) -> Int {
        guard let position = interfacePositions[id] else {
            preconditionFailure("unknown interface \(id)")
        }
        return position
    }

    private func position(of id: PrefixListID) -> Int {
        guard let position = prefixListPositions[id] else {
            preconditionFailure("unknown prefix list \(id)")
        }
        return position
    }

    private func index(of rule: RuleID, inGroupAt position: Int) -> Int {
        guard let index = fleet.securityGroups[position].rules.firstIndex(where: { $0.id == rule })
        else { preconditionFailure("unknown rule \(rule)") }
        return index
    }

    private mutating func add(_ group: SecurityGroup) {
        groupPositions[group.id] = fleet.securityGroups.count
        // The facts may be there: rules may name a group of another account, or one that is gone.
        groupFacts[group.id, default: GroupFacts()].members = []
        fleet.securityGroups.append(group)
        for rule in group.rules { note(rule, in: group.id, times: 1) }
    }

    private mutating func remove(_ group: SecurityGroup) {
        for rule in group.rules { note(rule, in: group.id, times: -1) }
        fleet.securityGroups.remove(at: position(of: group.id))
        groupPositions = [:]
        for (position, group) in fleet.securityGroups.enumerated() {
            groupPositions[group.id] = position
        }
    }

    private mutating func revise(_ id: PrefixListID, maxEntries: Int, version: Int?) {
        let position = position(of: id)
        let groups = prefixListUses[id] ?? [:]
        // All rules of the groups that name the list are weighed again, with the new capacity.
        for group in groups.keys { noteWeights(of: group, times: -1) }
        fleet.prefixLists[position].maxEntries = maxEntries
        fleet.prefixLists[position].version = version
        for group in groups.keys { noteWeights(of: group, times: 1) }
    }

    /// Changes an interface and what the indexes say about it.
    private mutating func edit(
        _ id: NetworkInterfaceID, _ change: (inout NetworkInterface) -> Void
    ) {
        let position = position(of: id)
        forget(fleet.networkInterfaces[position])
        change(&fleet.networkInterfaces[position])
        noteMemberships(of: fleet.networkInterfaces[position])
        noteAttachment(of: fleet.networkInterfaces[position])
    }
}

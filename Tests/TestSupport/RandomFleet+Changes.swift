package import CloudModel

extension RandomFleet {
    /// A change that fits the fleet, and has happened to it when this returns.
    package mutating func nextChange() -> FleetChange {
        var change: FleetChange?
        while change == nil {
            switch number(in: 0...13) {
            case 0...2: change = addedRule()
            case 3, 4: change = removedRule()
            case 5: change = replacedRule()
            case 6: change = oneIn(2) ? addedGroup() : removedGroup()
            case 7: change = changedPolicy()
            case 8, 9: change = changedMembership()
            case 10: change = changedStatus()
            case 11: change = addedAddresses()
            case 12: change = removedAddresses()
            default: change = changedEntries()
            }
        }
        guard let change else { preconditionFailure("the loop ends with a change") }
        fleet.apply(change)
        return change
    }

    private mutating func oneIn(_ count: Int) -> Bool { number(in: 1...count) == 1 }

    private mutating func index(of count: Int) -> Int? {
        count == 0 ? nil : number(in: 0...count - 1)
    }

    // MARK: Rules

    private mutating func newRule() -> SecurityGroupRule {
        changeCount += 1
        var rule = rule(number: 10_000 + changeCount)
        // Ids that agree in more letters than an order holds.
        if oneIn(4) { rule.id = RuleID("sgr-bp1abcdefghijklm\(changeCount)") }
        return rule
    }

    private mutating func addedRule() -> FleetChange? {
        guard let group = index(of: fleet.securityGroups.count),
            fleet.securityGroups[group].rules.count < 24
        else { return nil }
        return .ruleAdded(newRule(), to: fleet.securityGroups[group].id)
    }

    private mutating func someRule() -> (SecurityGroupRule, SecurityGroupID)? {
        guard let group = index(of: fleet.securityGroups.count),
            let rule = index(of: fleet.securityGroups[group].rules.count)
        else { return nil }
        return (fleet.securityGroups[group].rules[rule], fleet.securityGroups[group].id)
    }

    private mutating func removedRule() -> FleetChange? {
        someRule().map { .ruleRemoved($0, from: $1) }
    }

    private mutating func replacedRule() -> FleetChange? {
        guard let (old, group) = someRule() else { return nil }
        var new = oneIn(2) ? old : newRule()
        new.id = old.id
        new.direction = old.direction
        if new == old { new.description += "'" }
        return .ruleReplaced(old, by: new, in: group)
    }

    // MARK: Groups

    private mutating func addedGroup() -> FleetChange? {
        guard fleet.securityGroups.count < 8, let vpc = index(of: fleet.vpcs.count) else {
            return nil
        }
        changeCount += 1
        let isEnterprise = shape.vendor == .alibaba && oneIn(3)
        var group = SecurityGroup(
            id: SecurityGroupID("sg-new-\(changeCount)"), vpc: fleet.vpcs[vpc].id,
            type: isEnterprise ? .enterprise : .normal)
        if shape.vendor == .aws { group.innerAccessPolicy = .drop }
        for _ in 0..<number(in: 0...3) { group.rules.append(newRule()) }
        return .groupAdded(group)
    }

    private mutating func removedGroup() -> FleetChange? {
        guard fleet.securityGroups.count > 1, let place = index(of: fleet.securityGroups.count)
        else { return nil }
        let group = fleet.securityGroups[place]
        let isNamed = fleet.securityGroups.contains { other in
            other.id != group.id
                && other.rules.contains { rule in
                    guard case .securityGroup(let peer) = rule.peer else { return false }
                    return peer.group == group.id
                }
        }
        let hasMembers = fleet.networkInterfaces.contains { $0.securityGroups.contains(group.id) }
        return isNamed || hasMembers ? nil : .groupRemoved(group)
    }

    private mutating func changedPolicy() -> FleetChange? {
        guard shape.vendor == .alibaba, let place = index(of: fleet.securityGroups.count),
            fleet.securityGroups[place].type == .normal
        else { return nil }
        let group = fleet.securityGroups[place]
        return .innerAccessPolicyChanged(
            of: group.id, to: group.innerAccessPolicy == .accept ? .drop : .accept)
    }

    // MARK: Interfaces

    private mutating func someInterface() -> NetworkInterface? {
        index(of: fleet.networkInterfaces.count).map { fleet.networkInterfaces[$0] }
    }

    private mutating func changedMembership() -> FleetChange? {
        guard let interface = someInterface() else { return nil }
        let type: SecurityGroupType = oneIn(4) ? .enterprise : .normal
        var eligible = fleet.securityGroups.filter { $0.vpc == interface.vpc && $0.type == type }
            .map(\.id)
        var groups: [SecurityGroupID] = []
        for _ in 0..<number(in: 0...3) {
            guard let place = index(of: eligible.count) else { break }
            groups.append(eligible.remove(at: place))
        }
        guard groups != interface.securityGroups else { return nil }
        return .securityGroupsReplaced(
            of: interface.id, from: interface.securityGroups, to: groups)
    }

    private mutating func changedStatus() -> FleetChange? {
        guard let interface = someInterface(),
            let place = index(of: NetworkInterfaceStatus.allCases.count)
        else { return nil }
        let status = NetworkInterfaceStatus.allCases[place]
        return status == interface.status
            ? nil : .statusChanged(of: interface.id, from: interface.status, to: status)
    }

    /// Addresses that others may have too, and blocks around them: tables must not mind.
    private mutating func addedAddresses() -> FleetChange? {
        guard let interface = someInterface(), interface.addresses.count < 6 else { return nil }
        let new = block(oneIn(3) ? .ipv6 : .ipv4).canonical
        guard new.prefixLength > 0, !interface.addresses.contains(new) else { return nil }
        return .addressesAdded([new], to: interface.id)
    }

    private mutating func removedAddresses() -> FleetChange? {
        guard let interface = someInterface(), let place = index(of: interface.addresses.count)
        else { return nil }
        return .addressesRemoved([interface.addresses[place]], from: interface.id)
    }

    // MARK: Lists

    private mutating func changedEntries() -> FleetChange? {
        guard let place = index(of: fleet.prefixLists.count) else { return nil }
        let list = fleet.prefixLists[place]
        let removed = list.entries.filter { _ in oneIn(3) }
        let new = (0..<number(in: 0...2)).map { _ in block(list.addressFamily).canonical }
        let added = Set(new).subtracting(list.entries).sorted()
        guard !removed.isEmpty || !added.isEmpty else { return nil }
        return .prefixListEntriesChanged(of: list.id, removed: removed, added: added)
    }
}

import CloudModel

/// Finds the interfaces whose policies the difference between two fleets can touch.
///
/// What two loaded fleets share, as after a call on one of them, is seen to be equal without looking at
/// its elements.
struct TouchedInterfaces {
    private let before: FleetIndex
    private let after: FleetIndex

    init(_ before: FleetIndex, _ after: FleetIndex) {
        self.before = before
        self.after = after
    }

    /// The ids of the interfaces, in ascending order. More may be there than need be, never fewer.
    ///
    /// - Complexity: linear in the fleets; their rules are looked at where groups differ, and all of
    ///   them only if the members of a group or the entries of a list do.
    func ids() -> [NetworkInterfaceID] {
        let all = Set(before.interfaces.keys).union(after.interfaces.keys)
        guard hasSameSettings else { return all.sorted() }
        let groups = touchedGroups()
        return all.filter { id in
            guard let old = before.interfaces[id], let new = after.interfaces[id],
                hasSameFilter(old, new)
            else { return true }
            return old.securityGroups.contains { groups.contains($0) }
        }.sorted()
    }

    /// Whether what the fleets say about all interfaces at once is the same.
    private var hasSameSettings: Bool {
        let (old, new) = (before.fleet, after.fleet)
        return old.vendor == new.vendor
            && old.switches.innerAcceptEgress == new.switches.innerAcceptEgress
            && old.loadBalancerSources == new.loadBalancerSources
            && old.platformProbes == new.platformProbes
            && (old.vendor != .aws || old.vpcs == new.vpcs)
    }

    /// Whether the interface's own part in its policy is the same.
    private func hasSameFilter(_ old: NetworkInterface, _ new: NetworkInterface) -> Bool {
        old.status.carriesTraffic == new.status.carriesTraffic && old.vpc == new.vpc
            && Set(old.securityGroups) == Set(new.securityGroups)
            && Set(old.addresses) == Set(new.addresses)
    }

    /// The groups whose rules or whose rules' selectors differ.
    private func touchedGroups() -> Set<SecurityGroupID> {
        let resized = groupsWithOtherMembers()
        var touched = differing(before.groups, after.groups).filter { id in
            guard let old = before.groups[id], let new = after.groups[id] else { return true }
            return !haveSameFilter(old, new)
        }
        let prefixLists = differing(before.prefixLists, after.prefixLists)
        let portLists = differing(before.portLists, after.portLists)
        guard !(resized.isEmpty && prefixLists.isEmpty && portLists.isEmpty) else {
            return touched
        }
        // A group that is the same in both fleets is found in either.
        for (id, group) in after.groups where !touched.contains(id) {
            let isTouched =
                resized.contains(id)
                || group.rules.contains { rule in
                    if case .portList(let list) = rule.transport, portLists.contains(list) {
                        return true
                    }
                    switch rule.peer {
                    case .cidr: return false
                    case .prefixList(let list): return prefixLists.contains(list)
                    case .securityGroup(let reference): return resized.contains(reference.group)
                    }
                }
            if isTouched { touched.insert(id) }
        }
        return touched
    }

    /// Whether the groups decide the same: the order of rules does not matter.
    private func haveSameFilter(_ old: SecurityGroup, _ new: SecurityGroup) -> Bool {
        old.type == new.type && old.innerAccessPolicy == new.innerAccessPolicy
            && old.rules.sorted { $0.id < $1.id } == new.rules.sorted { $0.id < $1.id }
    }

    /// The groups that an interface joined or left, or whose members' addresses differ.
    private func groupsWithOtherMembers() -> Set<SecurityGroupID> {
        var groups: Set<SecurityGroupID> = []
        for id in Set(before.interfaces.keys).union(after.interfaces.keys) {
            let (old, new) = (before.interfaces[id], after.interfaces[id])
            let (oldGroups, newGroups) = (
                Set(old?.securityGroups ?? []), Set(new?.securityGroups ?? [])
            )
            if Set(old?.addresses ?? []) == Set(new?.addresses ?? []) {
                groups.formUnion(oldGroups.symmetricDifference(newGroups))
            } else {
                groups.formUnion(oldGroups.union(newGroups))
            }
        }
        return groups
    }

    /// The keys whose values are not the same in both.
    private func differing<ID: CloudIdentifier, Value: Equatable>(
        _ old: [ID: Value], _ new: [ID: Value]
    ) -> Set<ID> {
        Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    }
}

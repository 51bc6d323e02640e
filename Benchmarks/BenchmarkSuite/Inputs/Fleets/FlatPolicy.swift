internal import CloudModel

/// What one interface does with what comes in, as an ordered list of plain rules: every rule that
/// names a prefix list or a group is as many as that has blocks. What a classifier that knows
/// neither has to be given.
struct FlatPolicy {
    /// The rules of the interface's groups in the order in which they decide.
    private(set) var rules: [SecurityGroupRule] = []
    /// The list, and for each of its rules the place in ``rules`` of the one that it comes from.
    private(set) var flat: [QuintupleRule] = []
    private(set) var origins: [Int32] = []

    /// The policy of the interface at `place` of the fleet's list.
    init(_ fleet: Fleet, interface place: Int) {
        let interface = fleet.networkInterfaces[place]
        let groups = Set(interface.securityGroups)
        for group in fleet.securityGroups where groups.contains(group.id) {
            rules += group.rules.filter { $0.direction == .ingress }
        }
        rules.sort { $0.isTriedBefore($1) }
        let peers = FleetPeers(fleet)
        let anywhere = CIDRBlock(IPAddress(ipv4: 0), prefixLength: 0)
        for (number, rule) in rules.enumerated() {
            for block in peers.blocks(of: rule.peer) {
                flat.append(rule.plain(source: block, destination: rule.localCIDR ?? anywhere))
                origins.append(Int32(number))
            }
        }
    }
}

extension Fleet {
    /// The fleet as the interface at `place` sees it: its own groups' rules, and who is in the groups
    /// that they name. The interface is the first of the list.
    func reduced(toInterface place: Int) -> Fleet {
        var reduced = self
        let interface = networkInterfaces[place]
        let own = Set(interface.securityGroups)
        var named = own
        for position in reduced.securityGroups.indices {
            guard own.contains(reduced.securityGroups[position].id) else {
                reduced.securityGroups[position].rules = []
                continue
            }
            for case .securityGroup(let reference) in reduced.securityGroups[position].rules
                .lazy.map(\.peer)
            { named.insert(reference.group) }
        }
        reduced.securityGroups.removeAll { !named.contains($0.id) }
        reduced.networkInterfaces.remove(at: place)
        reduced.networkInterfaces.removeAll { named.isDisjoint(with: $0.securityGroups) }
        reduced.networkInterfaces.insert(interface, at: 0)
        for position in reduced.networkInterfaces.indices {
            reduced.networkInterfaces[position].securityGroups.removeAll { !named.contains($0) }
        }
        reduced.vpcs.removeAll { $0.id != interface.vpc }
        reduced.networkInterfaces.removeAll { $0.vpc != interface.vpc }
        return reduced
    }
}

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
    /// The fleet as the tables for what comes in at the interface at `place` need it: its own groups'
    /// ingress rules, and the addresses of the groups that they name, as prefix lists. The interface is
    /// the only one.
    ///
    /// - Precondition: a fleet of ``FleetMaker``, whose addresses are IPv4 and whose groups are not open
    ///   inside.
    func reduced(toIngressOf place: Int) -> Fleet {
        let interface = networkInterfaces[place]
        let peers = FleetPeers(self)
        var reduced = self
        reduced.networkInterfaces = [interface]
        reduced.vpcs.removeAll { $0.id != interface.vpc }
        reduced.securityGroups = securityGroups.filter {
            interface.securityGroups.contains($0.id)
        }
        .map { group in
            var group = group
            group.rules = group.rules.filter { $0.direction == .ingress }.map(\.namingLists)
            return group
        }
        let named = Set(reduced.securityGroups.flatMap { $0.rules.map(\.peer) })
        for group in securityGroups where named.contains(.prefixList(group.id.asList)) {
            let members = peers.blocks(of: .securityGroup(GroupReference(group.id)))
            reduced.prefixLists.append(
                PrefixList(id: group.id.asList, addressFamily: .ipv4, entries: members))
        }
        reduced.prefixLists.removeAll { !named.contains(.prefixList($0.id)) }
        return reduced
    }
}

extension SecurityGroupRule {
    /// The rule with a list of the members in the place of a group that it names.
    fileprivate var namingLists: SecurityGroupRule {
        guard case .securityGroup(let reference) = peer else { return self }
        var rule = self
        rule.peer = .prefixList(reference.group.asList)
        return rule
    }
}

extension SecurityGroupID {
    /// The name of a list of the group's members.
    fileprivate var asList: PrefixListID { PrefixListID("pl-of-\(text)") }
}

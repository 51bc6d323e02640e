internal import CloudModel

extension CloudState {
    /// The interfaces whose own filtering `change` altered.
    func interfaces(changedBy change: FleetChange) -> Set<NetworkInterfaceID> {
        switch change {
        case .ruleAdded(_, let group), .ruleRemoved(_, let group), .ruleReplaced(_, _, let group),
            .innerAccessPolicyChanged(let group, _):
            facts(of: group).members
        case .groupAdded, .groupRemoved, .prefixListRevised, .attachmentChanged: []
        case .securityGroupsReplaced(let id, _, _), .statusChanged(let id, _, _),
            .connectionTrackingChanged(let id, _), .addressesAdded(_, let id),
            .addressesRemoved(_, let id):
            [id]
        case .prefixListEntriesChanged(let list, _, _):
            groups(naming: list).reduce(into: []) { $0.formUnion(facts(of: $1).members) }
        }
    }

    /// The interfaces at which `change` can alter a decision: through rules and groups of their own, or
    /// through a peer. Of an interface that only goes from one status to another, or takes other
    /// addresses or timeouts, the rules are what they were.
    func interfaces(reachedBy change: FleetChange) -> Set<NetworkInterfaceID> {
        let peers = interfaces(meetingPeersChangedBy: change)
        switch change {
        case .statusChanged, .connectionTrackingChanged, .addressesAdded, .addressesRemoved:
            return peers
        default:
            return interfaces(changedBy: change).union(peers)
        }
    }

    /// The interfaces to which the interface that `change` is about is a peer in another way now: of
    /// the groups that it joined, left, or has its addresses in, the members of those that are open
    /// inside, and of all of them the members of the groups whose rules name these.
    private func interfaces(
        meetingPeersChangedBy change: FleetChange
    ) -> Set<NetworkInterfaceID> {
        let groups: Set<SecurityGroupID> =
            switch change {
            case .securityGroupsReplaced(_, let old, let new):
                Set(old).symmetricDifference(new)
            case .addressesAdded(_, let id), .addressesRemoved(_, let id):
                Set(interface(id)?.securityGroups ?? [])
            default: []
            }
        return groups.reduce(into: []) { reached, group in
            if self.group(group)?.isOpenInside ?? false {
                reached.formUnion(facts(of: group).members)
            }
            for naming in facts(of: group).uses.keys {
                reached.formUnion(facts(of: naming).members)
            }
        }
    }
}

extension SecurityGroup {
    /// Whether members reach one another without a rule.
    fileprivate var isOpenInside: Bool { type == .normal && innerAccessPolicy == .accept }
}

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
}

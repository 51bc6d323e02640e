package import CloudModel

extension Fleet {
    /// Makes a change the obvious way, sharing no code with the control plane.
    package mutating func apply(_ change: FleetChange) {
        switch change {
        case .ruleAdded(let rule, let id): group(id) { $0.rules.append(rule) }
        case .ruleRemoved(let rule, let id): group(id) { $0.rules.removeAll { $0 == rule } }
        case .ruleReplaced(let old, let new, let id):
            group(id) { $0.rules = $0.rules.map { $0 == old ? new : $0 } }
        case .groupAdded(let group): securityGroups.append(group)
        case .groupRemoved(let group): securityGroups.removeAll { $0 == group }
        case .innerAccessPolicyChanged(let id, let policy):
            group(id) { $0.innerAccessPolicy = policy }
        case .securityGroupsReplaced(let id, let old, let new):
            interface(id) { if $0.securityGroups == old { $0.securityGroups = new } }
        case .statusChanged(let id, let old, let new):
            interface(id) { if $0.status == old { $0.status = new } }
        case .attachmentChanged(let id, let new): interface(id) { $0.attachmentState = new }
        case .addressesAdded(let blocks, let id): interface(id) { $0.addresses += blocks }
        case .addressesRemoved(let blocks, let id):
            interface(id) { $0.addresses = $0.addresses.filter { !blocks.contains($0) } }
        case .connectionTrackingChanged(let id, let new):
            interface(id) { $0.connectionTracking = new }
        case .prefixListEntriesChanged(let id, let removed, let added):
            list(id) { $0.entries = $0.entries.filter { !removed.contains($0) } + added }
        case .prefixListRevised(let id, let maxEntries, let version):
            list(id) {
                $0.maxEntries = maxEntries
                $0.version = version
            }
        }
    }

    /// The change that undoes one which is about to happen to this fleet: what tables say is the same
    /// after both, though resources may stand in another order.
    package func undoing(_ change: FleetChange) -> FleetChange {
        switch change {
        case .ruleAdded(let rule, let id): .ruleRemoved(rule, from: id)
        case .ruleRemoved(let rule, let id): .ruleAdded(rule, to: id)
        case .ruleReplaced(let old, let new, let id): .ruleReplaced(new, by: old, in: id)
        case .groupAdded(let group): .groupRemoved(group)
        case .groupRemoved(let group): .groupAdded(group)
        case .innerAccessPolicyChanged(let id, let policy):
            .innerAccessPolicyChanged(of: id, to: policy == .accept ? .drop : .accept)
        case .securityGroupsReplaced(let id, let old, let new):
            .securityGroupsReplaced(of: id, from: new, to: old)
        case .statusChanged(let id, let old, let new): .statusChanged(of: id, from: new, to: old)
        case .attachmentChanged(let id, _):
            .attachmentChanged(
                of: id,
                to: networkInterfaces.first { $0.id == id }?.attachmentState
                    ?? InterfaceAttachment())
        case .addressesAdded(let blocks, let id): .addressesRemoved(blocks, from: id)
        case .addressesRemoved(let blocks, let id): .addressesAdded(blocks, to: id)
        case .connectionTrackingChanged(let id, _):
            .connectionTrackingChanged(
                of: id,
                to: networkInterfaces.first { $0.id == id }?.connectionTracking
                    ?? ConnectionTracking())
        case .prefixListEntriesChanged(let id, let removed, let added):
            .prefixListEntriesChanged(of: id, removed: added, added: removed)
        case .prefixListRevised(let id, _, _):
            .prefixListRevised(
                id, maxEntries: prefixLists.first { $0.id == id }?.maxEntries ?? 1,
                version: prefixLists.first { $0.id == id }?.version)
        }
    }

    private mutating func group(_ id: SecurityGroupID, _ edit: (inout SecurityGroup) -> Void) {
        for index in securityGroups.indices where securityGroups[index].id == id {
            edit(&securityGroups[index])
        }
    }

    private mutating func interface(
        _ id: NetworkInterfaceID, _ edit: (inout NetworkInterface) -> Void
    ) {
        for index in networkInterfaces.indices where networkInterfaces[index].id == id {
            edit(&networkInterfaces[index])
        }
    }

    private mutating func list(_ id: PrefixListID, _ edit: (inout PrefixList) -> Void) {
        for index in prefixLists.indices where prefixLists[index].id == id {
            edit(&prefixLists[index])
        }
    }
}

extension FleetChange {
    /// A fleet that has nothing but what the change is about: its edges are where decisions differ.
    package func subject(in fleet: Fleet) -> Fleet {
        var subject = Fleet(vendor: fleet.vendor)
        subject.vpcs = fleet.vpcs
        subject.portLists = fleet.portLists
        switch self {
        case .ruleAdded(let rule, let id), .ruleRemoved(let rule, let id):
            subject.securityGroups = [SecurityGroup(id: id, rules: [rule])]
        case .ruleReplaced(let old, let new, let id):
            subject.securityGroups = [SecurityGroup(id: id, rules: [old, new])]
        case .groupAdded(let group), .groupRemoved(let group): subject.securityGroups = [group]
        case .innerAccessPolicyChanged(let id, _):
            subject.networkInterfaces = fleet.networkInterfaces.filter {
                $0.securityGroups.contains(id)
            }
        case .prefixListEntriesChanged(let id, let removed, let added):
            subject.prefixLists = [
                PrefixList(id: id, addressFamily: .ipv4, entries: removed + added)
            ]
        case .addressesAdded(let blocks, let id), .addressesRemoved(let blocks, let id):
            subject.networkInterfaces = [NetworkInterface(id: id, addresses: blocks)]
        case .securityGroupsReplaced(let id, _, _), .statusChanged(let id, _, _),
            .attachmentChanged(let id, _), .connectionTrackingChanged(let id, _):
            subject.networkInterfaces = fleet.networkInterfaces.filter { $0.id == id }
        case .prefixListRevised: break
        }
        return subject
    }
}

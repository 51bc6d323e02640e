internal import CloudModel

/// Checks that several calls make about interfaces, their instances and their groups.
extension CloudState {
    func refuseLocked(_ instance: Instance?) throws(Refusal) {
        guard let instance, instance.lockedForSecurity else { return }
        throw .instanceLocked(instance.id)
    }

    func refuseUnsettled(_ instance: Instance?) throws(Refusal) {
        guard let instance, !instance.isSettled else { return }
        throw .instanceStatus(instance)
    }

    /// Whether basic and advanced groups are among `groups`. Source: SEMANTICS A.9.
    func mixesTypes(_ groups: [SecurityGroupID]) -> Bool {
        Set(groups.compactMap { group($0)?.type }).count > 1
    }

    func refuseEnterprise(
        _ groups: [SecurityGroup], for instance: Instance?
    ) throws(Refusal) {
        guard let instance, !instance.capabilities.enterpriseGroups else { return }
        try refuse(
            .noEnterpriseGroups(instance.id), if: groups.contains { $0.type == .enterprise })
    }

    /// Refuses to have an interface in all of `groups` if they have too many rules together.
    func refuseTooManyRules(_ groups: [SecurityGroupID]) throws(Refusal) {
        let limit = fleet.quotas.rulesPerInterface
        let count = groups.reduce(0) { $0 + facts(of: $1).ruleWeight }
        try refuse(.tooManyRules(count: count, limit: limit), if: count > limit)
    }

    /// Refuses to take `interface` into `group` if there is no room. Source: SEMANTICS A.12.
    func refuseFullGroup(
        _ group: SecurityGroup, joining interface: NetworkInterface,
        code: String = "SecurityGroupInstanceLimitExceeded",
        enterpriseCode: String = "InvalidOperation.NetworkInterfaceCountExceeded"
    ) throws(Refusal) {
        switch group.type {
        case .normal:
            let limit = fleet.quotas.addressesPerGroup
            let count = facts(of: group.id).addressCount + interface.addresses.count
            try refuse(.fullGroup(code, group.id, limit: limit), if: count > limit)
        case .enterprise:
            let limit = fleet.quotas.interfacesPerEnterpriseGroup
            let count = facts(of: group.id).members.count + 1
            try refuse(.fullGroup(enterpriseCode, group.id, limit: limit), if: count > limit)
        }
    }
}

extension Instance {
    /// Whether the instance is in one of the two states in which it can be changed.
    var isSettled: Bool { status == "Running" || status == "Stopped" }
}

extension NetworkInterfaceStatus {
    /// Whether the interface is on its way neither in nor out.
    var isSettled: Bool { self == .available || self == .inUse }
}

extension NetworkInterfaceType {
    /// Whether the groups of such an interface are changed by naming it: those of a primary one are
    /// changed by naming its instance, those of a trunk's member not at all.
    var changesGroupsAlone: Bool { self == .secondary || self == .trunk }
}

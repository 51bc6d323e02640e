internal import CloudModel

/// The groups that a call gives to an interface in place of those that it is in.
struct GroupReplacement {
    /// Whether the call names the interface itself or its instance; the codes differ.
    enum Form {
        case interface
        case instance
    }

    let form: Form
    let state: CloudState

    /// The change that puts `interface` into the groups called `names` and takes it out of all
    /// others, all at once: types may switch from basic to advanced. Source: SEMANTICS D.
    func plan(
        _ names: [String], for interface: NetworkInterface, of instance: Instance?
    ) throws(Refusal) -> Plan {
        let groups = try findGroups(names)
        let ids = groups.map(\.id)
        let (old, new) = (Set(interface.securityGroups), Set(ids))
        for id in old.symmetricDifference(new).sorted()
        where state.group(id)?.serviceManaged ?? false {
            throw .managedGroup(id)
        }
        for group in groups where group.vpc != interface.vpc {
            throw form == .interface ? .vpcMismatch(group.id) : .instanceVPCMismatch(group.id)
        }
        let httpStatus = form == .interface ? 403 : 400
        try refuse(.mixedGroupTypes(httpStatus: httpStatus), if: state.mixesTypes(ids))
        try state.refuseEnterprise(groups, for: instance)
        let limit = state.fleet.quotas.groupsPerInterface
        try refuse(.tooManyGroups(limit: limit, httpStatus), if: ids.count > limit)
        try state.refuseTooManyRules(ids)
        for group in groups where !old.contains(group.id) {
            try state.refuseFullGroup(
                group, joining: interface, code: "SecurityGroupInstanceLimitExceed",
                enterpriseCode: "InvalidOperation.EniCountExceeded")
        }
        guard old != new else { return Plan() }
        return Plan(changes: [
            .securityGroupsReplaced(of: interface.id, from: interface.securityGroups, to: ids)
        ])
    }

    private func findGroups(_ names: [String]) throws(Refusal) -> [SecurityGroup] {
        for name in names where !name.isIdentifier("sg-") { throw .malformedGroupID }
        try refuse(.repeatedGroup, if: Set(names).count < names.count)
        var groups: [SecurityGroup] = []
        for name in names { groups.append(try state.ownGroup(SecurityGroupID(name))) }
        return groups
    }
}

extension Refusal {
    fileprivate static let repeatedGroup = Refusal(
        404, "InvalidParameter.SecurityGroupIdRepeated", "a security group is given twice")
}

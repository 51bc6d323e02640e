internal import CloudModel

extension Operation {
    /// Adds the primary interface of an instance, or an interface, to a group.
    ///
    /// The numbers are the rows of SEMANTICS C.3, in whose order the checks are made.
    static let joinSecurityGroup = Operation(
        "JoinSecurityGroup",
        parameters: ["SecurityGroupId", "InstanceId", "NetworkInterfaceId", "RegionId"],
        plan: planJoin)
}

private func planJoin(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let call = try MembershipCall(parameters)  // 1–4
    let isInterfaceForm = call.isInterfaceForm
    let group = try state.ownGroup(call.group)  // 5
    let target = try MembershipTarget(call, in: state)  // 6, 7
    let interface = target.interface
    try checkOwners(of: target, group, in: state)  // 8, 9
    try refuse(.managedGroup(group.id), if: group.serviceManaged)  // 10
    try refuse(.managedInterface(interface.id), if: interface.serviceManaged)  // 11
    try refuse(
        .interfaceType(interface), if: isInterfaceForm && !interface.type.changesGroupsAlone)  // 12
    try refuseUnborn(target, isInterfaceForm: isInterfaceForm)  // 13, 14
    try state.refuseLocked(target.instance)  // 15
    try state.refuseUnsettled(target.instance)  // 16
    try refuse(.interfaceState(interface), if: !interface.status.isSettled)  // 17
    if interface.vpc != group.vpc {
        throw isInterfaceForm ? .vpcMismatch(group.id) : .instanceVPCMismatch(group.id)  // 18, 19
    }
    try refuse(
        .alreadyInGroup(interface.id, group.id),
        if: interface.securityGroups.contains(group.id))  // 20
    let groups = interface.securityGroups + [group.id]
    try refuse(.mixedGroupTypes(httpStatus: 400), if: state.mixesTypes(groups))  // 21
    try state.refuseEnterprise([group], for: target.instance)  // 22
    try refuse(
        .tooManyGroups(limit: state.fleet.quotas.groupsPerInterface, isInterfaceForm ? 403 : 400),
        if: groups.count > state.fleet.quotas.groupsPerInterface)  // 23
    try state.refuseTooManyRules(groups)  // 24
    try state.refuseFullGroup(group, joining: interface)  // 25, 26
    return Plan(changes: [
        .securityGroupsReplaced(of: interface.id, from: interface.securityGroups, to: groups)
    ])
}

private func checkOwners(
    of target: MembershipTarget, _ group: SecurityGroup, in state: CloudState
) throws(Refusal) {
    try refuse(.notOwned(target.interface.id), if: !state.isOwn(target.owner))
    let account = state.fleet.account
    try refuse(
        .differentOwners(target.interface.id, group.id),
        if: (target.interface.owner ?? account) != (group.owner ?? account))
}

private func refuseUnborn(
    _ target: MembershipTarget, isInterfaceForm: Bool
) throws(Refusal) {
    let isInstanceUnborn = target.instance?.beingCreated ?? false
    if isInterfaceForm {
        try refuse(.interfaceUnborn, if: isInstanceUnborn || target.interface.beingCreated)
    } else {
        try refuse(.instanceUnborn, if: isInstanceUnborn)
    }
}

extension Refusal {
    fileprivate static func notOwned(_ interface: NetworkInterfaceID) -> Refusal {
        Refusal(400, "NotBelongUser", "another account owns `\(interface)` or its instance")
    }

    fileprivate static func differentOwners(
        _ interface: NetworkInterfaceID, _ group: SecurityGroupID
    ) -> Refusal {
        Refusal(
            400, "InvalidOperation.EniAndGroupNotBelongSameUser",
            "`\(interface)` and the security group `\(group)` have different owners")
    }

    fileprivate static let instanceUnborn = Refusal(
        403, "Forbidden.InstanceIsBeingCreated", "the instance is being created")

    fileprivate static let interfaceUnborn = Refusal(
        400, "InvalidStatus.EniOrInstanceIsBeingCreated",
        "the interface or its instance is being created")

    fileprivate static func alreadyInGroup(
        _ interface: NetworkInterfaceID, _ group: SecurityGroupID
    ) -> Refusal {
        Refusal(
            403, "InvalidInstanceId.AlreadyExists",
            "`\(interface)` is in the security group `\(group)` already")
    }
}

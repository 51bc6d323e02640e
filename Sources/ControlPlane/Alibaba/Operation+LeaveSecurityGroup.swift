internal import CloudModel

extension Operation {
    /// Takes the primary interface of an instance, or an interface, out of a group.
    ///
    /// The numbers are the rows of SEMANTICS C.1, in whose order the checks are made.
    static let leaveSecurityGroup = Operation(
        "LeaveSecurityGroup",
        parameters: ["SecurityGroupId", "InstanceId", "NetworkInterfaceId", "RegionId"],
        plan: planLeave)
}

private func planLeave(
    _ parameters: Parameters, _ state: CloudState
) throws(Refusal) -> Plan {
    let call = try MembershipCall(parameters)  // 1–4
    let isInterfaceForm = call.isInterfaceForm
    let group = try state.ownGroup(call.group)  // 5
    let target = try MembershipTarget(call, in: state)  // 6, 7
    let interface = target.interface
    if !state.isOwn(target.owner) {
        throw isInterfaceForm
            ? .unknownInterface(interface.id) : .unknownInstance(interface.instance ?? "")
    }
    try refuse(.managedGroup(group.id), if: group.serviceManaged)  // 8
    try refuse(.managedInterface(interface.id), if: interface.serviceManaged)  // 9
    try refuse(
        .interfaceType(interface), if: isInterfaceForm && !interface.type.changesGroupsAlone)  // 10
    try state.refuseLocked(target.instance)  // 11
    try state.refuseUnsettled(target.instance)  // 12
    try refuse(
        .interfaceState(interface), if: isInterfaceForm && !interface.status.isSettled)  // 13
    if !interface.securityGroups.contains(group.id) {
        throw !isInterfaceForm && state.fleet.switches.leaveCode == .legacy
            ? .notInGroupLegacy(interface.id, group.id) : .notInGroup(interface.id, group.id)  // 14
    }
    if interface.securityGroups.count == 1 {
        throw isInterfaceForm ? .lastGroupOfInterface : .lastGroupOfInstance  // 15, 16
    }
    let remaining = interface.securityGroups.filter { $0 != group.id }
    return Plan(changes: [
        .securityGroupsReplaced(
            of: interface.id, from: interface.securityGroups, to: remaining)
    ])
}

extension Refusal {
    fileprivate static func notInGroup(
        _ interface: NetworkInterfaceID, _ group: SecurityGroupID
    ) -> Refusal {
        Refusal(
            400, "InvalidSecurityGroupAssociation.NotFound",
            "`\(interface)` is not in the security group `\(group)`")
    }

    fileprivate static func notInGroupLegacy(
        _ interface: NetworkInterfaceID, _ group: SecurityGroupID
    ) -> Refusal {
        Refusal(
            403, "InstanceNotInSecurityGroup",
            "`\(interface)` is not in the security group `\(group)`")
    }

    fileprivate static let lastGroupOfInstance = Refusal(
        403, "InstanceLastSecurityGroup", "an instance must stay in at least one security group")

    fileprivate static let lastGroupOfInterface = Refusal(
        403, "InvalidOperation.AtLeastInOneGroup",
        "an interface must stay in at least one security group")
}

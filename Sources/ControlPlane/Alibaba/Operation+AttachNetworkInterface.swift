internal import CloudModel

extension Operation {
    /// Gives an interface to an instance. It is in use at once: the state between, `Attaching`, is
    /// for faults to show. Source: SEMANTICS C.4, D.
    static let attachNetworkInterface = Operation(
        "AttachNetworkInterface",
        parameters: [
            "RegionId", "NetworkInterfaceId", "InstanceId", "NetworkCardIndex",
            "WaitForNetworkConfigurationReady",
        ],
        mandatory: ["NetworkInterfaceId", "InstanceId"], plan: planAttach)
}

private func planAttach(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let call = try AttachmentCall(parameters)
    guard let interface = state.interface(call.interface), state.isOwn(interface.owner),
        state.isIn(call.region, interface.region)
    else { throw .unknownInterface(call.interface) }
    guard let instance = state.instance(call.instance) else { throw .unknownECS(call.instance) }
    try refuse(.foreignInstance(instance.id), if: !state.isOwn(instance.owner))
    try refuse(.managedInterface(interface.id), if: interface.serviceManaged)
    try refuse(.interfaceType(interface), if: !interface.type.changesGroupsAlone)
    try refuse(.interfaceState(interface), if: interface.status != .available)
    try refuse(.instanceState(instance), if: !instance.isSettled)
    if let primary = state.primaryInterface(of: instance.id) {
        try refuse(.otherVPC(interface.id), if: primary.vpc != interface.vpc)
    }
    if let zone = interface.zone, let other = instance.zone {
        try refuse(.otherZone(interface.id), if: zone != other)
    }
    for id in interface.securityGroups where state.group(id)?.isClassic ?? false {
        throw .classicGroup(id)
    }
    return Plan(changes: [
        .statusChanged(of: interface.id, from: .available, to: .inUse),
        .attachmentChanged(
            of: interface.id, to: InterfaceAttachment(instance: instance.id)),
    ])
}

extension Refusal {
    fileprivate static func otherVPC(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            403, "InvalidOperation.VpcMismatch",
            "the network interface `\(id)` is in another vpc than the instance")
    }

    fileprivate static func otherZone(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            403, "InvalidOperation.AvailabilityZoneMismatch",
            "the network interface `\(id)` is in another zone than the instance")
    }

    fileprivate static func classicGroup(_ id: SecurityGroupID) -> Refusal {
        Refusal(
            403, "InvalidSecurityGroupId.NotVpc", "the security group `\(id)` is not in a vpc")
    }
}

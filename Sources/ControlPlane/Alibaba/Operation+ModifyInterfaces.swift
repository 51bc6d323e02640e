internal import CloudModel

extension Operation {
    /// Replaces the groups of a secondary interface, or its idle timeouts. Source: SEMANTICS D,
    /// A.8.
    static let modifyNetworkInterfaceAttribute = Operation(
        "ModifyNetworkInterfaceAttribute",
        // All but the groups and the timeouts is accepted and has no effect on filtering.
        parameters: [
            "RegionId", "ClientToken", "NetworkInterfaceId", "SecurityGroupId",
            "SecurityGroupIds", "ConnectionTrackingConfiguration", "NetworkInterfaceName",
            "Description", "QueueNumber", "QueuePairNumber", "DeleteOnRelease", "RxQueueSize",
            "TxQueueSize", "NetworkInterfaceTrafficConfig", "EnhancedNetwork",
        ],
        mandatory: ["NetworkInterfaceId"], plan: planInterface)

    /// Replaces the groups of an instance's primary interface. Source: SEMANTICS D.
    static let modifyInstanceAttribute = Operation(
        "ModifyInstanceAttribute",
        // All but the groups is accepted and has no effect on filtering.
        parameters: [
            "RegionId", "ClientToken", "InstanceId", "SecurityGroupIds", "SecurityGroupId",
            "InstanceName", "Description", "HostName", "Password", "UserData",
            "DeletionProtection", "CreditSpecification", "Recyclable",
        ],
        mandatory: ["InstanceId"], plan: planInstance)
}

private func planInterface(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let id = try parameters.identifier("NetworkInterfaceId", "eni-", orRefuse: .malformedENIID)
    let names = try parameters.texts(
        "SecurityGroupId", "SecurityGroupIds", orRefuse: .malformedGroupID)
    let tracking = try parameters.object(
        "ConnectionTrackingConfiguration",
        orRefuse: .invalidParameter("ConnectionTrackingConfiguration"))
    let region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))

    guard let interface = state.interface(NetworkInterfaceID(id)), state.isOwn(interface.owner),
        state.isIn(region, interface.region)
    else { throw .unknownInterface(NetworkInterfaceID(id)) }
    try refuse(.managedInterface(interface.id), if: interface.serviceManaged)
    try refuse(
        .onlyNames(interface.id),
        if: interface.type == .primary && (names != nil || tracking != nil))
    try refuse(.interfaceState(interface), if: !interface.status.isSettled)
    var plan = Plan()
    if let names {
        plan = try GroupReplacement(form: .interface, state: state).plan(
            names, for: interface, of: interface.instance.flatMap(state.instance))
    }
    if let tracking {
        let new = try readTracking(tracking, old: interface.connectionTracking)
        if new != interface.connectionTracking {
            plan.changes.append(.connectionTrackingChanged(of: interface.id, to: new))
        }
    }
    return plan
}

private func planInstance(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let id = try parameters.identifier("InstanceId", "i-", orRefuse: .malformedInstanceID)
    let names = try parameters.texts(
        "SecurityGroupIds", "SecurityGroupId", orRefuse: .malformedGroupID)
    guard let instance = state.instance(InstanceID(id)), state.isOwn(instance.owner),
        let interface = state.primaryInterface(of: instance.id)
    else { throw .unknownInstance(InstanceID(id)) }
    try state.refuseLocked(instance)
    try state.refuseUnsettled(instance)
    guard let names else { return Plan() }
    try refuse(.managedInterface(interface.id), if: interface.serviceManaged)
    return try GroupReplacement(form: .instance, state: state).plan(
        names, for: interface, of: instance)
}

/// The timeouts that Alibaba Cloud allows. Source: SEMANTICS A.8.
private func readTracking(
    _ parameters: Parameters, old: ConnectionTracking
) throws(Refusal) -> ConnectionTracking {
    let names = ["TcpEstablishedTimeout", "TcpClosedAndTimeWaitTimeout", "UdpTimeout"]
    if let stranger = parameters.names.first(where: { !names.contains($0) }) {
        throw .unsupportedParameter("ConnectionTrackingConfiguration.\(stranger)")
    }
    var tracking = old
    if let seconds = try timeout(
        names[0], of: parameters, in: [30, 60, 80, 100, 200, 300, 500, 700, 910])
    {
        tracking.tcpEstablished = seconds
    }
    if let seconds = try timeout(names[1], of: parameters, in: Set(3...15)) {
        tracking.tcpClosed = seconds
    }
    if let seconds = try timeout(names[2], of: parameters, in: [10, 20, 30, 60, 80, 100]) {
        tracking.udp = seconds
    }
    return tracking
}

private func timeout(
    _ name: String, of parameters: Parameters, in allowed: Set<Int>
) throws(Refusal) -> Int? {
    guard let value = parameters[name] else { return nil }
    guard let seconds = value.integer, allowed.contains(seconds) else {
        throw .invalidParameter("ConnectionTrackingConfiguration.\(name)")
    }
    return seconds
}

extension Refusal {
    fileprivate static func onlyNames(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            404, "InvalidOperation.PrimaryEniOnlySupportModifyNameAndDesc",
            "the groups and timeouts of the primary interface `\(id)` cannot be changed by its id")
    }
}

internal import CloudModel

extension Operation {
    /// Asks an instance to give an interface back; the event `DetachCompleted` says that it did.
    ///
    /// The numbers are the rows of SEMANTICS C.4, in whose order the checks are made.
    static let detachNetworkInterface = Operation(
        "DetachNetworkInterface",
        // The page lists `TrunkNetworkInstanceId` and says that it is not available for use: row 2.
        parameters: ["RegionId", "NetworkInterfaceId", "InstanceId"],
        mandatory: ["RegionId", "NetworkInterfaceId", "InstanceId"],  // 1
        plan: planDetach)
}

private func planDetach(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let call = try AttachmentCall(parameters)  // 3–5
    let interface = try findInterface(of: call, in: state)  // 6–8
    let instance = try findInstance(of: call, in: state)  // 9
    try refuse(.managedInterface(interface.id), if: interface.serviceManaged)  // 10
    try refuse(.primaryInterface, if: interface.type == .primary)  // 11
    try refuse(
        .interfaceState(interface),
        if: interface.status != .inUse && interface.status != .detaching)  // 12
    try refuse(
        .notAttached(interface.id, instance.id), if: interface.instance != instance.id)  // 13
    try refuse(.instanceState(instance), if: !instance.isSettled)  // 14
    let isStopped = instance.status == "Stopped"
    try refuse(
        .highPerformance, if: interface.trafficMode == .highPerformance && !isStopped)  // 15
    try refuse(.noHotPlug, if: !instance.capabilities.hotPlug && !isStopped)  // 16
    try refuse(.linked(interface.id), if: !interface.linkedInterfaces.isEmpty)  // 17
    try refuse(
        .hasMembers(interface.id),
        if: interface.type == .trunk && state.hasMembers(trunk: interface.id))  // 18
    // 19 needs the parameter that row 2 refuses.
    try refuse(.interfaceType(interface), if: interface.type == .member)  // 20
    // Asking again is accepted and changes nothing.
    guard interface.status == .inUse else { return Plan() }
    return Plan(changes: [.statusChanged(of: interface.id, from: .inUse, to: .detaching)])
}

private func findInterface(
    of call: AttachmentCall, in state: CloudState
) throws(Refusal) -> NetworkInterface {
    let interface = state.interface(call.interface)
    if let region = call.region {
        try refuse(.otherRegion(region), if: !state.isIn(region, interface?.region))  // 6
        let supported = state.fleet.supportedRegions ?? [region]
        try refuse(.unsupportedRegion(region), if: !supported.contains(region))  // 7
    }
    guard let interface, state.isOwn(interface.owner) else {
        throw .unknownInterface(call.interface)  // 8
    }
    return interface
}

private func findInstance(
    of call: AttachmentCall, in state: CloudState
) throws(Refusal) -> Instance {
    guard let instance = state.instance(call.instance) else {
        throw .unknownECS(call.instance)  // 9
    }
    try refuse(.foreignInstance(instance.id), if: !state.isOwn(instance.owner))  // 9'
    return instance
}

/// The interface and instance that an attach or detach names.
struct AttachmentCall {
    let interface: NetworkInterfaceID
    let instance: InstanceID
    let region: String?

    init(_ parameters: Parameters) throws(Refusal) {
        instance = InstanceID(
            try parameters.identifier("InstanceId", "i-", orRefuse: .malformedECSID))  // 3
        // 4
        interface = NetworkInterfaceID(
            try parameters.identifier("NetworkInterfaceId", "eni-", orRefuse: .malformedENIID))
        region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))  // 5
        if let region, !region.isIdentifier("") { throw .invalidParameter("RegionId") }
    }
}

extension Refusal {
    static let malformedECSID = Refusal(
        400, "InvalidInstanceID.Malformed", "the parameter `InstanceId` is malformed")

    static let malformedENIID = Refusal(
        400, "InvalidParams.EniId", "the parameter `NetworkInterfaceId` is malformed")

    static func otherRegion(_ region: String) -> Refusal {
        Refusal(
            400, "InvalidOperation.InvalidRegion",
            "the network interface is not in the region `\(region)`")
    }

    static func unsupportedRegion(_ region: String) -> Refusal {
        Refusal(400, "Forbidden.RegionId", "the service is not offered in `\(region)`")
    }

    static func unknownECS(_ id: InstanceID) -> Refusal {
        Refusal(404, "InvalidEcsId.NotFound", "there is no instance `\(id)`")
    }

    static func foreignInstance(_ id: InstanceID) -> Refusal {
        Refusal(403, "InvalidInstanceId.NotFound", "another account owns the instance `\(id)`")
    }

    static func instanceState(_ instance: Instance) -> Refusal {
        Refusal(
            400, "InvalidOperation.InvalidEcsState",
            "the instance `\(instance.id)` is `\(instance.status)`, neither `Running` nor `Stopped`"
        )
    }

    fileprivate static let primaryInterface = Refusal(
        400, "InvalidOperation.DetachPrimaryEniNotAllowed",
        "the primary interface of an instance cannot be detached")

    fileprivate static func notAttached(
        _ interface: NetworkInterfaceID, _ instance: InstanceID
    ) -> Refusal {
        Refusal(
            400, "InvalidParameter.EniNotBelongEcs",
            "the network interface `\(interface)` is not attached to `\(instance)`")
    }

    fileprivate static let highPerformance = Refusal(
        400, "InvalidOperation.EniHotPlugNotSupported",
        "an interface in high-performance mode can be detached from a stopped instance only")

    fileprivate static let noHotPlug = Refusal(
        403, "InvalidOperation.HotPlugNotSupport",
        "instances of this type must be stopped before an interface is detached")

    fileprivate static func linked(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            403, "InvalidOperation.EniLinked",
            "the network interface `\(id)` is linked with others")
    }

    fileprivate static func hasMembers(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            403, "InvalidOperation.HasMemberEniAttached",
            "the trunk interface `\(id)` has members")
    }
}

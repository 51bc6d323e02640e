internal import CloudModel

/// AWS's calls that change an interface's groups or its tie to an instance. Source: SEMANTICS D.
extension Operation {
    /// Replaces the groups of any interface, or its idle timeouts.
    static let awsModifyInterface = Operation(
        "ModifyNetworkInterfaceAttribute",
        // All but the groups and the timeouts is accepted and has no effect on filtering.
        parameters: [
            "NetworkInterfaceId", "SecurityGroupId", "Groups",
            "ConnectionTrackingSpecification", "Description", "SourceDestCheck", "Attachment",
            "EnaSrdSpecification", "EnablePrimaryIpv6", "AssociatePublicIpAddress", "DryRun",
        ]
    ) { parameters, state throws(Refusal) in
        let interface = try state.awsInterface(parameters)
        let names = try parameters.texts(
            "SecurityGroupId", "Groups", orRefuse: .malformedAWSGroupID(""))
        let tracking = try parameters.object(
            "ConnectionTrackingSpecification",
            orRefuse: .invalidValue("ConnectionTrackingSpecification"))
        try parameters.refuseDryRun()
        var plan = Plan()
        if let names { plan = try state.awsReplacement(names, at: interface) }
        if let tracking {
            let new = try readTracking(tracking, old: interface.connectionTracking)
            if new != interface.connectionTracking {
                plan.changes.append(.connectionTrackingChanged(of: interface.id, to: new))
            }
        }
        return plan
    }

    /// Replaces the groups of an instance's only interface.
    static let awsModifyInstance = Operation(
        "ModifyInstanceAttribute",
        // All but the groups is accepted and has no effect on filtering.
        parameters: [
            "InstanceId", "GroupId", "Groups", "Attribute", "Value", "SourceDestCheck",
            "DisableApiTermination", "InstanceType", "UserData", "EbsOptimized", "DryRun",
        ]
    ) { parameters, state throws(Refusal) in
        let instance = try state.awsInstance(parameters)
        let names = try parameters.texts(
            "GroupId", "Groups", orRefuse: .malformedAWSGroupID(""))
        try parameters.refuseDryRun()
        guard let names else { return Plan() }
        let interfaces = state.interfaces(of: instance.id)
        try refuse(.severalInterfaces(instance.id), if: interfaces.count > 1)
        guard let interface = interfaces.first else { throw .unknownAWSInstance(instance.id) }
        return try state.awsReplacement(names, at: interface)
    }

    /// Gives an interface to an instance; it is in use at once.
    static let awsAttachInterface = Operation(
        "AttachNetworkInterface",
        parameters: [
            "NetworkInterfaceId", "InstanceId", "DeviceIndex", "NetworkCardIndex",
            "EnaSrdSpecification", "DryRun",
        ]
    ) { parameters, state throws(Refusal) in
        let interface = try state.awsInterface(parameters)
        let instance = try state.awsInstance(parameters)
        try parameters.refuseDryRun()
        try refuse(.interfaceInUse(interface.id), if: interface.status != .available)
        if let primary = state.primaryInterface(of: instance.id) {
            try refuse(
                .badCombination("interface and instance are in different vpcs"),
                if: primary.vpc != interface.vpc)
        }
        let number = state.freeRuleNumbers(1)[0]
        let name = "eni-attach-" + RuleID(number: number).text.dropFirst(4)
        return Plan(
            changes: [
                .statusChanged(of: interface.id, from: .available, to: .inUse),
                .attachmentChanged(
                    of: interface.id,
                    to: InterfaceAttachment(instance: instance.id, name: name)),
            ], returned: ["attachmentId": .string(name)], lastRuleNumber: number)
    }

    /// Asks an instance to give an interface back; the event `DetachCompleted` says that it did.
    static let awsDetachInterface = Operation(
        "DetachNetworkInterface", parameters: ["AttachmentId", "Force", "DryRun"]
    ) { parameters, state throws(Refusal) in
        let name = try parameters.text("AttachmentId", orRefuse: .invalidValue("AttachmentId"))
        guard let name else { throw .missingParameter("AttachmentId") }
        if let force = parameters["Force"], force.boolean == nil { throw .invalidValue("Force") }
        guard let interface = state.interface(attachedAs: name) else {
            throw .unknownAttachment(name)
        }
        try parameters.refuseDryRun()
        try refuse(.primaryStays(interface.id), if: interface.type == .primary)
        try refuse(
            .wrongState(interface),
            if: interface.status != .inUse && interface.status != .detaching)
        guard interface.status == .inUse else { return Plan() }
        return Plan(changes: [.statusChanged(of: interface.id, from: .inUse, to: .detaching)])
    }
}

extension CloudState {
    fileprivate func awsInterface(_ parameters: Parameters) throws(Refusal) -> NetworkInterface {
        let id = try parameters.text(
            "NetworkInterfaceId", orRefuse: .invalidValue("NetworkInterfaceId"))
        guard let id else { throw .missingParameter("NetworkInterfaceId") }
        guard let interface = interface(NetworkInterfaceID(id)), isOwn(interface.owner) else {
            throw .unknownAWSInterface(id)
        }
        return interface
    }

    fileprivate func awsInstance(_ parameters: Parameters) throws(Refusal) -> Instance {
        let id = try parameters.text("InstanceId", orRefuse: .invalidValue("InstanceId"))
        guard let id else { throw .missingParameter("InstanceId") }
        guard let instance = instance(InstanceID(id)), isOwn(instance.owner) else {
            throw .unknownAWSInstance(InstanceID(id))
        }
        return instance
    }

    /// The change that puts `interface` into the groups called `names` and takes it out of others.
    fileprivate func awsReplacement(
        _ names: [String], at interface: NetworkInterface
    ) throws(Refusal) -> Plan {
        var ids: [SecurityGroupID] = []
        for name in names where !ids.contains(SecurityGroupID(name)) {
            let group = try ownAWSGroup(SecurityGroupID(name))
            try refuse(.unknownAWSGroup(name), if: group.vpc != interface.vpc)
            ids.append(group.id)
        }
        let limit = fleet.quotas.groupsPerInterface
        try refuse(.tooManyAWSGroups(limit: limit), if: ids.count > limit)
        guard Set(ids) != Set(interface.securityGroups) else { return Plan() }
        return Plan(changes: [
            .securityGroupsReplaced(of: interface.id, from: interface.securityGroups, to: ids)
        ])
    }
}

/// The timeouts that AWS allows. Source: SEMANTICS B.5.
private func readTracking(
    _ parameters: Parameters, old: ConnectionTracking
) throws(Refusal) -> ConnectionTracking {
    let ranges = [
        "TcpEstablishedTimeout": 60...432_000, "UdpTimeout": 30...60, "UdpStreamTimeout": 60...180,
    ]
    try parameters.refuseStrangers(Set(ranges.keys))
    for (name, range) in ranges {
        guard let value = parameters[name] else { continue }
        guard let seconds = value.integer, range.contains(seconds) else {
            throw .invalidValue(name)
        }
    }
    var tracking = old
    tracking.tcpEstablished =
        parameters["TcpEstablishedTimeout"]?.integer ?? tracking.tcpEstablished
    tracking.udp = parameters["UdpTimeout"]?.integer ?? tracking.udp
    return tracking
}

extension Refusal {
    fileprivate static func severalInterfaces(_ id: InstanceID) -> Refusal {
        Refusal(
            400, "InvalidInstanceID",
            "the instance `\(id)` has several network interfaces: name one of them instead")
    }

    fileprivate static func interfaceInUse(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(400, "InvalidNetworkInterface.InUse", "the network interface `\(id)` is in use")
    }

    fileprivate static func unknownAttachment(_ name: String) -> Refusal {
        Refusal(400, "InvalidAttachmentID.NotFound", "there is no attachment `\(name)`")
    }

    fileprivate static func primaryStays(_ id: NetworkInterfaceID) -> Refusal {
        Refusal(
            400, "OperationNotPermitted", "the primary interface `\(id)` cannot be detached")
    }

    fileprivate static func wrongState(_ interface: NetworkInterface) -> Refusal {
        Refusal(
            400, "IncorrectState",
            "the network interface `\(interface.id)` is `\(interface.status.rawValue)`")
    }

    fileprivate static func tooManyAWSGroups(limit: Int) -> Refusal {
        Refusal(
            400, "SecurityGroupsPerInterfaceLimitExceeded",
            "an interface can be in at most \(limit) security groups")
    }
}

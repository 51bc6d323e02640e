package import CloudModel

/// A change that someone has in mind, in the fleet's own terms: which calls bring it about is the
/// vendor's matter.
///
///     try Intention.leave("sg-web", "eni-a").requests(in: fleet)
///     // Alibaba Cloud: LeaveSecurityGroup. AWS: ModifyNetworkInterfaceAttribute with the other groups.
package enum Intention: Hashable, Sendable {
    case revoke(RuleID)
    case leave(SecurityGroupID, NetworkInterfaceID)
    case join(SecurityGroupID, NetworkInterfaceID)
    /// The interface is asked back, and given back.
    case detach(NetworkInterfaceID)

    /// The calls, to be made in this order; each only if the one before was not refused.
    ///
    /// - Throws: ``IntentionError`` if the fleet lacks what the intention names, or what the vendor's
    ///   call needs.
    /// - Complexity: linear in the fleet.
    package func requests(in fleet: Fleet) throws(IntentionError) -> [OperationRequest] {
        switch self {
        case .revoke(let rule): [try revocation(of: rule, in: fleet)]
        case .leave(let group, let interface):
            [try departure(of: interface, from: group, in: fleet)]
        case .join(let group, let interface): [try arrival(of: interface, in: group, fleet)]
        case .detach(let interface):
            [
                try detachment(of: interface, in: fleet),
                OperationRequest(
                    "DetachCompleted", ["NetworkInterfaceId": .string(interface.text)]),
            ]
        }
    }

    /// Gives the interface's attachment a name if AWS's call needs one and the fleet has none. No
    /// decision depends on it.
    package func nameAttachment(in fleet: inout Fleet) {
        guard case .detach(let id) = self, fleet.vendor == .aws,
            let place = fleet.networkInterfaces.firstIndex(where: { $0.id == id }),
            fleet.networkInterfaces[place].attachment == nil
        else { return }
        fleet.networkInterfaces[place].attachment = "eni-attach-" + id.text
    }
}

/// Why there is no call for an intention.
package enum IntentionError: Error, Hashable, Sendable {
    case unknownRule(RuleID)
    case unknownGroup(SecurityGroupID)
    case unknownInterface(NetworkInterfaceID)
    case notInGroup(NetworkInterfaceID, SecurityGroupID)
    case inGroupAlready(NetworkInterfaceID, SecurityGroupID)
    case notAttached(NetworkInterfaceID)

    /// The one-line message, without a full stop.
    package var message: String {
        switch self {
        case .unknownRule(let id): "the fleet has no rule `\(id)`"
        case .unknownGroup(let id): "the fleet has no security group `\(id)`"
        case .unknownInterface(let id): "the fleet has no network interface `\(id)`"
        case .notInGroup(let interface, let group): "`\(interface)` is not in `\(group)`"
        case .inGroupAlready(let interface, let group): "`\(interface)` is in `\(group)` already"
        case .notAttached(let id): "`\(id)` is attached to no instance that the fleet names"
        }
    }

    /// The name that the fleet does not have, if that is why.
    package var unknownName: String? {
        switch self {
        case .unknownRule(let id): id.text
        case .unknownGroup(let id): id.text
        case .unknownInterface(let id): id.text
        case .notInGroup, .inGroupAlready, .notAttached: nil
        }
    }

    /// The names of that kind that the fleet has.
    package func knownNames(in fleet: Fleet) -> [String] {
        switch self {
        case .unknownRule: fleet.securityGroups.flatMap { $0.rules.map(\.id.text) }
        case .unknownGroup: fleet.securityGroups.map(\.id.text)
        case .unknownInterface: fleet.networkInterfaces.map(\.id.text)
        case .notInGroup, .inGroupAlready, .notAttached: []
        }
    }
}

// MARK: Calls

/// The region that a call names: what is in none is found from every one.
private func region(of interface: NetworkInterface?, in fleet: Fleet) -> ParameterValue {
    .string(interface?.region ?? fleet.region ?? "any")
}

private func revocation(of id: RuleID, in fleet: Fleet) throws(IntentionError) -> OperationRequest {
    for group in fleet.securityGroups {
        guard let rule = group.rules.first(where: { $0.id == id }) else { continue }
        let rules = ParameterValue.array([.string(id.text)])
        let suffix = rule.direction == .egress ? "Egress" : ""
        switch fleet.vendor {
        case .alibaba:
            return OperationRequest(
                "RevokeSecurityGroup" + suffix,
                [
                    "RegionId": .string(group.region ?? fleet.region ?? "any"),
                    "SecurityGroupId": .string(group.id.text), "SecurityGroupRuleId": rules,
                ])
        case .aws:
            return OperationRequest(
                "RevokeSecurityGroup" + (suffix.isEmpty ? "Ingress" : suffix),
                ["GroupId": .string(group.id.text), "SecurityGroupRuleIds": rules])
        }
    }
    throw .unknownRule(id)
}

private func departure(
    of id: NetworkInterfaceID, from group: SecurityGroupID, in fleet: Fleet
) throws(IntentionError) -> OperationRequest {
    let interface = try findMember(id, group, in: fleet)
    switch fleet.vendor {
    case .alibaba: return membershipCall("LeaveSecurityGroup", interface, group, in: fleet)
    case .aws:
        guard interface.securityGroups.contains(group) else { throw .notInGroup(id, group) }
        return replacement(of: interface, by: interface.securityGroups.filter { $0 != group })
    }
}

private func arrival(
    of id: NetworkInterfaceID, in group: SecurityGroupID, _ fleet: Fleet
) throws(IntentionError) -> OperationRequest {
    let interface = try findMember(id, group, in: fleet)
    switch fleet.vendor {
    case .alibaba: return membershipCall("JoinSecurityGroup", interface, group, in: fleet)
    case .aws:
        if interface.securityGroups.contains(group) { throw .inGroupAlready(id, group) }
        return replacement(of: interface, by: interface.securityGroups + [group])
    }
}

/// Finds an interface, and makes sure that there is the group.
private func findMember(
    _ id: NetworkInterfaceID, _ group: SecurityGroupID, in fleet: Fleet
) throws(IntentionError) -> NetworkInterface {
    guard fleet.securityGroups.contains(where: { $0.id == group }) else {
        throw .unknownGroup(group)
    }
    return try findInterface(id, in: fleet)
}

private func findInterface(
    _ id: NetworkInterfaceID, in fleet: Fleet
) throws(IntentionError) -> NetworkInterface {
    guard let interface = fleet.networkInterfaces.first(where: { $0.id == id }) else {
        throw .unknownInterface(id)
    }
    return interface
}

/// Alibaba Cloud has primary interfaces join and leave groups by their instance's name only.
private func membershipCall(
    _ operation: String, _ interface: NetworkInterface, _ group: SecurityGroupID, in fleet: Fleet
) -> OperationRequest {
    var parameters: [String: ParameterValue] = ["SecurityGroupId": .string(group.text)]
    parameters["RegionId"] = region(of: interface, in: fleet)
    if interface.type == .primary, let instance = interface.instance {
        parameters["InstanceId"] = .string(instance.text)
    } else {
        parameters["NetworkInterfaceId"] = .string(interface.id.text)
    }
    return OperationRequest(operation, parameters)
}

private func replacement(
    of interface: NetworkInterface, by groups: [SecurityGroupID]
) -> OperationRequest {
    OperationRequest(
        "ModifyNetworkInterfaceAttribute",
        [
            "NetworkInterfaceId": .string(interface.id.text),
            "Groups": .array(groups.map { .string($0.text) }),
        ])
}

private func detachment(
    of id: NetworkInterfaceID, in fleet: Fleet
) throws(IntentionError) -> OperationRequest {
    let interface = try findInterface(id, in: fleet)
    switch fleet.vendor {
    case .alibaba:
        guard let instance = interface.instance else { throw .notAttached(id) }
        return OperationRequest(
            "DetachNetworkInterface",
            [
                "RegionId": region(of: interface, in: fleet),
                "NetworkInterfaceId": .string(id.text), "InstanceId": .string(instance.text),
            ])
    case .aws:
        guard let attachment = interface.attachment else { throw .notAttached(id) }
        return OperationRequest("DetachNetworkInterface", ["AttachmentId": .string(attachment)])
    }
}

internal import CloudModel

/// What joins or leaves a group: an instance, which means its primary interface, or an interface.
///
/// The first four rows of the tables of both calls. Source: SEMANTICS C.1, C.3.
struct MembershipCall {
    enum Target {
        case instance(InstanceID)
        case interface(NetworkInterfaceID, region: String)
    }

    let group: SecurityGroupID
    let target: Target

    init(_ parameters: Parameters) throws(Refusal) {
        let group = try parameters.text("SecurityGroupId", orRefuse: .malformed("SecurityGroupId"))
        let instance = try parameters.text("InstanceId", orRefuse: .malformedInstanceID)
        let interface = try parameters.text(
            "NetworkInterfaceId", orRefuse: .malformed("NetworkInterfaceId"))
        let region = try parameters.text("RegionId", orRefuse: .malformed("RegionId"))

        try refuse(.twoTargets, if: instance != nil && interface != nil)  // 1
        try refuse(.malformed("InstanceId"), if: instance == nil && interface == nil)  // 2
        guard let group, group.isIdentifier("sg-") else { throw .malformed("SecurityGroupId") }
        if let interface, !interface.isIdentifier("eni-") {
            throw .malformed("NetworkInterfaceId")
        }
        self.group = SecurityGroupID(group)
        if let instance {
            try refuse(.malformedInstanceID, if: !instance.isIdentifier("i-"))  // 3
            target = .instance(InstanceID(instance))
        } else if let interface {
            guard let region else { throw .missingRegion }  // 4
            target = .interface(NetworkInterfaceID(interface), region: region)
        } else {
            preconditionFailure("one target is there")
        }
    }

    /// Whether the call names an interface, not an instance.
    var isInterfaceForm: Bool {
        if case .interface = target { true } else { false }
    }
}

/// A call's target, found in the state.
struct MembershipTarget {
    var interface: NetworkInterface
    /// The instance that the interface is attached to.
    var instance: Instance?
    /// Who owns what the call names.
    var owner: String?

    /// Rows 6 and 7: the target exists. Of another account's targets only their owner is told.
    init(_ call: MembershipCall, in state: CloudState) throws(Refusal) {
        switch call.target {
        case .instance(let id):
            guard let instance = state.instance(id),
                let interface = state.primaryInterface(of: id)
            else { throw .unknownInstance(id) }  // 6
            (self.interface, self.instance, owner) = (interface, instance, instance.owner)
        case .interface(let id, let region):
            guard let interface = state.interface(id),
                state.isIn(region, interface.region)
            else { throw .unknownInterface(id) }  // 7
            self.interface = interface
            instance = interface.instance.flatMap(state.instance)
            owner = interface.owner
        }
    }
}

extension CloudState {
    /// Whether a resource of `actual` region, or the fleet's, can be in the region that a call names.
    /// What is in no known region is found from every one.
    func isIn(_ named: String?, _ actual: String?) -> Bool {
        guard let named, let actual = actual ?? fleet.region else { return true }
        return named == actual
    }

    /// The group called `id` of the fleet's account, seen from `region`.
    func ownGroup(_ id: SecurityGroupID, region: String? = nil) throws(Refusal) -> SecurityGroup {
        guard let group = group(id), isOwn(group.owner), isIn(region, group.region) else {
            throw .unknownGroup(id)
        }
        return group
    }
}

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
        let (instance, interface) = ("InstanceId", "NetworkInterfaceId")
        let isInterfaceForm = parameters.has(interface)
        try refuse(.twoTargets, if: isInterfaceForm && parameters.has(instance))  // 1
        try refuse(.malformed(instance), if: !isInterfaceForm && !parameters.has(instance))  // 2
        group = SecurityGroupID(
            try parameters.identifier(
                "SecurityGroupId", "sg-", orRefuse: .malformed("SecurityGroupId")))
        guard isInterfaceForm else {
            let id = try parameters.identifier(instance, "i-", orRefuse: .malformedInstanceID)  // 3
            target = .instance(InstanceID(id))
            return
        }
        let id = try parameters.identifier(interface, "eni-", orRefuse: .malformed(interface))
        guard let region = try parameters.text("RegionId", orRefuse: .malformed("RegionId")) else {
            throw .missingRegion  // 4
        }
        target = .interface(NetworkInterfaceID(id), region: region)
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
    /// Whether a resource of `actual` region, or the fleet's, can be in the region that a call
    /// names. What is in no known region is found from every one.
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

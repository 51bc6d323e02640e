internal import CloudModel

/// Checks of permissions against the state: rows 26, 28 and 30 to 37 of SEMANTICS C.2.7.
extension CloudState {
    /// The group to which a call gives `permissions`, or from which it takes them, if it may be
    /// changed: rows 30 and 31, and between them what rows 26 and 28 need the group for.
    func groupToChange(
        _ call: PermissionCall, _ permissions: [Permission] = []
    ) throws(Refusal) -> SecurityGroup {
        let group = try ownGroup(call.group, region: call.region)  // 30
        for permission in permissions { try checkNicType(of: permission, in: group) }  // 26
        // In a VPC a network card type and none are the same rule.
        let identities = Set(permissions.map { $0.identity(in: group) })
        try refuse(.duplicatePermissions, if: identities.count < permissions.count)  // 28
        try refuse(.managedGroup(group.id), if: group.serviceManaged)  // 31
        return group
    }

    /// Refuses a network card type that `group` cannot have. Source: SEMANTICS C.2.3.
    func checkNicType(of permission: Permission, in group: SecurityGroup) throws(Refusal) {
        let rule = permission.rule
        guard group.isClassic else {
            return try refuse(.nicTypeInVPC(permission.form), if: rule.nicType == .internet)
        }
        guard case .securityGroup = rule.peer else { return }
        try refuse(.nicTypeOfGroupRule(permission.form), if: rule.nicType != .intranet)
    }

    /// `permission` with the owner of its group left out where that is the fleet's account.
    func normalized(_ permission: Permission) -> Permission {
        guard case .securityGroup(var reference) = permission.rule.peer else { return permission }
        var permission = permission
        reference.owner = foreignOwner(reference.owner, of: reference.group)
        permission.rule.peer = .securityGroup(reference)
        return permission
    }

    /// `owner`, unless the fleet's account is meant.
    func foreignOwner(_ owner: String?, of group: SecurityGroupID) -> String? {
        guard let owner, owner != fleet.account else { return nil }
        let isOwnerUnnamed = fleet.account == nil && self.group(group)?.owner ?? owner == owner
        return isOwnerUnnamed && self.group(group) != nil ? nil : owner
    }

    /// Refuses what `group` cannot have as a rule.
    func check(_ permission: Permission, in group: SecurityGroup) throws(Refusal) {
        let rule = permission.rule
        if group.type == .enterprise, fleet.switches.enterprisePolicy == .denied {
            try refuse(.enterpriseParameter, if: permission.weighsRules)  // 32
        }
        switch rule.peer {
        case .cidr: break
        case .securityGroup(let reference):
            try check(reference, rule.direction, in: group)
        case .prefixList(let id):
            guard let list = prefixList(id), isOwn(list.owner) else {
                throw .unknownPrefixList(id)  // 36
            }
            try refuse(.prefixListInClassic, if: group.isClassic)  // 37
        }
        if case .portList(let id) = rule.transport, portList(id) == nil {
            throw .unknownPortList(id)
        }
    }

    private func check(
        _ reference: GroupReference, _ direction: Direction, in group: SecurityGroup
    ) throws(Refusal) {
        try refuse(.enterpriseParameter, if: group.type == .enterprise)  // 32
        guard let peer = self.group(reference.group), isKnown(peer, to: reference) else {
            // Another account's groups may be there without the fleet knowing.
            guard reference.owner == nil else { return }
            throw .unknownPeerGroup(reference.group, direction)  // 33
        }
        try refuse(.enterprisePeer(peer.id), if: peer.type == .enterprise)  // 34
        try refuse(.peerInOtherVPC(peer.id, direction), if: peer.vpc != group.vpc)  // 35
    }

    /// Whether `group` belongs to the account in which `reference` looks for it.
    private func isKnown(_ group: SecurityGroup, to reference: GroupReference) -> Bool {
        guard let owner = reference.owner else { return isOwn(group.owner) }
        return group.owner == owner
    }
}

extension Refusal {
    fileprivate static func nicTypeInVPC(_ form: PermissionForm) -> Refusal {
        Refusal(
            400, "InvalidNicType.ValueNotSupported",
            "`\(form.name(of: .nicType))` can only be `intranet` in a vpc")
    }

    fileprivate static func nicTypeOfGroupRule(_ form: PermissionForm) -> Refusal {
        Refusal(
            400, "InvalidNicType.ValueNotSupported",
            "`\(form.name(of: .nicType))` must be `intranet` where a group is the peer")
    }

    fileprivate static let enterpriseParameter = Refusal(
        400, "InvalidGroupParameter.OperationDenied",
        "rules of an advanced security group have no group as peer, policy or priority")

    fileprivate static func unknownPeerGroup(
        _ id: SecurityGroupID, _ direction: Direction
    ) -> Refusal {
        Refusal(
            404,
            direction == .ingress
                ? "InvalidSourceGroupId.NotFound" : "InvalidDestGroupId.NotFound",
            "there is no security group `\(id)`")
    }

    fileprivate static func enterprisePeer(_ id: SecurityGroupID) -> Refusal {
        Refusal(
            400, "InvalidGroupAuthParameter.OperationDenied",
            "rules cannot name the advanced security group `\(id)`")
    }

    fileprivate static func peerInOtherVPC(
        _ id: SecurityGroupID, _ direction: Direction
    ) -> Refusal {
        Refusal(
            400,
            direction == .ingress ? "InvalidSourceGroupId.Mismatch" : "InvalidDestGroupId.Mismatch",
            "the security group `\(id)` is in another vpc")
    }

    fileprivate static let prefixListInClassic = Refusal(
        400, "NotSupported.ClassicNetworkPrefixList",
        "rules in the classic network cannot name prefix lists")

    fileprivate static func unknownPortList(_ id: PortListID) -> Refusal {
        Refusal(400, "InvalidPortRangeListId.NotFound", "there is no port list `\(id)`")
    }
}

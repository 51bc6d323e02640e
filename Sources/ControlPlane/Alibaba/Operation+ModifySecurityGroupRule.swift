internal import CloudModel

extension Operation {
    /// Changes an inbound rule in place; the kind of its peer and of its ports stays.
    static let modifySecurityGroupRule = Operation(
        "ModifySecurityGroupRule", parameters: modificationParameters(.ingress)
    ) { parameters, state throws(Refusal) in
        try planModification(parameters, state, .ingress)
    }

    /// Changes an outbound rule in place.
    static let modifySecurityGroupEgressRule = Operation(
        "ModifySecurityGroupEgressRule", parameters: modificationParameters(.egress)
    ) { parameters, state throws(Refusal) in
        try planModification(parameters, state, .egress)
    }

    private static func modificationParameters(_ direction: Direction) -> Set<String> {
        PermissionField.names(for: direction).union([
            "RegionId", "ClientToken", "SecurityGroupId", "SecurityGroupRuleId",
        ])
    }
}

/// Source: SEMANTICS D. Fields that are not given, or empty, stay as they are.
private func planModification(
    _ parameters: Parameters, _ state: CloudState, _ direction: Direction
) throws(Refusal) -> Plan {
    let groupID = try parameters.identifier("SecurityGroupId", "sg-", orRefuse: .malformedGroupID)
    let ruleID = try parameters.identifier(
        "SecurityGroupRuleId", "sgr-", orRefuse: .malformedRuleID)
    let region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))
    let group = try state.ownGroup(SecurityGroupID(groupID), region: region)
    try refuse(.managedGroup(group.id), if: group.serviceManaged)
    guard let old = group.rules.first(where: { $0.id.text == ruleID }), old.direction == direction
    else { throw .unknownRule(RuleID(ruleID)) }

    try refuse(.changedPeerKind(old.id), if: changesPeerKind(of: old, parameters))
    try refuse(.changedPortKind(old.id), if: changesPortKind(of: old, parameters))
    let reader = PermissionReader(
        parameters: Parameters(fields(of: old, beside: parameters)).overlaid(with: parameters),
        form: .flat, direction: direction)
    let permission = restored(old, beside: parameters, in: state.normalized(try reader.read()))
    try refuse(.selfReferenceAfterChange, if: permission.rule.peer.names(group.id))
    try permission.refuseEqualEnds()
    try state.checkNicType(of: permission, in: group)
    try state.check(permission, in: group)
    try state.checkPrefixList(of: permission, in: group)
    try refuse(
        .changedNicType,
        if: group.isClassic && permission.rule(in: group).nicType != old.nicType ?? .internet)

    var new = permission.rule(in: group)
    new.id = old.id
    new.nicType = old.nicType
    if !parameters.has(PermissionField.description.rawValue) { new.description = old.description }
    let twins = group.rules(with: RuleIdentity(new, isClassic: group.isClassic))
    try refuse(.duplicateRule(old.id), if: twins.contains { $0.id != old.id })
    return Plan(changes: new == old ? [] : [.ruleReplaced(old, by: new, in: group.id)])
}

/// Whether the call gives the rule a peer of another kind.
private func changesPeerKind(of rule: SecurityGroupRule, _ parameters: Parameters) -> Bool {
    let fields = PeerFields.of(rule.direction)
    let kinds = [fields.cidr, fields.ipv6CIDR, fields.group, fields.prefixList]
    guard let given = kinds.first(where: { parameters.has($0.rawValue) }) else { return false }
    return given != rule.peerField
}

/// Whether the call gives the rule a list for a range, or a range for a list.
private func changesPortKind(of rule: SecurityGroupRule, _ parameters: Parameters) -> Bool {
    let hasRange = parameters.has(PermissionField.portRange.rawValue)
    let hasList = parameters.has(PermissionField.portRangeList.rawValue)
    if case .portList = rule.transport { return hasRange }
    return hasList && !hasRange
}

/// The rule as the fields of a call that would make it.
private func fields(
    of rule: SecurityGroupRule, beside given: Parameters
) -> [String: ParameterValue] {
    let peerFields = PeerFields.of(rule.direction)
    var fields: [PermissionField: String] = [
        .policy: rule.policy.rawValue, .ipProtocol: rule.ipProtocol.description,
    ]
    switch rule.transport {
    // Such ports can be in a file, but no call can give them; `restored` puts them back.
    case .any where rule.ipProtocol.hasFilteredPorts: fields[.portRange] = "1/65535"
    case .destinationPorts(let range):
        fields[.portRange] = "\(max(1, range.lower))/\(max(1, range.upper))"
    case .portList(let id): fields[.portRangeList] = id.text
    case .any, .icmp: break
    }
    fields[.sourcePortRange] = rule.sourcePorts?.description
    fields[.nicType] = rule.nicType?.rawValue
    switch rule.peer {
    case .cidr(let block): fields[rule.peerField] = block.description
    case .prefixList(let id): fields[rule.peerField] = id.text
    case .securityGroup(let reference):
        fields[rule.peerField] = reference.group.text
        fields[peerFields.groupOwner] = reference.owner
    }
    if let local = rule.localCIDR {
        let isIPv4 = local.family == .ipv4
        fields[
            rule.direction == .ingress
                ? isIPv4 ? .destinationCIDR : .ipv6DestinationCIDR
                : isIPv4 ? .sourceCIDR : .ipv6SourceCIDR] = local.description
    }
    return Dictionary(
        uniqueKeysWithValues: fields.map { ($0.key.rawValue, ParameterValue.string($0.value)) })
}

/// `permission` with what the call leaves alone as the old rule has it, if no call could say it.
private func restored(
    _ old: SecurityGroupRule, beside given: Parameters, in permission: Permission
) -> Permission {
    var permission = permission
    if !given.has(PermissionField.priority.rawValue) { permission.rule.priority = old.priority }
    let transportFields: [PermissionField] = [.ipProtocol, .portRange, .portRangeList]
    if !transportFields.contains(where: { given.has($0.rawValue) }) {
        permission.rule.transport = old.transport
    }
    return permission
}

extension SecurityGroupRule {
    /// The field that names the rule's peer.
    fileprivate var peerField: PermissionField {
        let fields = PeerFields.of(direction)
        return switch peer {
        case .cidr(let block): block.family == .ipv4 ? fields.cidr : fields.ipv6CIDR
        case .securityGroup: fields.group
        case .prefixList: fields.prefixList
        }
    }
}

extension Peer {
    /// Whether this is the group called `id`.
    fileprivate func names(_ id: SecurityGroupID) -> Bool {
        if case .securityGroup(let reference) = self { reference.group == id } else { false }
    }
}

extension Refusal {
    fileprivate static func changedPeerKind(_ id: RuleID) -> Refusal {
        Refusal(
            400, "InvalidOperation.ModifySgRuleEntityType",
            "the kind of peer of the rule `\(id)` cannot change")
    }

    fileprivate static func changedPortKind(_ id: RuleID) -> Refusal {
        Refusal(
            400, "InvalidOperation.ModifyPortRangeType",
            "the rule `\(id)` cannot change between a port range and a port list")
    }

    fileprivate static let changedNicType = Refusal(
        403, "InvalidNicType.Mismatch", "the network card type of a rule cannot change")

    fileprivate static let selfReferenceAfterChange = Refusal(
        400, "InvalidParamter.Conflict", "a rule cannot name its own group")

    fileprivate static func duplicateRule(_ id: RuleID) -> Refusal {
        Refusal(
            400, "InvalidOperation.RuleDuplicate",
            "the rule `\(id)` would be the same as another rule of the group")
    }
}

internal import CloudModel

/// A call that gives permissions to a group, or takes them away, as its parameters spell it.
struct PermissionCall {
    /// Which rules are meant.
    enum Rules {
        case ids([RuleID])
        case permissions([Permission])
    }

    /// How many rules one call may name. Source: SEMANTICS A.12.
    static let ruleLimit = 100

    let group: SecurityGroupID
    let region: String?
    let direction: Direction
    let rules: Rules

    /// Reads the parameters: rows 1 to 29 of SEMANTICS C.2.7.
    init(_ parameters: Parameters, _ direction: Direction) throws(Refusal) {
        self.direction = direction
        group = SecurityGroupID(
            try parameters.identifier("SecurityGroupId", "sg-", orRefuse: .malformedGroupID))  // 1
        region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))

        let fields = PermissionField.names(for: direction)
        let listed = parameters.list("Permissions")
        let isFlat = fields.contains(where: parameters.has)
        let idNames = ["SecurityGroupRuleId", "SecurityGroupRuleIds"]
        let forms = [idNames.contains(where: parameters.has), listed != nil, isFlat]
        let formCount = forms.count { $0 }
        try refuse(.mixedForms, if: formCount > 1)  // 2
        let ids = try parameters.texts(
            "SecurityGroupRuleId", "SecurityGroupRuleIds", orRefuse: .malformedRuleID)
        if let ids {
            rules = .ids(try checkedIDs(ids))  // 3, 4
        } else if let listed {
            rules = .permissions(try readPermissions(listed, fields, direction))
        } else {
            try refuse(.missingParameter("Permissions"), if: formCount == 0)
            let reader = PermissionReader(
                parameters: parameters, form: .flat, direction: direction)
            rules = .permissions([try reader.read()])
        }
        try checkSelfReferences()  // 29
    }

    private func checkSelfReferences() throws(Refusal) {
        guard case .permissions(let permissions) = rules else { return }
        for permission in permissions {
            guard case .securityGroup(let reference) = permission.rule.peer,
                reference.group == group
            else { continue }
            throw direction == .ingress ? .selfReference : .egressSelfReference
        }
    }
}

private func checkedIDs(_ ids: [String]) throws(Refusal) -> [RuleID] {
    try refuse(
        .tooMany("SecurityGroupRuleId", limit: PermissionCall.ruleLimit),
        if: ids.count > PermissionCall.ruleLimit)
    for id in ids where !id.isIdentifier("sgr-") { throw .malformedRuleID }  // 3
    try refuse(.repeatedRuleID, if: Set(ids).count < ids.count)  // 4
    return ids.map { RuleID($0) }
}

private func readPermissions(
    _ members: [ParameterValue], _ fields: Set<String>, _ direction: Direction
) throws(Refusal) -> [Permission] {
    try refuse(
        .tooMany("Permissions", limit: PermissionCall.ruleLimit),
        if: members.count > PermissionCall.ruleLimit)
    var permissions: [Permission] = []
    for (index, member) in members.enumerated() {
        let name = "Permissions.\(index + 1)"
        guard case .object(let object) = member else { throw .invalidParameter(name) }
        let parameters = Parameters(object)
        if let stranger = parameters.names.first(where: { !fields.contains($0) }) {
            throw .unsupportedParameter("\(name).\(stranger)")
        }
        let reader = PermissionReader(
            parameters: parameters, form: .listed(index + 1), direction: direction)
        permissions.append(try reader.read())  // 5–27
    }
    // Two that differ in what means nothing where the group is show once the group is found.
    let identities = Set(permissions.map { RuleIdentity($0.rule, isClassic: true) })
    try refuse(.duplicatePermissions, if: identities.count < permissions.count)  // 28
    return permissions
}

extension Refusal {
    static let malformedRuleID = Refusal(
        400, "InvalidParam.SecurityGroupRuleId",
        "the parameter `SecurityGroupRuleId` is missing or malformed")

    fileprivate static let mixedForms = Refusal(
        400, "InvalidParam.Permissions",
        "rule ids, `Permissions` and the parameters that they replace exclude one another")

    fileprivate static let repeatedRuleID = Refusal(
        400, "InvalidParam.SecurityGroupRuleIdRepeated", "a rule id is given more than once")

    static let duplicatePermissions = Refusal(
        400, "InvalidParam.DuplicatePermissions", "two members of `Permissions` are the same rule")

    fileprivate static let selfReference = Refusal(
        400, "InvalidParamter.Conflict", "a rule cannot name its own group as source")

    fileprivate static let egressSelfReference = Refusal(
        403, "InvalidSecurityGroup.IsSame", "a rule cannot name its own group as destination")
}

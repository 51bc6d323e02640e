internal import CloudModel

/// A call that gives rules to a group, or takes them away, as its parameters spell it.
struct RuleCall {
    /// Which rules are meant.
    enum Rules {
        case ids([RuleID])
        case permissions([IPPermission])
    }

    let group: SecurityGroup
    let rules: Rules

    static let flatNames: Set<String> = [
        "CidrIp", "FromPort", "ToPort", "IpProtocol", "SourceSecurityGroupName",
        "SourceSecurityGroupOwnerId",
    ]

    /// The names of the parameters that all such calls have.
    static let commonNames: Set<String> = ["GroupId", "IpPermissions", "DryRun"]

    static let ruleIDNames: Set<String> = ["SecurityGroupRuleId", "SecurityGroupRuleIds"]

    /// Reads the parameters and finds the group: rows 2 to 8 of SEMANTICS C.5.
    init(
        _ parameters: Parameters, _ direction: Direction, in state: CloudState
    ) throws(Refusal) {
        let groupID = try parameters.text("GroupId", orRefuse: .malformedAWSGroupID(""))
        let groupName = try parameters.text("GroupName", orRefuse: .invalidValue("GroupName"))
        let ids = try parameters.texts(
            "SecurityGroupRuleId", "SecurityGroupRuleIds", orRefuse: .malformedAWSRuleID(""))
        let isFlat = RuleCall.flatNames.contains(where: parameters.has)
        let isListed = parameters.has("IpPermissions")
        try refuse(.missingParameter("GroupId"), if: groupID == nil && groupName == nil)  // 2
        try refuse(
            .missingParameter("IpPermissions"), if: ids == nil && !isFlat && !isListed)
        try refuse(
            .badCombination("`GroupId` and `GroupName` exclude each other"),
            if: groupID != nil && groupName != nil)  // 3
        try refuse(
            .badCombination("rule ids, `IpPermissions` and single properties exclude one another"),
            if: (ids == nil ? 0 : 1) + (isFlat ? 1 : 0) + (isListed ? 1 : 0) > 1)
        try RuleCall.checkFlatCombination(parameters)
        if let groupID, !groupID.isAWSGroupID { throw .malformedAWSGroupID(groupID) }  // 4
        for id in ids ?? [] where !id.isIdentifier("sgr-") { throw .malformedAWSRuleID(id) }  // 5
        let permissions =
            ids == nil ? try RuleCall.readPermissions(parameters, direction, in: state) : []  // 6
        if let groupID {
            group = try state.ownAWSGroup(SecurityGroupID(groupID))  // 7
        } else {
            group = try state.groupInDefaultVPC(named: groupName ?? "")
        }
        if let ids {
            rules = .ids(ids.map { RuleID($0) })
        } else if parameters.has("SourceSecurityGroupName") {
            rules = .permissions(
                try RuleCall.readGroupPermissions(parameters, for: group, direction, in: state))
        } else {
            rules = .permissions(permissions)
        }
        try parameters.refuseDryRun()  // 8
    }

    /// A group named by the flat form opens everything: nothing else can be said beside it.
    private static func checkFlatCombination(_ parameters: Parameters) throws(Refusal) {
        guard parameters.has("SourceSecurityGroupName") else {
            try refuse(
                .badCombination("`SourceSecurityGroupOwnerId` needs `SourceSecurityGroupName`"),
                if: parameters.has("SourceSecurityGroupOwnerId"))
            return
        }
        let excluded = ["CidrIp", "IpProtocol", "FromPort", "ToPort"].first(where: parameters.has)
        if let excluded {
            throw .badCombination("`SourceSecurityGroupName` and `\(excluded)` exclude each other")
        }
    }

    private static func readPermissions(
        _ parameters: Parameters, _ direction: Direction, in state: CloudState
    ) throws(Refusal) -> [IPPermission] {
        if parameters.has("SourceSecurityGroupName") { return [] }
        guard let members = parameters.list("IpPermissions") else {
            return [try readFlatPermission(parameters, direction)]
        }
        var permissions: [IPPermission] = []
        var identities: Set<RuleIdentity> = []
        for member in members {
            guard case .object(let object) = member else { throw .invalidValue("IpPermissions") }
            let permission = try IPPermission(Parameters(object), direction, in: state)
            for rule in permission.rules {
                let isNew = identities.insert(RuleIdentity(rule, isClassic: false)).inserted
                try refuse(.repeatedPermission, if: !isNew)
            }
            permissions.append(permission)
        }
        return permissions
    }

    private static func readFlatPermission(
        _ parameters: Parameters, _ direction: Direction
    ) throws(Refusal) -> IPPermission {
        let service = try IPService(parameters)
        let rule = SecurityGroupRule(
            id: "", direction: direction, ipProtocol: service.ipProtocol,
            transport: service.transport, peer: try parameters.block("CidrIp", .ipv4))
        return IPPermission(service, rules: [rule])
    }

    /// What a group named by the flat form stands for: all of TCP, UDP and ICMP from it, as in
    /// EC2-Classic. Source: SEMANTICS C.5.
    private static func readGroupPermissions(
        _ parameters: Parameters, for group: SecurityGroup, _ direction: Direction,
        in state: CloudState
    ) throws(Refusal) -> [IPPermission] {
        let name = try parameters.text(
            "SourceSecurityGroupName", orRefuse: .invalidValue("SourceSecurityGroupName"))
        let owner = try parameters.text(
            "SourceSecurityGroupOwnerId", orRefuse: .invalidValue("SourceSecurityGroupOwnerId"))
        let source = state.fleet.securityGroups.first {
            $0.name == name && $0.vpc == group.vpc && (owner == nil || ($0.owner ?? owner) == owner)
        }
        guard let source else { throw .unknownAWSGroup(name ?? "") }
        return [IPProtocol.tcp, .udp, .icmp].map { ipProtocol in
            let service = IPService(allOf: ipProtocol)
            let reference = GroupReference(
                source.id, owner: state.foreignOwner(owner, of: source.id))
            let rule = SecurityGroupRule(
                id: "", direction: direction, ipProtocol: service.ipProtocol,
                transport: service.transport, peer: .securityGroup(reference))
            return IPPermission(service, rules: [rule])
        }
    }
}

extension Refusal {
    fileprivate static let repeatedPermission = Refusal(
        400, "InvalidParameterValue", "the same permission is given more than once")
}

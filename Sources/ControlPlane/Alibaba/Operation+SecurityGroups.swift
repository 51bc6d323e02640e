internal import CloudModel

extension Operation {
    /// Makes a group without rules: a basic one is open inside, an advanced one closed.
    /// Source: SEMANTICS D, A.9.
    static let createSecurityGroup = Operation(
        "CreateSecurityGroup",
        parameters: [
            "RegionId", "ClientToken", "SecurityGroupName", "Description", "VpcId",
            "SecurityGroupType", "ResourceGroupId", "Tag",
        ],
        plan: planCreation)

    /// Removes a group that has no members and that no rule of another group names.
    static let deleteSecurityGroup = Operation(
        "DeleteSecurityGroup", parameters: ["RegionId", "ClientToken", "SecurityGroupId"]
    ) { parameters, state throws(Refusal) in
        let id = try parameters.identifier("SecurityGroupId", "sg-", orRefuse: .malformedGroupID)
        let region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))
        let group = try state.ownGroup(SecurityGroupID(id), region: region)
        try refuse(.managedGroup(group.id), if: group.serviceManaged)
        try refuse(.protectedGroup(group.id), if: group.deletionProtection)
        try refuse(
            .groupInUse(group.id, httpStatus: 403), if: state.isInUse(group))
        return Plan(changes: [.groupRemoved(group)])
    }
}

private func planCreation(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let word = try parameters.text(
        "SecurityGroupType", orRefuse: .invalidParameter("SecurityGroupType"))
    guard let type = SecurityGroupType(rawValue: word ?? "normal") else {
        throw .invalidParameter("SecurityGroupType")
    }
    let vpc = try parameters.text("VpcId", orRefuse: .invalidParameter("VpcId"))
    if let vpc, state.vpc(VPCID(vpc)) == nil { throw .unknownVPC(vpc) }
    // Advanced groups are for VPCs only (SEMANTICS A.9).
    try refuse(.missingParameter("VpcId"), if: vpc == nil && type == .enterprise)
    let (id, number) = state.freeGroupID()
    let group = SecurityGroup(
        id: id,
        name: try parameters.text(
            "SecurityGroupName", orRefuse: .invalidParameter("SecurityGroupName")),
        vpc: vpc.map { VPCID($0) }, type: type,
        region: try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId")))
    return Plan(
        changes: [.groupAdded(group)], returned: ["securityGroupId": .string(id.text)],
        lastRuleNumber: number)
}

extension CloudState {
    /// An id that no group has, and the number of the rule counter that it is made of: the fleet
    /// has one counter for all that it names.
    func freeGroupID() -> (id: SecurityGroupID, number: Int) {
        var number = fleet.nextRuleNumber
        while true {
            let id = SecurityGroupID("sg-" + RuleID(number: number).text.dropFirst(4))
            if group(id) == nil { return (id, number) }
            number += 1
        }
    }

    /// Whether an interface is in `group` or a rule of another group names it.
    func isInUse(_ group: SecurityGroup) -> Bool {
        let facts = facts(of: group.id)
        return !facts.members.isEmpty || facts.uses.keys.contains { $0 != group.id }
    }
}

extension Refusal {
    static func groupInUse(_ id: SecurityGroupID, httpStatus: Int) -> Refusal {
        Refusal(
            httpStatus, "DependencyViolation",
            "interfaces are in the security group `\(id)`, or rules of other groups name it")
    }

    fileprivate static func protectedGroup(_ id: SecurityGroupID) -> Refusal {
        Refusal(
            403, "InvalidOperation.DeletionProtection",
            "the security group `\(id)` is protected against deletion")
    }

    fileprivate static func unknownVPC(_ id: String) -> Refusal {
        Refusal(404, "InvalidVpcId.NotFound", "there is no vpc `\(id)`")
    }
}

internal import CloudModel

/// AWS's calls that make and remove groups. Source: SEMANTICS B.1, B.4, D.
extension Operation {
    /// Makes a group that lets nothing in and everything out.
    static let awsCreateGroup = Operation(
        "CreateSecurityGroup",
        parameters: [
            "GroupName", "Description", "GroupDescription", "VpcId", "TagSpecification",
            "TagSpecifications", "DryRun",
        ],
        plan: planCreation)

    /// Removes a group that has no members and that no rule of another group names.
    static let awsDeleteGroup = Operation(
        "DeleteSecurityGroup", parameters: ["GroupId", "GroupName", "DryRun"]
    ) { parameters, state throws(Refusal) in
        let id = try parameters.text("GroupId", orRefuse: .malformedAWSGroupID(""))
        let name = try parameters.text("GroupName", orRefuse: .invalidValue("GroupName"))
        try refuse(.missingParameter("GroupId"), if: id == nil && name == nil)
        try refuse(
            .badCombination("`GroupId` and `GroupName` exclude each other"),
            if: id != nil && name != nil)
        if let id, !id.isAWSGroupID { throw .malformedAWSGroupID(id) }
        let group =
            if let id {
                try state.ownAWSGroup(SecurityGroupID(id))
            } else {
                try state.groupInDefaultVPC(named: name ?? "")
            }
        try parameters.refuseDryRun()
        try refuse(.defaultGroupStays, if: group.name == "default")
        try refuse(.groupInUse(group.id, httpStatus: 400), if: state.isInUse(group))
        return Plan(changes: [.groupRemoved(group)])
    }
}

private func planCreation(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let name = try parameters.text("GroupName", orRefuse: .invalidValue("GroupName"))
    guard let name else { throw .missingParameter("GroupName") }
    try refuse(
        .missingParameter("GroupDescription"),
        if: !parameters.has("Description") && !parameters.has("GroupDescription"))
    let vpcID = try parameters.text("VpcId", orRefuse: .invalidValue("VpcId"))
    let vpc =
        vpcID.map { state.vpc(VPCID($0)) } ?? state.fleet.vpcs.first(where: \.isDefault)
    guard let vpc else {
        throw vpcID.map { .unknownAWSVPC($0) } ?? .missingParameter("VpcId")
    }
    try refuse(
        .duplicateGroup(name),
        if: state.fleet.securityGroups.contains { $0.name == name && $0.vpc == vpc.id })
    try parameters.refuseDryRun()
    let (id, number) = state.freeGroupID()
    var group = SecurityGroup(id: id, name: name, vpc: vpc.id, innerAccessPolicy: .drop)
    let hasIPv6 = vpc.cidrBlocks.contains { $0.family == .ipv6 }
    let everywhere = [IPAddress(ipv4: 0)] + (hasIPv6 ? [IPAddress(ipv6High: 0, low: 0)] : [])
    var lastNumber = number
    for (address, ruleNumber) in zip(everywhere, state.freeRuleNumbers(2)) {
        group.rules.append(
            SecurityGroupRule(
                id: RuleID(number: ruleNumber), direction: .egress,
                peer: .cidr(CIDRBlock(address, prefixLength: 0))))
        lastNumber = max(lastNumber, ruleNumber)
    }
    return Plan(
        changes: [.groupAdded(group)], returned: ["securityGroupId": .string(id.text)],
        lastRuleNumber: lastNumber)
}

extension Refusal {
    fileprivate static let defaultGroupStays = Refusal(
        400, "CannotDelete", "the default security group of a vpc cannot be deleted")

    fileprivate static func unknownAWSVPC(_ id: String) -> Refusal {
        Refusal(400, "InvalidVpcID.NotFound", "there is no vpc `\(id)`")
    }

    fileprivate static func duplicateGroup(_ name: String) -> Refusal {
        Refusal(
            400, "InvalidGroup.Duplicate", "the vpc has a security group called `\(name)` already")
    }
}

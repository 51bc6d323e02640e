internal import CloudModel

/// The keys of a security group.
private enum GroupKey: String, JSONKey {
    case id, name, vpc, type, innerAccessPolicy, serviceManaged, owner, region
    case deletionProtection, rules

    static let table = JSONKeyTable<GroupKey>()
}

extension FleetReader {
    /// Reads the array of security groups.
    mutating func readSecurityGroups(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) {
        guard try document.enterArray() else { return }
        var index = 0
        while try document.nextElement() {
            let ruleCount = ruleOrigins.count
            if let (group, start) = try readSecurityGroup(from: &document) {
                groupPositions[group.id] = fleet.securityGroups.count
                groupOrigins.append(Origin(offset: start, index: index))
                fleet.securityGroups.append(group)
            } else {
                ruleOrigins.removeSubrange(ruleCount...)
            }
            index += 1
        }
    }

    /// The group that comes next and where it begins; `nil` if it has no id of its own.
    private mutating func readSecurityGroup(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> (group: SecurityGroup, start: Int)? {
        guard var object = try document.enterObject(of: GroupKey.self) else { return nil }
        var id: SecurityGroupID?
        var innerAccess: InnerAccessPolicy?
        var group = SecurityGroup(id: "")
        while let key = try document.nextKey(in: &object) {
            switch key {
            case .id: id = try document.readID(SecurityGroupID.self)
            case .name: group.name = try document.readString()
            case .vpc: group.vpc = try document.readID(VPCID.self)
            case .type: group.type = try document.readWord(SecurityGroupType.self) ?? .normal
            case .innerAccessPolicy where fleet.vendor == .aws:
                document.report(.foreignKey(.aws, .securityGroup))
                try document.skipValue()
            case .innerAccessPolicy:
                innerAccess = try document.readWordInAnyCase(InnerAccessPolicy.self)
            case .serviceManaged: group.serviceManaged = try document.readBoolean() ?? false
            case .owner: group.owner = try document.readString()
            case .region: group.region = try document.readString()
            case .deletionProtection:
                group.deletionProtection = try document.readBoolean() ?? false
            case .rules: group.rules = try readRules(from: &document)
            }
        }
        document.require(.id, in: object)
        group.innerAccessPolicy = innerAccess ?? defaultInnerAccess(of: group.type)
        if let problem = typeProblem(of: group) {
            document.report(problem.mistake, at: [.key(problem.key.rawValue)], below: object.start)
        }
        guard let id else { return nil }
        guard groupPositions[id] == nil else {
            document.report(
                .duplicateID(.securityGroup, id.text), at: [.key(GroupKey.id.rawValue)],
                below: object.start)
            return nil
        }
        group.id = id
        return (group, object.start)
    }

    private mutating func readRules(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> [SecurityGroupRule] {
        guard try document.enterArray() else { return [] }
        var rules: [SecurityGroupRule] = []
        var index = 0
        while try document.nextElement() {
            if let (rule, start) = try readRule(from: &document) {
                rules.append(rule)
                ruleOrigins.append(Origin(offset: start, index: index))
            }
            index += 1
        }
        return rules
    }

    /// AWS has no intra-group step, advanced groups are closed inside; basic ones open by default.
    private func defaultInnerAccess(of type: SecurityGroupType) -> InnerAccessPolicy {
        fleet.vendor == .alibaba && type == .normal ? .accept : .drop
    }

    private func typeProblem(
        of group: SecurityGroup
    ) -> (key: GroupKey, mistake: FileMistake)? {
        guard group.type == .enterprise else { return nil }
        if fleet.vendor == .aws { return (.type, .enterpriseGroupOutsideAlibaba) }
        return group.innerAccessPolicy == .accept
            ? (.innerAccessPolicy, .innerAccessInEnterpriseGroup) : nil
    }
}

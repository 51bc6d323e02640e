internal import CloudModel

/// What must hold between one object and those that it names.
extension FleetReader {
    /// Reports references to what is not there, and those that the cloud would have refused.
    ///
    /// - Complexity: O(rules + memberships).
    func checkReferences(reportingTo document: inout DocumentReader) {
        var rule = 0
        for (position, group) in fleet.securityGroups.enumerated() {
            if let vpc = group.vpc, !vpcIDs.contains(vpc) {
                document.report(
                    .unknownReference(.vpc, vpc.text), at: [.key("vpc")],
                    below: groupOrigins[position].offset, path: path(ofGroup: position))
            }
            for number in group.rules.indices {
                check(rule: number, origin: ruleOrigins[rule], ofGroup: position, &document)
                rule += 1
            }
        }
        for position in fleet.networkInterfaces.indices {
            check(interface: position, &document)
        }
    }

    /// The path of the interface at `position` in the fleet.
    func path(ofInterface position: Int) -> JSONPath {
        root + [
            .key(Key.networkInterfaces.rawValue), .index(interfaceOrigins[position].index),
        ]
    }

    private func path(ofGroup position: Int) -> JSONPath {
        root + [.key(Key.securityGroups.rawValue), .index(groupOrigins[position].index)]
    }

    // MARK: Rules

    private func check(
        rule number: Int, origin: Origin, ofGroup position: Int, _ document: inout DocumentReader
    ) {
        let rule = fleet.securityGroups[position].rules[number]
        let finding: RuleFinding?
        switch rule.peer {
        case .cidr(let block): finding = familyFinding(rule, peer: block.family, step: "cidr")
        case .prefixList(let id):
            if let list = prefixListPositions[id] {
                finding = familyFinding(
                    rule, peer: fleet.prefixLists[list].addressFamily, step: "prefixList")
            } else {
                finding = .error("prefixList", .unknownReference(.prefixList, id.text))
            }
        case .securityGroup(let reference): finding = groupFinding(reference, from: position)
        }
        let path = { self.path(ofGroup: position) + [.key("rules"), .index(origin.index)] }
        switch finding {
        case .error(let step, let mistake)?:
            document.report(
                mistake, at: [.key("peer"), .key(step)], below: origin.offset, path: path())
        case .warning(let step, let mistake)?:
            document.warn(
                mistake, at: [.key("peer"), .key(step)], below: origin.offset, path: path())
        case nil: break
        }
        if case .portList(let id) = rule.transport, !portListIDs.contains(id) {
            document.report(
                .unknownReference(.portList, id.text), at: [.key("portList")],
                below: origin.offset, path: path())
        }
    }

    /// What is to be said of a rule's peer, and of which key.
    private enum RuleFinding {
        case error(String, FileMistake)
        case warning(String, FileMistake)
    }

    /// AWS stores rules that no packet can match; Alibaba Cloud refuses them (SEMANTICS A.1).
    private func familyFinding(
        _ rule: SecurityGroupRule, peer family: AddressFamily, step: String
    ) -> RuleFinding? {
        if let local = rule.localCIDR, local.family != family {
            return .error(step, .mixedFamilies(peer: family, local: local.family))
        }
        guard !rule.ipProtocol.occurs(in: family) else { return nil }
        let mistake = FileMistake.protocolOfOtherFamily(rule.ipProtocol, family)
        return fleet.vendor == .aws ? .warning(step, mistake) : .error(step, mistake)
    }

    private func groupFinding(_ reference: GroupReference, from position: Int) -> RuleFinding? {
        let step = "securityGroup"
        let id = reference.group.text
        let isOnAlibaba = fleet.vendor == .alibaba
        if isOnAlibaba, fleet.securityGroups[position].type == .enterprise {
            return .error(step, .groupReferenceInEnterpriseGroup)
        }
        if reference.isStale { return .warning(step, .staleReference(id)) }
        guard let target = groupPositions[reference.group] else {
            if let owner = reference.owner, owner != fleet.account {
                return .warning(step, .foreignReference(id, owner: owner))
            }
            return .error(step, .unknownReference(.securityGroup, id))
        }
        if isOnAlibaba, target == position { return .error(step, .selfReference) }
        if isOnAlibaba, fleet.securityGroups[target].type == .enterprise {
            return .error(step, .referenceToEnterpriseGroup(id))
        }
        return nil
    }

    // MARK: Interfaces

    private func check(interface position: Int, _ document: inout DocumentReader) {
        let interface = fleet.networkInterfaces[position]
        let start = interfaceOrigins[position].offset
        if let vpc = interface.vpc, !vpcIDs.contains(vpc) {
            document.report(
                .unknownReference(.vpc, vpc.text), at: [.key("vpc")], below: start,
                path: path(ofInterface: position))
        }
        if let instance = interface.instance, !instanceIDs.contains(instance) {
            document.report(
                .unknownReference(.instance, instance.text), at: [.key("instance")], below: start,
                path: path(ofInterface: position))
        }
        guard isVendorKnown else { return }
        var firstType: SecurityGroupType?
        for (index, id) in interface.securityGroups.enumerated() {
            guard let mistake = membershipMistake(of: interface, in: id, firstType: &firstType)
            else { continue }
            document.report(
                mistake, at: [.key("securityGroups"), .index(index)], below: start,
                path: path(ofInterface: position))
        }
    }

    private func membershipMistake(
        of interface: NetworkInterface, in id: SecurityGroupID,
        firstType: inout SecurityGroupType?
    ) -> FileMistake? {
        guard let position = groupPositions[id] else {
            return .unknownReference(.securityGroup, id.text)
        }
        let group = fleet.securityGroups[position]
        guard group.vpc == interface.vpc else { return .groupOfOtherVPC(id.text) }
        defer { firstType = firstType ?? group.type }
        return firstType == nil || firstType == group.type ? nil : .mixedGroupTypes
    }
}

internal import CloudModel

/// A fleet and the indexes that operations look things up in.
///
/// Only ``apply(_:)`` changes it, one ``FleetChange`` at a time; whoever plans an operation reads.
struct CloudState: Sendable {
    /// The state of the cloud.
    var fleet: Fleet

    // Positions in the fleet's arrays.
    var groupPositions: [SecurityGroupID: Int] = [:]
    var interfacePositions: [NetworkInterfaceID: Int] = [:]
    var instancePositions: [InstanceID: Int] = [:]
    var prefixListPositions: [PrefixListID: Int] = [:]
    var portListPositions: [PortListID: Int] = [:]
    var vpcPositions: [VPCID: Int] = [:]

    /// What is known of each group beyond its own fields.
    var groupFacts: [SecurityGroupID: GroupFacts] = [:]
    /// At least the rule weight of every group, and at least the number of groups of every
    /// interface: they only grow. While their product is within a quota, no interface is near it.
    var heaviestRuleWeight = 0
    var mostGroupsOfInterface = 0
    /// The groups whose rules name a prefix list, with the number of such rules.
    var prefixListUses: [PrefixListID: [SecurityGroupID: Int]] = [:]
    /// The interfaces that name an instance.
    var instanceInterfaces: [InstanceID: Set<NetworkInterfaceID>] = [:]
    var attachments: [String: NetworkInterfaceID] = [:]
    /// Trunk interfaces that have members. No operation changes it.
    var trunksWithMembers: Set<NetworkInterfaceID> = []
    /// Numbers from the fleet's rule counter on whose generated ids are taken.
    var takenRuleNumbers: Set<Int> = []

    /// The state that `fleet` describes.
    ///
    /// - Complexity: linear in the fleet.
    init(_ fleet: Fleet) {
        self.fleet = fleet
        for (position, vpc) in fleet.vpcs.enumerated() { vpcPositions[vpc.id] = position }
        for (position, list) in fleet.portLists.enumerated() {
            portListPositions[list.id] = position
        }
        for (position, instance) in fleet.instances.enumerated() {
            instancePositions[instance.id] = position
        }
        for (position, list) in fleet.prefixLists.enumerated() {
            prefixListPositions[list.id] = position
        }
        for (position, group) in fleet.securityGroups.enumerated() {
            groupPositions[group.id] = position
            groupFacts[group.id] = GroupFacts()
        }
        nameOwnGroupsWithoutOwner()
        for group in self.fleet.securityGroups {
            for rule in group.rules {
                note(rule, in: group.id, times: 1)
                if let number = rule.id.number, number >= fleet.nextRuleNumber {
                    takenRuleNumbers.insert(number)
                }
            }
        }
        for (position, interface) in fleet.networkInterfaces.enumerated() {
            interfacePositions[interface.id] = position
            noteMemberships(of: interface)
            noteAttachment(of: interface)
            if let trunk = interface.trunk { trunksWithMembers.insert(trunk) }
        }
    }

    /// Leaves out the owner wherever a rule names a group of the fleet's own account, so that there
    /// is one way to say it.
    private mutating func nameOwnGroupsWithoutOwner() {
        guard let account = fleet.account else { return }
        for group in fleet.securityGroups.indices {
            for rule in fleet.securityGroups[group].rules.indices {
                guard
                    case .securityGroup(var reference) = fleet.securityGroups[group].rules[rule]
                        .peer,
                    reference.owner == account
                else { continue }
                reference.owner = nil
                fleet.securityGroups[group].rules[rule].peer = .securityGroup(reference)
            }
        }
    }
}

/// What operations ask of a group beyond its own fields.
struct GroupFacts: Sendable {
    var members: Set<NetworkInterfaceID> = []
    /// How many addresses and prefixes the members have.
    var addressCount = 0
    /// How many rules the group counts as: one that names a list counts as all the list may hold.
    var ruleWeight = 0
    /// How many rules of the group name a group.
    var groupReferenceCount = 0
    /// The groups whose rules name this one, with the number of such rules.
    var uses: [SecurityGroupID: Int] = [:]
}

// MARK: - Looking up

extension CloudState {
    func group(_ id: SecurityGroupID) -> SecurityGroup? {
        groupPositions[id].map { fleet.securityGroups[$0] }
    }

    func facts(of group: SecurityGroupID) -> GroupFacts { groupFacts[group] ?? GroupFacts() }

    func interface(_ id: NetworkInterfaceID) -> NetworkInterface? {
        interfacePositions[id].map { fleet.networkInterfaces[$0] }
    }

    func interface(attachedAs name: String) -> NetworkInterface? {
        attachments[name].flatMap(interface)
    }

    func instance(_ id: InstanceID) -> Instance? {
        instancePositions[id].map { fleet.instances[$0] }
    }

    func prefixList(_ id: PrefixListID) -> PrefixList? {
        prefixListPositions[id].map { fleet.prefixLists[$0] }
    }

    func portList(_ id: PortListID) -> PortList? {
        portListPositions[id].map { fleet.portLists[$0] }
    }

    func vpc(_ id: VPCID) -> VPC? { vpcPositions[id].map { fleet.vpcs[$0] } }

    /// The groups whose rules name `list`.
    func groups(naming list: PrefixListID) -> [SecurityGroupID] {
        prefixListUses[list].map { $0.keys.sorted() } ?? []
    }

    /// The interfaces of `instance`, in the order of their ids.
    func interfaces(of instance: InstanceID) -> [NetworkInterface] {
        (instanceInterfaces[instance] ?? []).sorted().compactMap(interface)
    }

    /// The interface that "the instance" means where groups are concerned (SEMANTICS 0).
    func primaryInterface(of instance: InstanceID) -> NetworkInterface? {
        interfaces(of: instance).first { $0.type == .primary }
    }

    func hasMembers(trunk: NetworkInterfaceID) -> Bool { trunksWithMembers.contains(trunk) }

    /// How many rules `rule` counts as in quotas: those of the lists that it names, whatever they
    /// hold, and the product if it names two. Source: SEMANTICS A.10.
    func weight(of rule: SecurityGroupRule) -> Int {
        var weight = 1
        if case .prefixList(let id) = rule.peer { weight *= prefixList(id)?.maxEntries ?? 1 }
        if case .portList(let id) = rule.transport {
            weight *= max(1, portList(id)?.ranges.count ?? 1)
        }
        return weight
    }

    /// The first `count` numbers of the rule counter whose ids no rule has.
    func freeRuleNumbers(_ count: Int) -> [Int] {
        var numbers: [Int] = []
        var candidate = fleet.nextRuleNumber
        while numbers.count < count {
            if !takenRuleNumbers.contains(candidate) { numbers.append(candidate) }
            candidate += 1
        }
        return numbers
    }

    /// Whether the fleet's account owns what names `owner`.
    func isOwn(_ owner: String?) -> Bool {
        guard let owner, let account = fleet.account else { return true }
        return owner == account
    }
}

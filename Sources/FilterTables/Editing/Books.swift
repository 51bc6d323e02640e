internal import CloudModel

/// What an editor must know about a fleet beyond what decisions read: who names what, and how often.
///
/// A value of Swift's own collections, so a copy costs nothing until one of the two is changed. One thread
/// at a time.
struct Books: Sendable {
    let facts: FleetFacts
    /// By the interface's number.
    var interfaces: [InterfaceBook] = []
    private(set) var numberOfGroup: [SecurityGroupID: Int] = [:]
    /// By the group's number.
    var groups: [GroupBook] = []
    private var groupNumbers = NumberPool()
    /// By the list's number.
    var lists: [ListBook] = []
    var selectors = SelectorBook()
    var destinationCuts = CutBook()
    var sourceCuts = CutBook()
    var ruleNumbers = NumberPool()
    /// Prefixes at which a member ends more than once, such as an entry that a list has twice: how
    /// often beyond the first.
    var repeatedMemberships: [CountedMembership: Int] = [:]
    /// Rules that wait for the group that they name, and the group that they are in.
    var waitingRules: [SecurityGroupID: [(rule: SecurityGroupRule, group: Int)]] = [:]

    init(_ facts: FleetFacts) { self.facts = facts }

    /// The group's number; `nil` if the fleet has no such group.
    func number(of group: SecurityGroupID) -> Int? { numberOfGroup[group] }

    /// The number of a group that the fleet has.
    func numberOfKnown(_ group: SecurityGroupID) -> Int {
        guard let number = numberOfGroup[group] else {
            preconditionFailure("unknown group \(group)")
        }
        return number
    }

    /// Enters a group and gives it a number.
    mutating func enter(_ group: SecurityGroup) -> Int {
        let number = Int(groupNumbers.take())
        let book = GroupBook(
            space: facts.space(of: group.vpc), type: group.type,
            innerAccessPolicy: group.innerAccessPolicy)
        if number < groups.count { groups[number] = book } else { groups.append(book) }
        numberOfGroup[group.id] = number
        return number
    }

    /// Strikes a group out.
    mutating func strike(_ group: SecurityGroupID) {
        guard let number = numberOfGroup.removeValue(forKey: group) else {
            preconditionFailure("unknown group \(group)")
        }
        groupNumbers.giveBack(UInt32(number))
    }

    /// Whether the members of a group reach one another, whatever the rules say, in a direction.
    /// Source: SEMANTICS A.5.
    func isOpenInside(_ group: Int, _ direction: Direction) -> Bool {
        facts.vendor == .alibaba && groups[group].type == .normal
            && groups[group].innerAccessPolicy == .accept
            && (direction == .ingress || facts.switches.innerAcceptEgress == .bypass)
    }
}

/// What an editor knows about an interface.
struct InterfaceBook: Sendable {
    let space: Int
    let mac: MACAddress?
    var status: NetworkInterfaceStatus
    var addresses: [CIDRBlock]
    /// Numbers, ascending.
    var groups: [UInt32]
}

/// What an editor knows about a group.
struct GroupBook: Sendable {
    let space: Int
    let type: SecurityGroupType
    var innerAccessPolicy: InnerAccessPolicy
    /// Numbers of interfaces.
    var members: Set<UInt32> = []
    /// The numbers of the rules that can match something.
    var numberOfRule: [RuleID: UInt32] = [:]
    /// The address spaces where a rule names the group: its own, and on AWS those of VPCs that peer
    /// with it.
    var spaces: [Int] = []
}

/// What an editor knows about a prefix list.
struct ListBook: Sendable {
    var entries: [CIDRBlock]
    /// The address spaces where a rule names the list.
    var spaces: [Int] = []
}

/// A block of addresses that belongs to a selector, or to an interface.
struct CountedMembership: Hashable, Sendable {
    let member: UInt32
    let isOwner: Bool
    let block: CIDRBlock
}

package import CloudModel

extension TableEditor {
    /// Compiles all rules of a fleet whose ids are unique and whose references hold.
    ///
    /// Numbers of address classes that nobody holds any more are given to others once there are more
    /// than `deadClassLimit`, and deciders then forget what they knew.
    ///
    /// - Complexity: O(*n* log *n*) in rules, list entries and memberships.
    package init(compiling fleet: Fleet, deadClassLimit: Int = 4096) {
        let arena = BlockArena(limboCapacity: deadClassLimit)
        var compiler = Compiler(fleet, in: arena)
        arena.exclusively { compiler.compile() }
        self.init(TableVersion(arena: arena, root: compiler.root), compiler.books)
    }
}

/// The work of compiling a fleet: what an editor does rule by rule and address by address, done at once.
struct Compiler {
    private let fleet: Fleet
    let arena: BlockArena
    let root: BlockRef
    var books: Books
    /// By address space: the selectors that its rules name.
    private var selectorsOfSpace: [[(selector: Selector, id: SelectorID)]]

    init(_ fleet: Fleet, in arena: BlockArena) {
        self.fleet = fleet
        self.arena = arena
        root = RootLayout.makeEmpty(in: arena)
        books = Books(FleetFacts(fleet))
        selectorsOfSpace = Array(repeating: [], count: books.facts.spaceCount)
    }

    mutating func compile() {
        enterFleet()
        for group in fleet.securityGroups { addTables(of: group) }
        addLabels()
        addSpaces()
        addInterfaces()
        arena.memory.setWord(root, RootLayout.fragments, fleet.switches.fragments == .drop ? 1 : 0)
        finishRoot()
    }

    /// Notes in the root what became of the arena and the rules' numbers.
    func finishRoot() {
        arena.memory.setWord(root, RootLayout.memoGeneration, arena.memoGeneration)
        arena.memory.setWord(root, RootLayout.ruleNumberLimit, books.ruleNumbers.limit)
    }

    /// Groups, lists, interfaces and memberships.
    private mutating func enterFleet() {
        books.lists = fleet.prefixLists.map { ListBook(entries: $0.entries) }
        for group in fleet.securityGroups { _ = books.enter(group) }
        for (number, interface) in fleet.networkInterfaces.enumerated() {
            let groups = books.numbers(of: interface.securityGroups)
            books.interfaces.append(
                InterfaceBook(
                    space: books.facts.space(of: interface.vpc), mac: interface.mac,
                    status: interface.status, addresses: interface.addresses, groups: groups))
            for group in groups { books.groups[Int(group)].members.insert(UInt32(number)) }
        }
    }

    // MARK: Rules

    private mutating func addTables(of group: SecurityGroup) {
        let number = books.numberOfKnown(group.id)
        var steps: [Direction: [(pair: SelectorPair, step: RuleStep)]] = [:]
        for direction in Direction.allCases {
            steps[direction] = implicitSteps(ofGroup: number, direction)
        }
        for rule in group.rules {
            steps[rule.direction, default: []] += self.steps(of: rule, inGroup: number)
        }
        let names = RuleNames(records: arena.memory.vector(.rules, of: root))
        let tables = Direction.allCases.map { direction in
            RuleTable.make(
                steps[direction] ?? [], names, books.defaultStep(ofGroup: number, direction),
                in: arena)
        }
        setRecord(
            .groups, number,
            to: GroupRecord.make(group.id, ingress: tables[0], egress: tables[1], in: arena))
    }

    private mutating func implicitSteps(
        ofGroup group: Int, _ direction: Direction
    ) -> [(pair: SelectorPair, step: RuleStep)] {
        let (outcome, rules) = PlatformSteps.steps(direction, books.facts)
        var steps: [(pair: SelectorPair, step: RuleStep)] = []
        for rule in rules {
            steps += self.steps(of: rule, .implicit(outcome), inGroup: group)
        }
        if books.isOpenInside(group, direction) {
            steps += self.steps(
                of: PlatformSteps.intraGroup(group), .implicit(.intraGroup), inGroup: group)
        }
        return steps
    }

    /// The steps of a group's own rule, which gets a number and a record.
    private mutating func steps(
        of rule: SecurityGroupRule, inGroup group: Int
    ) -> [(pair: SelectorPair, step: RuleStep)] {
        guard let form = books.tableRule(for: rule) else {
            books.wait(for: rule, inGroup: group)
            return []
        }
        let number = books.ruleNumbers.take()
        let record = RuleRecord.make(rule.id, group: UInt32(group), rule.direction, in: arena)
        setRecord(.rules, Int(number), to: record)
        books.groups[group].numberOfRule[rule.id] = number
        return steps(of: form, .custom(rule.policy, number), inGroup: group)
    }

    mutating func steps(
        of rule: TableRule, _ answer: StepAnswer, inGroup group: Int
    ) -> [(pair: SelectorPair, step: RuleStep)] {
        let space = books.groups[group].space
        let pair = SelectorPair(
            peer: use(rule.peer, inSpace: space), local: use(rule.local, inSpace: space))
        return rule.tests.map { test in
            if let range = test.destinationRange { _ = books.destinationCuts.add(range) }
            if let range = test.sourceRange { _ = books.sourceCuts.add(range) }
            return (pair, answer.step(rule.order, test))
        }
    }

    private mutating func use(_ test: TableRule.AddressTest, inSpace space: Int) -> SelectorID {
        switch test {
        case .any: return WideSelector.any
        case .anyIPv4: return WideSelector.anyIPv4
        case .anyIPv6: return WideSelector.anyIPv6
        case .selector(let selector):
            let use = books.use(selector, inSpace: space)
            if use.isFirst { selectorsOfSpace[space].append((selector, use.id)) }
            return use.id
        }
    }

    // MARK: Labels, spaces, interfaces

    func addLabels() {
        let labels = [
            (RootLayout.destinationLabels, books.destinationCuts.cuts),
            (RootLayout.sourceLabels, books.sourceCuts.cuts),
        ]
        for (word, cuts) in labels {
            var trie = PortLabels.uncut
            for cut in cuts { trie = PortLabels.cutting(at: cut, in: trie, arena: arena) }
            arena.memory.setEntry(root, word, trie)
        }
    }

    mutating func addSpaces() {
        for space in 0..<books.facts.spaceCount {
            var prefixes = PrefixesByFamily()
            for (selector, id) in selectorsOfSpace[space] {
                for block in books.blocks(of: selector, inSpace: space) {
                    prefixes.add(block, of: id)
                }
            }
            let tries = makeTries(&prefixes, isOwner: false)
            setRecord(
                .spaces, space, to: SpaceRecord.make(ipv4: tries.0, ipv6: tries.1, in: arena))
        }
    }

    mutating func addInterfaces() {
        var prefixes = PrefixesByFamily()
        for (number, interface) in books.interfaces.enumerated() {
            for block in interface.addresses { prefixes.add(block, of: UInt32(number)) }
            setRecord(
                .interfaces, number, to: InterfaceRecord.make(interface.record, in: arena))
        }
        let owners = makeTries(&prefixes, isOwner: true)
        arena.memory.setEntry(root, RootLayout.ipv4Owners, owners.0)
        arena.memory.setEntry(root, RootLayout.ipv6Owners, owners.1)
    }

    /// The tries of both families, and a note of what ends more than once at a prefix.
    private mutating func makeTries(
        _ prefixes: inout PrefixesByFamily, isOwner: Bool
    ) -> (TrieEntry, TrieEntry) {
        prefixes.sort()
        for (member, block) in prefixes.repeated {
            let membership = CountedMembership(member: member, isOwner: isOwner, block: block)
            books.repeatedMemberships[membership, default: 0] += 1
        }
        return (
            Trie.building(prefixes.ipv4, in: arena), Trie.building(prefixes.ipv6, in: arena)
        )
    }

    func setRecord(_ vector: RootLayout.Vector, _ index: Int, to record: BlockRef) {
        let edited = arena.memory.vector(vector, of: root).setting(index, to: record, in: arena)
        arena.memory.setVector(vector, of: root, to: edited)
    }
}

/// Who holds which prefixes, by family.
private struct PrefixesByFamily {
    private(set) var ipv4: [Membership] = []
    private(set) var ipv6: [Membership] = []

    mutating func add(_ block: CIDRBlock, of member: UInt32) {
        let membership = Membership(prefix: AddressPrefix(block), member: member)
        if block.family == .ipv4 { ipv4.append(membership) } else { ipv6.append(membership) }
    }

    mutating func sort() {
        ipv4.sort()
        ipv6.sort()
    }

    /// What stands there a second time, a third time …; once sorted.
    var repeated: [(member: UInt32, block: CIDRBlock)] {
        PrefixesByFamily.repeated(in: ipv4, .ipv4) + PrefixesByFamily.repeated(in: ipv6, .ipv6)
    }

    private static func repeated(
        in memberships: [Membership], _ family: AddressFamily
    ) -> [(member: UInt32, block: CIDRBlock)] {
        memberships.indices.dropFirst().lazy
            .filter { memberships[$0] == memberships[$0 - 1] }
            .map { index in
                let prefix = memberships[index].prefix
                let address = IPAddress(family: family, high: prefix.high, low: prefix.low)
                return (
                    memberships[index].member,
                    CIDRBlock(address, prefixLength: Int(prefix.length))
                )
            }
    }
}

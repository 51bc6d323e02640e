package import CloudModel

/// The rules of a fleet compiled for speed: what ``Decider`` reads.
///
/// An immutable version: any number of threads may read it, each through a ``Decider`` of its own, and
/// changes make others (``TableEditor``). Versions share all blocks in which they do not differ. Some
/// references in size.
package struct FilterTables: Sendable {
    let version: TableVersion
    let facts: FleetFacts
    /// The edits that led here.
    let history: EditHistory

    init(_ version: TableVersion, _ facts: FleetFacts, _ history: EditHistory) {
        self.version = version
        self.facts = facts
        self.history = history
    }

    /// Compiles all rules of a fleet whose ids are unique and whose references hold.
    ///
    /// - Complexity: O(*n* log *n*) in rules, list entries and memberships.
    package init(compiling fleet: Fleet) { self = TableEditor(compiling: fleet).tables }

    /// Whether both are one version, so that numbers mean the same rules.
    package func isSameVersion(as other: FilterTables) -> Bool { version === other.version }

    var memory: BlockMemory { version.arena.memory }

    /// What the numbers of all rules are below: numbers of rules that ended are given out again, and
    /// rules that nothing can match have none.
    package var ruleNumberLimit: Int {
        Int(memory.word(version.root, RootLayout.ruleNumberLimit))
    }

    /// Where the rule with a number that ``Outcome/rule`` gave comes from.
    ///
    /// - Precondition: the outcome is this version's.
    package func rule(_ number: Int) -> RuleOrigin {
        let record = self.record(.rules, number)
        let group = self.record(.groups, Int(RuleRecord.group(of: record, in: memory)))
        return RuleOrigin(
            rule: RuleRecord.id(of: record, in: memory),
            securityGroup: GroupRecord.id(in: group, memory),
            direction: RuleRecord.direction(of: record, in: memory))
    }

    /// Whether one rule of the interface's groups admits every packet of `ipProtocol` and `family` in
    /// `direction`: its peer is every address, its ports are all. TCP and UDP only; false for others.
    ///
    /// Several rules that add up to it do not count. Source: SEMANTICS B.5.
    package func isOpen(
        _ direction: Direction, at interface: Int, for ipProtocol: IPProtocol,
        _ family: AddressFamily
    ) -> Bool {
        let record = self.record(.interfaces, interface)
        return (0..<InterfaceRecord.groupCount(in: record, memory)).contains { place in
            let group = self.record(.groups, InterfaceRecord.group(place, in: record, memory))
            let word = GroupRecord.table(isEgress: direction == .egress)
            let table = RuleTable(BlockRef(line: memory.word(group, word)))
            return table.isOpen(to: ipProtocol.rawValue, isIPv6: family == .ipv6, in: memory)
        }
    }

    func record(_ vector: RootLayout.Vector, _ number: Int) -> BlockRef {
        let vector = memory.vector(vector, of: version.root)
        return memory.element(of: vector.root, depth: vector.depth, at: number)
    }

    /// The bytes of the blocks that this version and all that share blocks with it hold.
    ///
    /// - Complexity: waits for an edit that is going on.
    package var byteCount: Int { version.arena.exclusively { version.arena.byteCount } }
}

/// A custom rule's name and place.
package struct RuleOrigin: Hashable, Sendable {
    package let rule: RuleID
    package let securityGroup: SecurityGroupID
    package let direction: Direction
}

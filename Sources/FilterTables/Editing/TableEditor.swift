package import CloudModel

/// Tables that follow a fleet: compiled once, then edited by each change.
///
///     var editor = TableEditor(compiling: fleet)
///     published.publish(editor.tables)
///     editor.apply(success.changes)               // what ControlPlane.perform(_:) says
///     published.publish(editor.tables)            // the first version is still what it was
///
/// A plain value: a copy is a fork that shares all tables with the original, and from then on each is
/// edited alone. Edits write in place what nobody else holds, and copy the few blocks on the way to
/// what somebody does. One thread at a time changes an editor; forks may be changed at the same time.
package struct TableEditor: Sendable {
    private(set) var version: TableVersion
    var books: Books
    var history = EditHistory()

    /// Takes tables and the books that belong to them.
    init(_ version: TableVersion, _ books: Books) {
        self.version = version
        self.books = books
    }

    /// The tables as they are now.
    ///
    /// - Complexity: O(1). While the value is held, the next edit copies what it touches.
    package var tables: FilterTables { FilterTables(version, books.facts, history) }

    /// Edits the tables by changes that fit them, in order, and returns the numbers of rules that
    /// ended. A number that ended may be given to a rule that is added later, in the same call too.
    ///
    /// A rule that is replaced keeps its number.
    ///
    /// - Complexity: O(log *n*) for each address, entry, membership and port range that comes or goes,
    ///   whatever the size of the fleet; but O(*m*) in the addresses of a list or group that a rule of
    ///   a VPC is the first or last to name, and O(*c*) in the prefixes that a block covers where it
    ///   comes or goes. After a fork the first edit copies the editor's books, O(fleet).
    @discardableResult
    package mutating func apply(_ changes: [FleetChange]) -> [Int] {
        guard !changes.isEmpty else { return [] }
        var endedRules: [Int] = []
        arena.exclusively {
            beginEdit()
            for change in changes { apply(change, &endedRules) }
            endEdit()
        }
        return endedRules
    }

    /// Makes sure that nobody else holds the root.
    mutating func beginEdit() {
        guard !isKnownUniquelyReferenced(&version) else { return }
        let arena = version.arena
        version = TableVersion(arena: arena, root: RootLayout.duplicate(version.root, in: arena))
    }

    /// Notes in the root what became of the arena and the rules' numbers.
    func endEdit() {
        memory.setWord(root, RootLayout.memoGeneration, arena.memoGeneration)
        memory.setWord(root, RootLayout.ruleNumberLimit, books.ruleNumbers.limit)
    }

    private mutating func apply(_ change: FleetChange, _ endedRules: inout [Int]) {
        if !change.isOfRulesAlone { history.breakOff(arena.nextStamp()) }
        switch change {
        case .ruleAdded(let rule, let group):
            add(rule, toGroup: books.numberOfKnown(group))
        case .ruleRemoved(let rule, let group):
            remove(rule, fromGroup: books.numberOfKnown(group)).map { endedRules.append($0) }
        case .ruleReplaced(let old, let new, let group):
            replace(old, by: new, inGroup: books.numberOfKnown(group))
                .map { endedRules.append($0) }
        case .groupAdded(let group): add(group)
        case .groupRemoved(let group): endedRules += remove(group)
        case .innerAccessPolicyChanged(let group, let policy):
            setInnerAccessPolicy(ofGroup: books.numberOfKnown(group), to: policy)
        case .securityGroupsReplaced(let interface, _, let groups):
            setGroups(groups, ofInterface: books.facts.number(of: interface))
        case .statusChanged(let interface, _, let status):
            setStatus(status, ofInterface: books.facts.number(of: interface))
        case .addressesAdded(let blocks, let interface):
            add(blocks, toInterface: books.facts.number(of: interface))
        case .addressesRemoved(let blocks, let interface):
            remove(blocks, fromInterface: books.facts.number(of: interface))
        case .prefixListEntriesChanged(let list, let removed, let added):
            changeEntries(ofList: list, removing: removed, adding: added)
        case .attachmentChanged, .prefixListRevised, .connectionTrackingChanged: break
        }
    }
}

extension FleetChange {
    /// Whether decisions change by what rules come or go, if at all.
    fileprivate var isOfRulesAlone: Bool {
        switch self {
        case .ruleAdded, .ruleRemoved, .ruleReplaced, .attachmentChanged, .prefixListRevised,
            .connectionTrackingChanged:
            true
        default: false
        }
    }
}

extension TableEditor {
    var arena: BlockArena { version.arena }
    var memory: BlockMemory { version.arena.memory }
    /// The root, which only this editor holds while it is changed.
    var root: BlockRef { version.root }
}

internal import CloudModel

/// Decides batches of queries against tables. Each thread has its own: it holds the memo and the room
/// that a look-up needs, 260 KiB in all.
///
/// ``decide(_:into:)`` allocates nothing, takes no lock and calls nothing through a protocol.
package struct Decider: ~Copyable {
    /// What decides.
    package private(set) var tables: FilterTables
    /// Where the tables come from, if a ``PublishedTables`` hands them out.
    var publication: PublishedTables.Publication?
    private var reader: TableReader
    private let memo = MemoStorage()
    private var memoGeneration: UInt32
    /// Whether answers are recalled; turned off to measure the tables alone.
    private let usesMemo: Bool

    private static let stride = 64
    private var packets: InlineArray<64, PlacedPacket>
    private var scratch = TableScratch()

    /// A decider for `tables`.
    package init(_ tables: FilterTables, usesMemo: Bool = true) {
        self.tables = tables
        self.usesMemo = usesMemo
        reader = TableReader(tables.version)
        memoGeneration = reader.memoGeneration
        packets = InlineArray(repeating: PlacedPacket())
    }

    /// Decides by `tables` from here on. What is known about classes and tables that both versions
    /// share is kept.
    package mutating func adopt(_ tables: FilterTables) {
        let isOtherArena = tables.version.arena !== self.tables.version.arena
        self.tables = tables
        reader = TableReader(tables.version)
        if isOtherArena || reader.memoGeneration != memoGeneration { memo.removeAll() }
        memoGeneration = reader.memoGeneration
    }

    /// Forgets what was decided before.
    package mutating func emptyMemo() { memo.removeAll() }

    /// The outcome of one query. Where many are at hand, ``decide(_:into:)`` takes less time for each.
    package mutating func outcome(of query: Query) -> Outcome {
        packets[0] = reader.place(query)
        reader.classify(query, &packets[0])
        return outcome(of: query, packets[0])
    }

    /// Writes the outcome of each query to the same place of `outcomes`.
    ///
    /// - Precondition: `outcomes` is at least as long as `queries`.
    /// - Complexity: O(groups of the interface) a query when the memo knows its classes; see
    ///   ``RuleTable`` otherwise.
    package mutating func decide(
        _ queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>
    ) {
        var first = 0
        while first < queries.count {
            let end = min(first + Decider.stride, queries.count)
            // Stage by stage, so that loads of independent queries overlap.
            for place in first..<end { packets[place - first] = reader.place(queries[place]) }
            for place in first..<end { reader.classify(queries[place], &packets[place - first]) }
            for place in first..<end {
                outcomes[place] = outcome(of: queries[place], packets[place - first])
            }
            first = end
        }
    }

    @inline(__always)
    private mutating func outcome(of query: Query, _ packet: PlacedPacket) -> Outcome {
        switch packet.state {
        case InterfaceState.filtering.rawValue: break
        case InterfaceState.notAttached.rawValue: return Outcome(.drop, .interfaceNotAttached)
        default: return Outcome(.none, .noGroup)
        }
        let isLaterFragment = query.flags.contains(.laterFragment)
        if isLaterFragment, reader.dropsLaterFragments { return Outcome(.drop, .fragment) }
        let outcome = answerOfGroups(to: packet).outcome
        if isLaterFragment, outcome.isDefaultStep { return Outcome(outcome.verdict, .fragment) }
        return outcome
    }

    /// The first answer in decision order of the tables of all groups.
    @inline(__always)
    private mutating func answerOfGroups(to packet: PlacedPacket) -> TableAnswer {
        guard usesMemo else { return searchAllTables(for: packet) }
        var best = recalledAnswer(of: packet.firstTable, to: packet)
        var place = 1
        while place < packet.groupCount {
            let other = recalledAnswer(of: reader.table(ofGroup: place, for: packet), to: packet)
            if other.precedes(best, reader.names, in: reader.memory) { best = other }
            place &+= 1
        }
        return best
    }

    @inline(__always)
    private mutating func recalledAnswer(
        of table: RuleTable, to packet: PlacedPacket
    ) -> TableAnswer {
        let key = MemoStorage.Key(stamp: table.stamp(in: reader.memory), packet)
        if let known = memo.answer(for: key) { return known }
        let match = reader.memory.firstMatch(
            in: table, of: packet.classed, reader.names, using: &scratch)
        let answer = TableAnswer(match, in: table, reader.memory)
        memo.record(answer, for: key)
        return answer
    }

    /// The answer without the memo: each table looks for what comes before the others' match.
    private mutating func searchAllTables(for packet: PlacedPacket) -> TableAnswer {
        var best = TableAnswer(.none, in: packet.firstTable, reader.memory)
        var match = Match.none
        for place in 0..<packet.groupCount {
            let table = reader.table(ofGroup: place, for: packet)
            match = reader.memory.firstMatch(
                in: table, of: packet.classed, reader.names, before: match, using: &scratch)
            let answer = TableAnswer(match, in: table, reader.memory)
            if answer.precedes(best, reader.names, in: reader.memory) { best = answer }
        }
        return best
    }
}

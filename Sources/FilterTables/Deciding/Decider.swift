internal import CloudModel

/// Decides batches of queries against tables. Each thread has its own: it holds the memo and the room that a
/// look-up needs, 260 KiB, and beside them the ``MergedTable``s of interfaces that many packets pass.
///
/// Runs of packets of one interface and direction are decided by its merged table, where it has one, all others
/// by the tables of its groups and the memo.
///
/// ``decide(_:into:)`` allocates nothing, takes no lock and calls nothing through a protocol.
package struct Decider: ~Copyable {
    /// What decides.
    package private(set) var tables: FilterTables
    /// Where the tables come from, if a ``PublishedTables`` hands them out.
    var publication: PublishedTables.Publication?
    var reader: TableReader
    private let memo = MemoStorage()
    private var memoGeneration: UInt32
    /// Whether answers are recalled; turned off to measure the tables alone.
    let usesMemo: Bool
    let merging: Merging
    /// Whether merged tables decide by the ``LaneKernel``.
    let hasLanes: Bool
    var mergedTables: MergedBook

    static let packetCapacity = 64
    var packets: InlineArray<64, PlacedPacket>
    private var scratch = TableScratch()

    /// A decider for `tables`.
    package init(
        _ tables: FilterTables, usesMemo: Bool = true, merging: Merging = .whenBusy
    ) {
        self.tables = tables
        self.merging = merging
        hasLanes = merging.usesLanes && LaneKernel.isThere
        mergedTables = MergedBook(merging)
        self.usesMemo = usesMemo
        reader = TableReader(tables.version)
        memoGeneration = reader.memoGeneration
        packets = InlineArray(repeating: PlacedPacket())
    }

    /// Decides by `tables` from here on. What is known about classes and tables that both versions
    /// share is kept.
    package mutating func adopt(_ tables: FilterTables) {
        let isOtherArena = tables.version.arena !== self.tables.version.arena
        reader = TableReader(tables.version)
        // The version before still keeps its blocks, so that equal tries are the same trie.
        if !isOtherArena {
            mergedTables.follow(tables, from: self.tables)
            mergedTables.keepTries(of: reader)
        }
        self.tables = tables
        if isOtherArena || reader.memoGeneration != memoGeneration {
            memo.removeAll()
            if isOtherArena { mergedTables.removeAll() } else { mergedTables.forgetClasses() }
        }
        memoGeneration = reader.memoGeneration
    }

    /// Whether the groups of the interface at `place` are asked about packets: it is attached to an
    /// instance and in some group.
    package func asksGroups(ofInterfaceAt place: Int) -> Bool {
        let record = tables.record(.interfaces, place)
        return InterfaceRecord.state(in: record, tables.memory) == InterfaceState.filtering.rawValue
    }

    /// The bytes of what is derived from the tables for busy interfaces.
    package var derivedByteCount: Int { mergedTables.byteCount }

    /// Forgets what was decided before.
    package mutating func emptyMemo() {
        memo.removeAll()
    }

    /// The outcome of one query. Where many are at hand, ``decide(_:into:)`` takes less time for each.
    package mutating func outcome(of query: Query) -> Outcome {
        packets[0] = reader.place(query)
        reader.classify(query, &packets[0])
        return outcome(of: query, packets[0])
    }

    /// Writes the outcome of each query to the same place of `outcomes`.
    ///
    /// - Precondition: `outcomes` is at least as long as `queries`.
    /// - Complexity: O(1) a query in a run whose interface has a merged table; else O(groups of the interface)
    ///   when the memo knows its classes; see ``RuleTable`` otherwise.
    package mutating func decide(
        _ queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>
    ) {
        var first = 0
        while first < queries.count {
            let run = run(from: first, of: queries)
            if run.count >= merging.shortestRun, decideMerged(run, of: queries, into: &outcomes) {
                first = run.upperBound
                continue
            }
            let end = min(first + Decider.packetCapacity, queries.count)
            decideOneByOne(first..<end, of: queries, into: &outcomes)
            first = end
        }
    }

    private mutating func decideOneByOne(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>
    ) {
        let first = places.lowerBound
        // Stage by stage, each touching what a later one reads, so that loads of independent queries overlap.
        for place in places { reader.touchRecord(of: queries[place]) }
        for place in places { packets[place &- first] = reader.place(queries[place]) }
        for place in places { reader.touchTables(of: packets[place &- first]) }
        for place in places { reader.classify(queries[place], &packets[place &- first]) }
        for place in places {
            outcomes[place] = outcome(of: queries[place], packets[place &- first])
        }
    }

    @inline(__always)
    mutating func outcome(of query: Query, _ packet: PlacedPacket) -> Outcome {
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

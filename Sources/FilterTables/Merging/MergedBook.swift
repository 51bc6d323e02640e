internal import CloudModel

/// The tables that a decider has merged: those of interfaces that many packets pass.
///
/// A merged table is known by the stamps of the tables in it, so that it holds for every version in which they
/// are the same, and for all interfaces that ask the same groups. Tables are merged when they are asked often
/// enough to be worth it; when there is no more room, all merged ones are dropped and the busiest come back.
struct MergedBook: ~Copyable {
    let pool = MergedMemory(byteCount: MergedMemory.tableByteCount)
    var room = MergedRoom()
    /// How many tables were made since there was all the room.
    private var madeCount = 0
    var entries = Array(repeating: Entry(), count: 64)
    private let merging: Merging

    init(_ merging: Merging) { self.merging = merging }

    deinit { pool.unmap() }

    /// The bytes that merged tables take.
    var byteCount: Int { room.byteCount }

    /// Drops all merged tables.
    mutating func removeAll() {
        room.removeAll()
        madeCount = 0
        for place in entries.indices { entries[place] = Entry() }
    }

    /// Forgets what classes are by their lines, which others may have now. Maps of addresses follow tries, and rows are of
    /// selectors: they hold.
    mutating func forgetClasses() {
        for place in entries.indices where entries[place].isMade && entries[place].base == nil {
            // What has a base keeps the version whose classes it knows.
            guard let empty = WordMap(&room, in: pool) else { return removeAll() }
            entries[place].merged?.classes = empty
            entries[place].wide?.records = empty
        }
    }

    /// The place of what some tables are merged into; `nil` while they are not. Counts `decisionCount` decisions
    /// by them.
    ///
    /// - Complexity: O(tables), and once in many decisions that of merging: O(steps · ports named).
    mutating func place(
        of tables: TableSet, decisionCount: Int, _ packet: PlacedPacket, _ reader: TableReader
    ) -> Int? {
        let place = entryPlace(of: tables, reader.memory)
        guard isEntry(place, of: tables, reader.memory) else {
            replaceEntry(place, by: tables, decisionCount, reader.memory)
            return nil
        }
        entries[place].count(decisionCount)
        if entries[place].isMade { return place }
        return merge(tables, at: place, packet, reader) ? place : nil
    }

    /// Whether the table at `place` has maps of the trie of some packets, after `count` look-ups more.
    mutating func isMapped(
        _ sides: RunSides, ofSpace space: Int, lookupCount count: Int, ofTableAt place: Int,
        _ memory: BlockMemory
    ) -> Bool {
        let isMapped =
            sides.isIPv6
            ? entries[place].merged?.isLongMapped(
                sides, ofSpace: space, lookupCount: count, merging, memory, &room, in: pool)
            : entries[place].merged?.isMapped(
                sides.trie, ofSpace: space, lookupCount: count,
                steadyCount: merging.steadyLookupCount(), in: pool)
        return isMapped ?? false
    }

    /// Forgets what another version's tries have otherwise.
    ///
    /// - Precondition: what they were copied from is still there.
    mutating func keepTries(of reader: TableReader) {
        var differences: TrieDifferences?
        var longDifferences: TrieDifferences?
        for place in entries.indices where entries[place].base == nil {
            entries[place].merged?.keepTrie(of: reader, &differences, in: pool)
            entries[place].merged?.keepLongTrie(of: reader, &longDifferences, in: pool)
            if let wide = entries[place].wide,
                reader.trie(ofSpace: wide.space, isIPv6: false) != wide.trie
            {
                entries[place] = Entry()
            }
        }
    }

    /// The merged table at a place that ``place(of:decisionCount:_:_:)`` gave.
    func table(at place: Int) -> MergedTable? { entries[place].merged }

    /// Drops all merged tables. The one at `place` is not merged again if it has taken all the room.
    mutating func makeRoom(forTableAt place: Int) {
        let isOnly = madeCount <= 1
        let entry = entries[place]
        removeAll()
        entries[place].stamps = entry.stamps
        entries[place].tableCount = entry.tableCount
        entries[place].isTooLarge = isOnly
    }

    /// Whether steps were added to the merged table at a place: its classes are those of its maps then.
    func hasAddedSteps(at place: Int) -> Bool {
        entries[place].merged.map { $0.addedCount > 0 } ?? false
    }

    /// The wide table at a place that ``place(of:decisionCount:_:_:)`` gave.
    func wide(at place: Int) -> WideTable? { entries[place].wide }

    // MARK: Entries

    private func entryPlace(of tables: TableSet, _ memory: BlockMemory) -> Int {
        var stamps = InlineArray<8, UInt64>(repeating: 0)
        for table in 0..<tables.count { stamps[table] = tables.tables[table].stamp(in: memory) }
        return Entry.place(ofStamps: stamps, count: tables.count)
    }

    private func isEntry(_ place: Int, of tables: TableSet, _ memory: BlockMemory) -> Bool {
        guard entries[place].tableCount == tables.count else { return false }
        for table in 0..<tables.count
        where entries[place].stamps[table] != tables.tables[table].stamp(in: memory) {
            return false
        }
        return true
    }

    /// Counts against the tables that an entry is of, and gives it to others when these are asked more.
    private mutating func replaceEntry(
        _ place: Int, by tables: TableSet, _ decisionCount: Int, _ memory: BlockMemory
    ) {
        entries[place].decisionCount &-= decisionCount
        guard entries[place].decisionCount <= 0 else { return }
        entries[place] = Entry()
        entries[place].tableCount = tables.count
        entries[place].decisionCount = decisionCount
        for table in 0..<tables.count {
            entries[place].stamps[table] = tables.tables[table].stamp(in: memory)
        }
    }

    private mutating func merge(
        _ tables: TableSet, at place: Int, _ packet: PlacedPacket, _ reader: TableReader
    ) -> Bool {
        guard !entries[place].isTooLarge else { return false }
        let stepCount = tables.stepCount(in: reader.memory)
        let isWide = stepCount > merging.maximumMergedStepCount
        guard stepCount <= WideTable.maximumStepCount else {
            entries[place].isTooLarge = true
            return false
        }
        let decisionsPerStep = isWide ? min(1, merging.decisionsPerStep) : merging.decisionsPerStep
        guard entries[place].decisionCount > stepCount * decisionsPerStep,
            !isWide || !packet.isIPv6
        else { return false }
        madeCount += 1
        entries[place].tables = tables
        entries[place].decisionsSinceMade = 0
        entries[place].decisionsSinceEdit = 0
        if let merger = TableMerger(tables, stepCount: stepCount, reader, &room, in: pool) {
            let outcome = tables.defaultOutcome(in: reader.memory)
            if isWide {
                let space = InterfaceRecord.space(in: packet.interface, reader.memory)
                entries[place].wide = merger.widened(
                    default: outcome, packet.trie, ofSpace: space,
                    merging, &room)
            } else {
                entries[place].merged = merger.merged(default: outcome, &room)
            }
        }
        room.releaseScratch()
        if !entries[place].isMade { makeRoom(forTableAt: place) }
        return entries[place].isMade
    }
}

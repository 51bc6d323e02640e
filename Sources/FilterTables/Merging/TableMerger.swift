internal import CloudModel

/// The work of making a ``MergedTable``, without allocating anything.
struct TableMerger {
    let pool: MergedMemory
    private let memory: BlockMemory
    private let names: RuleNames
    let stepCount: Int
    /// The steps as they come: pair, then the step's words.
    private let records: Int
    /// Which record is which step: entries (order, record).
    private let order: Int
    /// Room to sort: entries.
    let scratch: Int
    /// For each distinct test a step that has it: see ``numberTests(_:)``.
    let tests: Int

    private static let recordByteCount = 32

    /// Reads the `stepCount` steps of `tables`; `nil` when there is too little room.
    init?(
        _ tables: TableSet, stepCount: Int, _ reader: TableReader, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) {
        self.pool = pool
        memory = reader.memory
        names = reader.names
        self.stepCount = stepCount
        guard
            let records = room.allocateScratch(
                byteCount: TableMerger.recordByteCount * stepCount),
            let order = room.allocateScratch(byteCount: SortEntry.byteCount * stepCount),
            let scratch = room.allocateScratch(
                byteCount: SortEntry.byteCount * (2 * (stepCount + 1) + 1)),
            let tests = room.allocateScratch(byteCount: 8 * (stepCount + 1))
        else { return nil }
        self.records = records
        self.order = order
        self.scratch = scratch
        self.tests = tests
        var count = 0
        for place in 0..<tables.count {
            tables.tables[place].forEachStep(in: memory) { pair, step in
                write(pair, step, at: count)
                count += 1
            }
        }
        pool.sortEntries(from: order, count: stepCount)
        settleTies()
    }

    private func write(_ pair: SelectorPair, _ step: RuleStep, at index: Int) {
        let record = records + TableMerger.recordByteCount * index
        pool.setWord(at: record, pair.peer)
        pool.setWord(at: record + 4, pair.local)
        pool.setWord64(at: record + 8, step.order.rawValue)
        pool.setWord(at: record + 16, step.rule)
        pool.setWord(at: record + 20, step.test.flags)
        pool.setWord(at: record + 24, step.test.destination)
        pool.setWord(at: record + 28, step.test.source)
        pool.setEntry(
            index, from: order, SortEntry(first: step.order.rawValue, second: UInt64(index)))
    }

    /// Puts steps of one order in that of their rules' ids.
    private func settleTies() {
        for index in 1..<max(stepCount, 1) {
            let moved = pool.entry(index, from: order)
            var place = index
            while place > 0 {
                let before = pool.entry(place - 1, from: order)
                guard before.first == moved.first, isNamedBefore(moved, before) else { break }
                pool.setEntry(place, from: order, before)
                place -= 1
            }
            pool.setEntry(place, from: order, moved)
        }
    }

    private func isNamedBefore(_ entry: SortEntry, _ other: SortEntry) -> Bool {
        let (rule, otherRule) = (word(4, ofRecord: entry), word(4, ofRecord: other))
        guard rule != otherRule, rule != RuleStep.noRule, otherRule != RuleStep.noRule else {
            return false
        }
        return names.precedes(rule, otherRule, in: memory)
    }

    // MARK: Steps in decision order

    private func word(_ word: Int, ofRecord entry: SortEntry) -> UInt32 {
        let index = Int(truncatingIfNeeded: entry.second)
        return pool.word(at: records + TableMerger.recordByteCount * index + 4 * word)
    }

    func word(_ word: Int, ofStep step: Int) -> UInt32 {
        self.word(word, ofRecord: pool.entry(step, from: order))
    }

    func test(ofStep step: Int) -> RuleTest {
        RuleTest(
            flags: word(5, ofStep: step), destination: word(6, ofStep: step),
            source: word(7, ofStep: step))
    }

    // MARK: Making

    /// The merged table; `nil` when there is too little room.
    func merged(default outcome: Outcome, _ room: inout MergedRoom) -> MergedTable? {
        let bitCount = stepCount + 1 + MergedTable.addedCapacity
        guard let outcomes = outcomes(default: outcome, &room),
            let peerMembers = members(word: 0, &room), let localMembers = members(word: 1, &room),
            let ports = portClasses(&room), let classes = WordMap(&room, in: pool),
            let sourceMap = ClassMap(&room, in: pool),
            let destinationMap = ClassMap(&room, in: pool),
            let peers = RowSet(bitCount: bitCount, &room, in: pool),
            let locals = RowSet(bitCount: bitCount, &room, in: pool),
            let pairs = PairTable(&room, in: pool),
            let answers = RowSet(byteCount: 2 * ports.count, &room, in: pool),
            let commons = RowSet(bitCount: bitCount, &room, in: pool),
            let answersOfCommons = WordList(&room, in: pool)
        else { return nil }
        return MergedTable(
            stepCount: stepCount, outcomes: outcomes, ports: ports, peerMembers: peerMembers,
            localMembers: localMembers, classes: classes, sourceMap: sourceMap,
            destinationMap: destinationMap, peers: peers, locals: locals, pairs: pairs,
            answers: answers, commons: commons, answersOfCommons: answersOfCommons)
    }

    /// The outcomes of the steps, and that of packets which none admits.
    func outcomes(default outcome: Outcome, _ room: inout MergedRoom) -> Int? {
        let roomyCount = stepCount + 1 + MergedTable.addedCapacity
        guard let outcomes = room.allocate(byteCount: 8 * roomyCount, in: pool) else {
            return nil
        }
        for step in 0..<stepCount {
            let code = RuleTest.outcomeCode(of: word(5, ofStep: step))
            pool.setOutcome(
                at: outcomes + 8 * step, Match.outcome(code, byRule: word(4, ofStep: step)))
        }
        pool.setOutcome(at: outcomes + 8 * stepCount, outcome)
        return outcomes
    }

    /// The steps by one of their selectors.
    private func members(word: Int, _ room: inout MergedRoom) -> MergedTable.MemberList? {
        guard let place = room.allocate(byteCount: SortEntry.byteCount * stepCount, in: pool)
        else { return nil }
        for step in 0..<stepCount {
            pool.setEntry(
                step, from: place,
                SortEntry(first: UInt64(self.word(word, ofStep: step)), second: UInt64(step)))
        }
        pool.sortEntries(from: place, count: stepCount)
        let greatest = stepCount > 0 ? pool.entry(stepCount - 1, from: place).first : 0
        return MergedTable.MemberList(
            place: place, count: stepCount,
            tellsAddressesApart: greatest >= WideSelector.firstNamed)
    }
}

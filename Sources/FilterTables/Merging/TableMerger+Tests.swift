/// Tests of steps, each of them once, and what packets pass them.
extension TableMerger {
    /// Numbers the distinct tests, writes a step that has each to the words at `tests`, and the number of each
    /// step's test to the 16-bit words at `testOfStep`. One is open, whether a step has it or not: all packets pass
    /// it. Returns how many there are; `nil` when these are too many.
    func numberTests(_ testOfStep: Int) -> (count: Int, open: Int)? {
        for step in 0..<stepCount {
            let test = test(ofStep: step)
            pool.setEntry(
                step, from: scratch,
                SortEntry(
                    first: UInt64(test.destination) << 32 | UInt64(test.source),
                    second: UInt64(test.flags & RuleTest.testedFlags) << 32 | UInt64(step)))
        }
        pool.sortEntries(from: scratch, count: stepCount)
        var count = 0
        var open: Int?
        for index in 0..<stepCount {
            let entry = pool.entry(index, from: scratch)
            if index == 0 || !isSameTest(entry, pool.entry(index - 1, from: scratch)) {
                guard count < PortClasses.maximumTestCount - 1 else { return nil }
                pool.setWord(at: tests + 4 * count, UInt32(truncatingIfNeeded: entry.second))
                if test(count) == .open { open = count }
                count += 1
            }
            let step = Int(entry.second & 0xFFFF_FFFF)
            pool.setHalf(at: testOfStep + 2 * step, UInt16(count - 1))
        }
        if let open { return (count, open) }
        pool.setWord(at: tests + 4 * count, TableMerger.noStep)
        return (count + 1, count)
    }

    private static let noStep = UInt32.max

    private func isSameTest(_ entry: SortEntry, _ other: SortEntry) -> Bool {
        entry.first == other.first && entry.second >> 32 == other.second >> 32
    }

    /// One of the distinct tests.
    func test(_ number: Int) -> RuleTest {
        let step = pool.word(at: tests + 4 * number)
        return step == TableMerger.noStep ? .open : test(ofStep: Int(step)).unmarked
    }

    // MARK: Classes

    /// What finds the class of a packet's protocol and ports: packets of one class pass the same tests.
    func portClasses(_ room: inout MergedRoom) -> PortClasses? {
        let roomyCount = stepCount + 1 + MergedTable.addedCapacity
        guard let testOfStep = room.allocate(byteCount: 2 * roomyCount, in: pool),
            let (testCount, openTest) = numberTests(testOfStep),
            let tests = room.allocate(byteCount: 16 * testCount, in: pool),
            var bySource = RowSet(bitCount: testCount, &room, in: pool),
            var byDestination = RowSet(bitCount: testCount, &room, in: pool),
            let sources = portIndex(
                PortSide.source, ofProtocol: nil, testCount, factor: 1, &bySource, &room),
            let protocols = destinationIndexes(
                testCount, factor: bySource.count, &byDestination, &room),
            let classes = combine(byDestination, bySource, testCount, &room),
            let columns = columns(of: classes.rows, testCount, &room)
        else { return nil }
        for number in 0..<testCount {
            let test = test(number)
            pool.setWord(at: tests + 16 * number, test.flags)
            pool.setWord(at: tests + 16 * number + 4, test.destination)
            pool.setWord(at: tests + 16 * number + 8, test.source)
        }
        return PortClasses(
            protocols: protocols, sources: sources, numbers: classes.numbers,
            count: classes.rows.count, testsSources: bySource.count > 1,
            destinations: byDestination, sourceRows: bySource, rows: classes.rows,
            testOfStep: testOfStep, tests: tests, openTest: openTest, columnCount: testCount,
            columns: columns)
    }

    /// The classes of all combinations of a row of destinations and one of sources, numbered, and the rows of
    /// tests that the classes pass.
    private func combine(
        _ destinations: RowSet, _ sources: RowSet, _ testCount: Int, _ room: inout MergedRoom
    ) -> (numbers: Int, rows: RowSet)? {
        let combinationCount = destinations.count * sources.count
        guard combinationCount <= PortClasses.maximumCombinationCount,
            let numbers = room.allocate(byteCount: 2 * combinationCount, in: pool),
            var rows = RowSet(bitCount: testCount, &room, in: pool)
        else { return nil }
        for combination in 0..<combinationCount {
            guard let row = rows.makeRow(&room, in: pool) else { return nil }
            pool.intersect(
                destinations.place(of: combination / sources.count, pool),
                sources.place(of: combination % sources.count, pool), to: row,
                byteCount: rows.byteCount)
            guard let number = rows.number(of: row, &room, in: pool), number <= UInt16.max else {
                return nil
            }
            pool.setHalf(at: numbers + 2 * combination, UInt16(number))
        }
        return (numbers, rows)
    }

    /// For each test a row of the classes that pass it.
    func columns(
        of classes: RowSet, _ testCount: Int, _ room: inout MergedRoom
    ) -> Int? {
        let byteCount = PortClasses.columnByteCount(classCount: classes.count)
        guard let columns = room.allocate(byteCount: byteCount * testCount, in: pool) else {
            return nil
        }
        for number in 0..<classes.count {
            let row = classes.place(of: number, pool)
            for place in 0..<classes.byteCount / 8 {
                var bits = pool.word64(at: row + 8 * place)
                while bits != 0 {
                    let test = 64 * place + bits.trailingZeroBitCount
                    pool.setBit(number, ofRow: columns + byteCount * test)
                    bits &= bits - 1
                }
            }
        }
        return columns
    }

    // MARK: Protocols

    /// 256 words with the places of the protocols' port indexes. Protocols that no test names share one.
    private func destinationIndexes(
        _ testCount: Int, factor: Int, _ rows: inout RowSet, _ room: inout MergedRoom
    ) -> Int? {
        guard let places = room.allocate(byteCount: 4 * 256, in: pool) else { return nil }
        var shared: Int?
        for number in UInt32(0)...255 {
            let isNamed = isProtocolNamed(number, testCount)
            let known = isNamed ? nil : shared
            guard
                let index = known
                    ?? portIndex(
                        .destination, ofProtocol: number, testCount, factor: factor, &rows, &room)
            else { return nil }
            if !isNamed { shared = index }
            pool.setWord(at: places + 4 * Int(number), UInt32(index))
        }
        return places
    }

    private func isProtocolNamed(_ number: UInt32, _ testCount: Int) -> Bool {
        for test in 0..<testCount {
            let flags = self.test(test).flags
            if flags & 0xFFFF != 0xFF00, admits(number, flags) { return true }
        }
        return false
    }

    func admits(_ number: UInt32?, _ flags: UInt32) -> Bool {
        guard let number else { return true }
        return flags & 0xFF...flags >> 8 & 0xFF ~= number
    }
}

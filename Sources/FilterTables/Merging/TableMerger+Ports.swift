/// Indexes of ports by the tests that they pass.
extension TableMerger {
    enum PortSide {
        case destination
        case source
    }

    /// The range of a test on one side, and whether it takes packets whose port is unknown.
    private func range(
        of test: RuleTest, _ side: PortSide
    ) -> (lower: UInt32, upper: UInt32, takesUnknown: Bool) {
        switch side {
        case .destination:
            (
                test.destination & 0xFFFF, test.destination >> 16,
                test.flags & RuleTest.anyDestination != 0
            )
        case .source:
            (test.source & 0xFFFF, test.source >> 16, test.flags & RuleTest.anySource != 0)
        }
    }

    /// A ``PortIndex`` of the tests that admit a protocol, or of all: its values are the numbers of rows of tests
    /// passed, times `factor`.
    func portIndex(
        _ side: PortSide, ofProtocol number: UInt32?, _ testCount: Int, factor: Int,
        _ rows: inout RowSet, _ room: inout MergedRoom
    ) -> Int? {
        let cutCount = sortCuts(side, ofProtocol: number, testCount)
        guard let index = room.allocate(byteCount: PortIndex.byteCount, in: pool),
            let words = room.allocate(byteCount: 4 * (cutCount + 1), in: pool),
            let unknown = rowOfPorts(from: nil, side, ofProtocol: number, testCount, &rows, &room)
        else { return nil }
        pool.setWord(at: index + PortIndex.unknown, UInt32(unknown * factor))
        for place in 0..<cutCount {
            let ports = interval(place, of: cutCount)
            guard !ports.isEmpty else { continue }
            guard
                let row = rowOfPorts(
                    from: UInt32(ports.lowerBound), side, ofProtocol: number, testCount, &rows,
                    &room),
                enter(ports, value: row * factor, word: words + 4 * place, to: index, &room)
            else { return nil }
        }
        return index
    }

    /// Writes where the ranges of a side begin and where they have ended to the scratch room, ascending,
    /// and returns how many these are.
    private func sortCuts(
        _ side: PortSide, ofProtocol number: UInt32?, _ testCount: Int
    ) -> Int {
        pool.setEntry(0, from: scratch, SortEntry(first: 0, second: 0))
        var count = 1
        for place in 0..<testCount {
            let test = test(place)
            guard admits(number, test.flags) else { continue }
            let range = range(of: test, side)
            pool.setEntry(
                count, from: scratch, SortEntry(first: UInt64(range.lower), second: 0))
            pool.setEntry(
                count + 1, from: scratch, SortEntry(first: UInt64(range.upper) + 1, second: 0))
            count += 2
        }
        pool.sortEntries(from: scratch, count: count)
        return count
    }

    /// The ports from a cut to the next one; none if that is the same.
    private func interval(_ place: Int, of count: Int) -> Range<Int> {
        let start = Int(truncatingIfNeeded: pool.entry(place, from: scratch).first)
        guard place + 1 < count else { return min(start, 1 << 16)..<1 << 16 }
        return start..<Int(truncatingIfNeeded: pool.entry(place + 1, from: scratch).first)
    }

    /// The number of the row of the tests that a port passes, or an unknown one.
    private func rowOfPorts(
        from port: UInt32?, _ side: PortSide, ofProtocol number: UInt32?, _ testCount: Int,
        _ rows: inout RowSet, _ room: inout MergedRoom
    ) -> Int? {
        guard let row = rows.makeRow(&room, in: pool) else { return nil }
        for place in 0..<testCount {
            let test = test(place)
            guard admits(number, test.flags) else { continue }
            let range = range(of: test, side)
            if range.takesUnknown || port.map({ range.lower...range.upper ~= $0 }) ?? false {
                pool.setBit(place, ofRow: row)
            }
        }
        return rows.number(of: row, &room, in: pool)
    }

    /// Has the ports of an interval find their value, which is also written to `word`.
    private func enter(
        _ ports: Range<Int>, value: Int, word: Int, to index: Int, _ room: inout MergedRoom
    ) -> Bool {
        pool.setWord(at: word, UInt32(value))
        for octet in ports.lowerBound >> 8...(ports.upperBound - 1) >> 8 {
            let inOctet = ports.clamped(to: octet << 8..<(octet + 1) << 8)
            let place = index + 4 * octet
            if inOctet.count == 256 {
                pool.setWord(at: place, UInt32(word))
                continue
            }
            if pool.word(at: place) == 0 {
                guard let page = room.allocate(byteCount: 4 * 256, in: pool) else { return false }
                pool.setWord(at: place, UInt32(page) | 1)
            }
            let page = Int(pool.word(at: place) & ~1)
            for port in inOctet { pool.setWord(at: page + 4 * (port & 0xFF), UInt32(value)) }
        }
        return true
    }
}

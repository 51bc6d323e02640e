/// Rows of ranks: for a set of selectors and each class of ports the first of the one-sided steps that packets pass.
///
///     -68 - 4 n           -68     -64               0
///    ┌───────────────────┬───────┬─────────────────┬──────────────────────────────┐
///    │ selectors         │ n     │ first steps,    │ rank, for each class of ports│   the number of steps where none
///    │                   │       │ 8 × 8, or all 1 │                              │   passes; begins a line
///    └───────────────────┴───────┴─────────────────┴──────────────────────────────┘
///
/// The first steps are those that a pair of classes may have for candidates, in decision order.
extension WideTable {
    /// Where, before a row's ranks, its first steps stand.
    static let firstStepsByteCount = 64
    private static let countByteCount = 4

    /// The row of those of some selectors that have many one-sided steps, made if it is not there yet, or
    /// that of none when rows take too many bytes; `nil` when there is too little room.
    mutating func ranks(
        of selectors: FactualSelectors, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> (place: Int, isOfMany: Bool)? {
        var key: UInt64 = 0
        var count = 0
        for index in 0..<selectors.count where selectors.hasMany(index, pool) {
            key = (key ^ UInt64(selectors.selector(index, pool))) &* 0x9E37_79B9_7F4A_7C15
            key ^= key >> 32
            count += 1
        }
        // Of both sides, and never 0.
        let word = UInt32(truncatingIfNeeded: key) & ~3 | (selectors.isOfLocal ? 2 : 0) | 1
        let known = ranks.value(of: word, pool)
        if let known, isRow(Int(known), of: selectors, count, pool) { return (Int(known), true) }
        let headByteCount =
            (4 * count + WideTable.countByteCount + WideTable.firstStepsByteCount + 63) & ~63
        let byteCount = headByteCount + 4 * ports.count
        guard byteCount <= ranksByteCount || count == 0 else {
            let none = FactualSelectors(isOfLocal: selectors.isOfLocal, peerFacts)
            return ranks(of: none, &room, in: pool).map { ($0.place, false) }
        }
        guard let start = room.allocateUncleared(byteCount: byteCount) else { return nil }
        ranksByteCount -= byteCount
        let place = start + headByteCount
        write(selectors, count, toRow: place, pool)
        // Of two rows with one hash only the first is found again.
        if known == nil {
            guard ranks.insert(UInt32(place), for: word, &room, pool) else { return nil }
        }
        return (place, true)
    }

    /// The places of a row's first steps.
    func firstSteps(ofRow row: Int) -> StrideTo<Int> {
        stride(from: row - WideTable.firstStepsByteCount, to: row, by: WideTable.stepByteCount)
    }

    /// Where the number of a row's selectors stands; these are before it.
    private func countPlace(ofRow row: Int) -> Int {
        row - WideTable.firstStepsByteCount - WideTable.countByteCount
    }

    private func isRow(
        _ row: Int, of selectors: FactualSelectors, _ count: Int, _ pool: MergedMemory
    ) -> Bool {
        let countPlace = countPlace(ofRow: row)
        guard Int(pool.word(at: countPlace)) == count else { return false }
        var place = countPlace - 4 * count
        for index in 0..<selectors.count where selectors.hasMany(index, pool) {
            if pool.word(at: place) != selectors.selector(index, pool) { return false }
            place += 4
        }
        return true
    }

    private func write(
        _ selectors: FactualSelectors, _ count: Int, toRow row: Int, _ pool: MergedMemory
    ) {
        let countPlace = countPlace(ofRow: row)
        pool.setWord(at: countPlace, UInt32(count))
        for number in 0..<ports.count { pool.setWord(at: row + 4 * number, UInt32(stepCount)) }
        var place = countPlace - 4 * count
        var first = Candidates(
            openTest: ports.openTest, stepCapacity: PatternTable.testCapacity)
        for index in 0..<selectors.count where selectors.hasMany(index, pool) {
            let selector = selectors.selector(index, pool)
            pool.setWord(at: place, selector)
            place += 4
            for other in WideSelector.any...WideSelector.anyIPv4 {
                let steps =
                    selectors.isOfLocal
                    ? steps(ofPeer: other, local: selector, pool)
                    : steps(ofPeer: selector, local: other, pool)
                for index in 0..<steps.count { settle(steps.step(index, pool), inRow: row, pool) }
                add(steps, to: &first, pool)
            }
        }
        for (index, place) in firstSteps(ofRow: row).enumerated() {
            pool.setWord64(at: place, index < first.count ? first.steps[index] : .max)
        }
    }

    /// Has a step decide the classes of ports that it lets pass and that no earlier one decides.
    private func settle(_ step: UInt64, inRow row: Int, _ pool: MergedMemory) {
        let rank = UInt32(truncatingIfNeeded: step)
        let column = ports.columns + Int(step >> 32) * ports.columnByteCount
        for word in 0..<ports.columnByteCount / 8 {
            var passing = pool.word64(at: column + 8 * word)
            while passing != 0 {
                let place = row + 4 * (64 * word + passing.trailingZeroBitCount)
                pool.setWord(at: place, min(rank, pool.word(at: place)))
                passing &= passing - 1
            }
        }
    }
}

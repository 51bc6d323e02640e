/// What tests the steps of ``CandidateTable``'s pairs have, as *patterns*: few, as many pairs have the same tests in the
/// same order. A pattern knows for each value of a destination, and of a source, which of its tests that passes; the
/// first that both pass is the step that decides.
///
///     0         2             12      16                  16 + destinations
///     ┌─────────┬─────────────┬───────┬───────────────────┬─────────────────┐
///     │ first   │ … sixth     │ count │ a byte for each   │ a byte for each │    bit k: passes the k-th test;
///     │ test    │ test        │       │ destination value │ source value    │    bit 6: always set
///     └─────────┴─────────────┴───────┴───────────────────┴─────────────────┘
///
/// Step 6 stands for all that a pair has no room for.
struct PatternTable {
    /// Where the first pattern is.
    let place: Int
    /// How many bytes each has.
    let byteCount: Int
    /// Where in each the bytes of source values begin.
    let sourceBytes: Int
    let capacity: Int
    /// Numbers of patterns + 1 in 32 bits, by a hash of their tests, and before them how many there are.
    private let slots: Int
    /// For each test a row with a bit for each value that passes it.
    private let destinationColumns: Int
    private let sourceColumns: Int
    private let destinationCount: Int
    private let sourceCount: Int
    /// 2 ^ 36 by the number of source values, rounded up: finds the number of a destination value.
    let reciprocal: UInt64

    /// A pattern has at most so many tests.
    static let testCapacity = 6
    /// The step that stands for those that have no room.
    static let leftOut = 6
    private static let testCount = 12
    private static let bytes = 16
    private static let slotCount = 1 << 13
    private static let greatestCount = 1 << 12
    private static let greatestByteCount = 1 << 20

    /// No patterns yet; `nil` when there is too little room.
    ///
    /// - Parameters:
    ///   - destinations: how many values destinations have, and where the rows of bits of those are that pass a test.
    ///   - sources: the same of sources.
    init?(
        destinations: (count: Int, columns: Int), sources: (count: Int, columns: Int),
        _ room: inout MergedRoom, in pool: MergedMemory
    ) {
        destinationCount = destinations.count
        sourceCount = sources.count
        destinationColumns = destinations.columns
        sourceColumns = sources.columns
        reciprocal = (1 << 36) / UInt64(sourceCount) + 1
        sourceBytes = PatternTable.bytes + destinationCount
        byteCount = (sourceBytes + sourceCount + 7) & ~7
        capacity = min(PatternTable.greatestCount, PatternTable.greatestByteCount / byteCount)
        guard
            let slots = room.allocate(byteCount: 8 + 4 * PatternTable.slotCount, in: pool),
            let patterns = room.allocate(byteCount: byteCount * capacity, in: pool)
        else { return nil }
        self.slots = slots
        place = patterns
    }

    // MARK: Looking up

    /// Where in a pattern stands what a destination's value, and behind 32 bits what a source's value passes.
    @inline(__always)
    func offsets(destination: Int, source: Int) -> UInt64 {
        let number = (UInt64(truncatingIfNeeded: destination) &* reciprocal) &>> 36
        return number &+ UInt64(truncatingIfNeeded: PatternTable.bytes)
            | UInt64(truncatingIfNeeded: sourceBytes &+ source) &<< 32
    }

    /// The first step of a pattern whose test a packet passes, by its ``offsets(destination:source:)``.
    @inline(__always)
    func step(ofPattern number: Int, _ offsets: UInt64, _ pool: MergedMemory) -> Int {
        let pattern = place &+ number &* byteCount
        let passed =
            pool.byte(at: pattern &+ Int(truncatingIfNeeded: offsets & 0xFFFF_FFFF))
            & pool.byte(at: pattern &+ Int(truncatingIfNeeded: offsets &>> 32))
        return UInt32(passed).trailingZeroBitCount
    }

    // MARK: Making

    /// The number of the pattern of some steps' tests, made if there is none yet; `nil` when there are too many.
    func number(
        ofTests tests: InlineArray<6, UInt16>, count: Int, in pool: MergedMemory
    ) -> Int? {
        var hash: UInt64 = 0
        for index in 0..<count { hash = (hash ^ UInt64(tests[index])) &* 0x9E37_79B9_7F4A_7C15 }
        var slot = Int(truncatingIfNeeded: hash >> 51)
        while true {
            let place = slots + 8 + 4 * slot
            let known = Int(pool.word(at: place))
            if known == 0 { return make(tests, count: count, slot: place, in: pool) }
            if isPattern(known - 1, of: tests, count, pool) { return known - 1 }
            slot = (slot + 1) & (PatternTable.slotCount - 1)
        }
    }

    private func isPattern(
        _ number: Int, of tests: InlineArray<6, UInt16>, _ count: Int, _ pool: MergedMemory
    ) -> Bool {
        let pattern = place + number * byteCount
        guard Int(pool.half(at: pattern + PatternTable.testCount)) == count else { return false }
        for index in 0..<count where pool.half(at: pattern + 2 * index) != tests[index] {
            return false
        }
        return true
    }

    private func make(
        _ tests: InlineArray<6, UInt16>, count: Int, slot: Int, in pool: MergedMemory
    ) -> Int? {
        let number = Int(pool.word(at: slots))
        guard number < capacity else { return nil }
        pool.setWord(at: slots, UInt32(number + 1))
        pool.setWord(at: slot, UInt32(number + 1))
        let pattern = place + number * byteCount
        pool.setHalf(at: pattern + PatternTable.testCount, UInt16(count))
        for place in PatternTable.bytes..<sourceBytes + sourceCount {
            pool.setByte(at: pattern + place, 1 << UInt8(PatternTable.leftOut))
        }
        for index in 0..<count {
            pool.setHalf(at: pattern + 2 * index, tests[index])
            let test = Int(tests[index])
            mark(
                destinationColumns, test, of: destinationCount, as: index,
                at: pattern + PatternTable.bytes, pool)
            mark(sourceColumns, test, of: sourceCount, as: index, at: pattern + sourceBytes, pool)
        }
        return number
    }

    /// Sets a bit in the bytes of those values that pass a test.
    private func mark(
        _ columns: Int, _ test: Int, of count: Int, as bit: Int, at bytes: Int, _ pool: MergedMemory
    ) {
        let columnByteCount = PortClasses.columnByteCount(classCount: count)
        let column = columns + columnByteCount * test
        for word in 0..<columnByteCount / 8 {
            var passing = pool.word64(at: column + 8 * word)
            while passing != 0 {
                let place = bytes + 64 * word + passing.trailingZeroBitCount
                pool.setByte(at: place, pool.byte(at: place) | 1 << UInt8(bit))
                passing &= passing - 1
            }
        }
    }
}

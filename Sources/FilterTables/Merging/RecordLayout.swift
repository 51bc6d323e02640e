/// Where the parts of a record stand: see ``WideTable``.
enum RecordLayout {
    static let word = 0
    static let counts = 4
    static let ranks = 8
    static let rank = 12
    static let filters = 16
    static let bits = 24
    static let elements = 32
    static let elementByteCount = 16
    static let stepByteCount = 8

    private static let elementMask: UInt32 = 1 << 10 - 1
    private static let furtherFlag: UInt32 = 1 << 10
    private static let testShift: UInt32 = 20
    private static let noRank = UInt32.max

    /// The bytes of a record of so many elements and single steps.
    static func byteCount(elementCount: Int, singleCount: Int) -> Int {
        elements + elementByteCount * elementCount
            + (singleCount > 1 ? stepByteCount * singleCount : 0)
    }

    // MARK: Reading

    @inline(__always)
    static func end(ofElementsOf record: Int, _ pool: MergedMemory) -> Int {
        record &+ elements &+ Int(pool.word(at: record &+ counts) & elementMask) &<< 4
    }

    /// The test of a record's first single step in the upper half, its rank in the lower: what comes after all others if there
    /// is none.
    @inline(__always)
    static func firstSingle(of record: Int, _ pool: MergedMemory) -> UInt64 {
        UInt64(pool.word(at: record &+ counts) &>> testShift) &<< 32
            | UInt64(pool.word(at: record &+ rank))
    }

    @inline(__always)
    static func hasFurtherSingles(_ record: Int, _ pool: MergedMemory) -> Bool {
        pool.word(at: record &+ counts) & furtherFlag != 0
    }

    /// The places of a record's further single steps.
    ///
    /// - Precondition: ``hasFurtherSingles(_:_:)``.
    static func furtherSingles(of record: Int, _ pool: MergedMemory) -> StrideTo<Int> {
        let end = end(ofElementsOf: record, pool)
        let first = end + stepByteCount
        return stride(
            from: first, to: first + stepByteCount * Int(pool.word(at: end)), by: stepByteCount)
    }

    // MARK: Writing

    /// Writes how many elements a record has, and that it has no single step yet.
    static func setElementCount(_ count: Int, of record: Int, _ pool: MergedMemory) {
        pool.setWord(at: record + counts, UInt32(count))
        pool.setWord(at: record + rank, noRank)
    }

    /// Adds a single step behind a record's elements and `end`, which is moved.
    static func addSingle(
        _ step: UInt64, to record: Int, end: inout Int, _ pool: MergedMemory
    ) {
        let word = pool.word(at: record + counts)
        guard pool.word(at: record + rank) != noRank else {
            pool.setWord(at: record + rank, UInt32(truncatingIfNeeded: step))
            let test = UInt32(truncatingIfNeeded: step >> 32)
            return pool.setWord(at: record + counts, word | test << testShift)
        }
        let countPlace = self.end(ofElementsOf: record, pool)
        if word & furtherFlag == 0 {
            pool.setWord(at: record + counts, word | furtherFlag)
            end += stepByteCount
        }
        pool.setWord(at: countPlace, pool.word(at: countPlace) + 1)
        pool.setWord64(at: end, step)
        end += stepByteCount
    }
}

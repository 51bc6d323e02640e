/// The first steps that packets of a pair of classes of addresses may pass, for pairs that packets have had: a hash
/// table in a ``MergedMemory``, two pairs to a line, or four of fewer steps.
///
///     0         8         16        40        64    a pair's word  63      42 41        20 19            0
///     ┌─────────┬─────────┬─────────┬─────────┐                    ┌──────────┬──────────┬──────────────┐
///     │ word of │ of the  │ 6 out-  │ of the  │                    │ local    │ peer     │ pattern      │
///     │ a pair  │ second  │ comes   │ second  │                    └──────────┴──────────┴──────────────┘
///     └─────────┴─────────┴─────────┴─────────┘
///     0         8         16        24        32        40        48        56        64
///     ┌─────────┬─────────┬─────────┬─────────┬─────────┬─────────┬─────────┬─────────┐
///     │ words of four pairs                   │ 2 outcomes of each                    │
///     └─────────┴─────────┴─────────┴─────────┴─────────┴─────────┴─────────┴─────────┘
///
/// Steps stand in decision order: the first whose test a packet passes decides, and which that is a ``PatternTable``
/// knows. Every packet passes the last one, which is a rule for all, the default, or what stands for those that have no
/// room; so the outcome is known without its rank, and no branch depends on which step it is.
///
/// Rules name few of the pairs that their classes make, and traffic meets those: on ClassBench sets one to two pairs
/// for each rule are nine tenths of all headers, and the first step decides seven to ten tenths of these: nearly all of
/// those of tables with tens of thousands of steps, which have many pairs, so that lines of these have room for four. A
/// pair comes to the front of its line, and the oldest one gives way.
///
/// Traffic whose pairs are all new has nothing of it: when few of the packets that asked of late had their pairs there, but
/// for one in sixteen times it is not asked.
struct CandidateTable {
    let lines: Int
    /// How many pairs have room in a line.
    let pairCount: Int
    /// 64 less the bits of a line's number.
    let shift: UInt64
    let patterns: PatternTable
    let outcomes: OutcomeWords
    /// Where four words of 64 bits count the packets that asked, those whose pairs were there, the times since it was asked,
    /// and the packets whose pairs were not there.
    private let counts: Int
    /// Two bytes for each line that remember pairs which were not there.
    private let missed: Int

    /// A table does not have more lines, 8 MiB.
    private static let greatestBits = 17
    private static let lineByteCount = 64
    private static let wordByteCount = 8
    private static let outcomeByteCount = 4
    private static let patternBits: UInt64 = 20

    /// An empty table for pairs of classes of about `stepCount` steps; `nil` when there is too little room.
    ///
    /// - Precondition: a line has room for two pairs or for four.
    init?(
        stepCount: Int, pairCount: Int, _ patterns: PatternTable, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) {
        precondition(pairCount == 2 || pairCount == 4)
        var bits = 5
        while 2 << bits < stepCount { bits += 1 }
        bits = max(bits, min(bits + 2, CandidateTable.greatestBits))
        guard let counts = room.allocate(byteCount: 32, in: pool),
            let outcomes = OutcomeWords(&room, in: pool),
            let lines = room.allocate(
                byteCount: CandidateTable.lineByteCount << bits, in: pool),
            let missed = room.allocate(byteCount: 2 << bits, in: pool)
        else { return nil }
        self.patterns = patterns
        self.outcomes = outcomes
        self.counts = counts
        self.lines = lines
        self.missed = missed
        shift = UInt64(64 - bits)
        self.pairCount = pairCount
    }

    // MARK: Lines

    /// How many steps of a pair have room.
    var stepCapacity: Int { pairCount == 2 ? 6 : 2 }

    /// A pair's word but for the pattern: of the words of the peer's and the local address's record.
    @inline(__always)
    static func key(ofPeer peer: UInt32, local: UInt32) -> UInt64 {
        UInt64(peer & ~63) &<< 14 | UInt64(local &>> 6) &<< 42
    }

    /// Whether a word is of a pair, by its key.
    @inline(__always)
    private static func isWord(_ word: UInt64, of key: UInt64) -> Bool {
        word ^ key < 1 << patternBits
    }

    /// The number of the pattern in a pair's word.
    @inline(__always)
    static func pattern(of word: UInt64) -> Int {
        Int(truncatingIfNeeded: word & (1 << patternBits - 1))
    }

    /// The line in which a pair is looked for, by its key.
    @inline(__always)
    func line(of key: UInt64) -> Int {
        let number = (key &* 0x9E37_79B9_7F4A_7C15) &>> shift
        return lines &+ Int(truncatingIfNeeded: number) &<< 6
    }

    /// The place of a pair in its line, ``pairCount`` or more if it is not there.
    @inline(__always)
    func index(of key: UInt64, inLine line: Int, _ pool: MergedMemory) -> Int {
        // All four, whether they are words or not, so that no branch depends on which it is.
        var found: UInt32 = 1 << 4
        for index in 0..<4 {
            let word = pool.word64(at: line &+ CandidateTable.wordByteCount &* index)
            found |= (CandidateTable.isWord(word, of: key) ? 1 : 0) &<< UInt32(index)
        }
        return found.trailingZeroBitCount
    }

    /// The word of a pair by its place.
    @inline(__always)
    func word(_ index: Int, inLine line: Int, _ pool: MergedMemory) -> UInt64 {
        pool.word64(at: line &+ CandidateTable.wordByteCount &* index)
    }

    /// Where the word of the outcome of a pair's step is.
    @inline(__always)
    func outcome(ofStep step: Int, _ index: Int, inLine line: Int) -> Int {
        // 16 + 24 i, or 32 + 8 i.
        let first = pairCount &<< 3 &+ index &* (CandidateTable.outcomeByteCount &* stepCapacity)
        return line &+ first &+ CandidateTable.outcomeByteCount &* step
    }

    /// Makes room for a pair, that may have none yet, at the front of its line, with a word for it; `nil` if it has room,
    /// else the line.
    func enter(_ word: UInt64, of key: UInt64, in pool: MergedMemory) -> Int? {
        let line = line(of: key)
        guard index(of: key, inLine: line, pool) >= pairCount else { return nil }
        let last = (0..<pairCount - 1).first { self.word($0, inLine: line, pool) == 0 }
        for index in stride(from: last ?? pairCount - 1, to: 0, by: -1) {
            copy(index - 1, to: index, ofLine: line, pool)
        }
        pool.setWord64(at: line, word)
        return line
    }

    private func copy(_ source: Int, to target: Int, ofLine line: Int, _ pool: MergedMemory) {
        let size = CandidateTable.wordByteCount
        pool.copy(byteCount: size, from: line + size * source, to: line + size * target)
        pool.copy(
            byteCount: CandidateTable.outcomeByteCount * stepCapacity,
            from: outcome(ofStep: 0, source, inLine: line),
            to: outcome(ofStep: 0, target, inLine: line))
    }

    /// Whether a pair, by its key, was not there before too, as far as is remembered: those that packets have once only
    /// are not worth their candidates.
    func wasMissed(_ key: UInt64, in pool: MergedMemory) -> Bool {
        let hash = key &* 0x9E37_79B9_7F4A_7C15
        let place = missed + Int(truncatingIfNeeded: hash >> (shift - 1))
        let mark = UInt8(truncatingIfNeeded: hash >> (shift - 9)) | 1
        let wasMissed = pool.byte(at: place) == mark
        pool.setByte(at: place, mark)
        return wasMissed
    }

    // MARK: Use

    /// How many times it is not asked, while that is of little use.
    private static let idleCount: UInt64 = 16
    /// After so many packets those before count half.
    private static let memorableCount: UInt64 = 1 << 13

    /// Whether so few pairs were not there that nothing can be said of their use.
    private func isOnTrial(_ pool: MergedMemory) -> Bool {
        pool.word64(at: counts + 24) < 2 << (64 - shift)
    }

    /// Whether the packets of a decision ask for their pairs.
    func isAsked(_ pool: MergedMemory) -> Bool {
        let idleCount = pool.word64(at: counts + 16) + 1
        let isAsked =
            idleCount == CandidateTable.idleCount || isOnTrial(pool)
            || pool.word64(at: counts) <= 2 * pool.word64(at: counts + 8)
        pool.setWord64(at: counts + 16, isAsked ? 0 : idleCount)
        return isAsked
    }

    /// Notes that of so many packets that asked so many had new pairs; returns how many of these are entered:
    /// more where this is of use.
    func limit(ofNew newCount: Int, of packetCount: Int, _ pool: MergedMemory) -> Int {
        let hitCount = packetCount - newCount
        var askedCount = pool.word64(at: counts) + UInt64(packetCount)
        var foundCount = pool.word64(at: counts + 8) + UInt64(hitCount)
        if askedCount > CandidateTable.memorableCount {
            askedCount /= 2
            foundCount /= 2
        }
        pool.setWord64(at: counts, askedCount)
        pool.setWord64(at: counts + 8, foundCount)
        pool.setWord64(at: counts + 24, pool.word64(at: counts + 24) + UInt64(newCount))
        return min(newCount, isOnTrial(pool) ? 16 : 2 + hitCount / 8)
    }
}

/// The first steps of a pair of classes, in decision order, as they are found.
struct Candidates {
    /// The number of a step's test in the upper half, its rank in the lower.
    private(set) var steps = InlineArray<8, UInt64>(repeating: 0)
    private(set) var count = 0
    /// One more than a pair has room for, so that it is known whether there are more.
    private let capacity: Int
    /// The test that all packets pass.
    private let openTest: UInt64

    init(openTest: Int, stepCapacity: Int) {
        self.openTest = UInt64(openTest)
        capacity = stepCapacity + 1
    }

    /// Whether a step with this rank, and all after it, are none of the first.
    func isLater(_ rank: UInt32) -> Bool {
        guard count > 0, rank > UInt32(truncatingIfNeeded: steps[count - 1]) else { return false }
        return isFull || isComplete
    }

    var isFull: Bool { count == capacity }

    /// Whether all packets pass the last step.
    var isComplete: Bool { count > 0 && steps[count - 1] >> 32 == openTest }

    /// Adds a step.
    mutating func add(_ step: UInt64) {
        let rank = UInt32(truncatingIfNeeded: step)
        guard !isLater(rank) else { return }
        var place = isFull ? count - 1 : count
        while place > 0, UInt32(truncatingIfNeeded: steps[place - 1]) > rank {
            steps[place] = steps[place - 1]
            place -= 1
        }
        steps[place] = step
        // What all packets pass is the last.
        if step >> 32 == openTest {
            count = place + 1
        } else if !isFull {
            count += 1
        }
    }
}

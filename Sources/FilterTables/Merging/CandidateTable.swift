/// The first steps that packets of a pair of classes of addresses may pass, for pairs that packets have had: a hash
/// table in a ``MergedMemory``, two pairs to a line.
///
///     0                                 8            32          63      42 41        20 19            0
///     ┌─────────────────────────────────┬─────────────┐           ┌──────────┬──────────┬──────────────┐
///     │ both records, number of pattern │ 6 outcomes  │           │ local    │ peer     │ pattern      │
///     └─────────────────────────────────┴─────────────┘           └──────────┴──────────┴──────────────┘
///
/// Steps stand in decision order: the first whose test a packet passes decides, and which that is a ``PatternTable``
/// knows. Every packet passes the last one, which is a rule for all, the default, or what stands for those that have no
/// room; so the outcome is known without its rank, and no branch depends on which step it is.
///
/// Rules name few of the pairs that their classes make, and traffic meets those: on ClassBench sets one to two pairs
/// for each rule are nine tenths of all headers, and the first step decides seven to ten tenths of these. A
/// pair stands in one of a line's two slots, and the older one gives way to a third.
///
/// Traffic whose pairs are all new has nothing of it: when few of the packets that asked of late had their pairs there, but
/// for one in sixteen times it is not asked.
struct CandidateTable {
    let slots: Int
    /// 64 less the bits of a line's number.
    let shift: UInt64
    let patterns: PatternTable
    let outcomes: OutcomeWords
    /// Where four words of 64 bits count the packets that asked, those whose pairs were there, the times since it was asked,
    /// and the packets whose pairs were not there.
    private let counts: Int
    /// A byte for each slot that remembers a pair which was not there.
    private let missed: Int

    /// A table does not have more lines, 8 MiB.
    private static let greatestBits = 17
    static let slotByteCount = 32
    static let firstOutcome = 8
    static let outcomeByteCount = 4
    private static let patternBits: UInt64 = 20

    /// An empty table for pairs of classes of about `stepCount` steps; `nil` when there is too little room.
    init?(
        stepCount: Int, _ patterns: PatternTable, _ room: inout MergedRoom, in pool: MergedMemory
    ) {
        var bits = 5
        while 2 << bits < stepCount { bits += 1 }
        bits = max(bits, min(bits + 2, CandidateTable.greatestBits))
        guard let counts = room.allocate(byteCount: 32, in: pool),
            let outcomes = OutcomeWords(&room, in: pool),
            let slots = room.allocate(
                byteCount: 2 * CandidateTable.slotByteCount << bits, in: pool),
            let missed = room.allocate(byteCount: 2 << bits, in: pool)
        else { return nil }
        self.patterns = patterns
        self.outcomes = outcomes
        self.counts = counts
        self.slots = slots
        self.missed = missed
        shift = UInt64(64 - bits)
    }

    // MARK: Slots

    /// What a pair's slot begins with, but for the pattern: of the words of the peer's and the local address's record.
    @inline(__always)
    static func key(ofPeer peer: UInt32, local: UInt32) -> UInt64 {
        UInt64(peer & ~63) &<< 14 | UInt64(local &>> 6) &<< 42
    }

    /// Whether what a slot begins with is of a pair.
    @inline(__always)
    static func isKey(_ word: UInt64, of key: UInt64) -> Bool { word ^ key < 1 << patternBits }

    /// The number of the pattern in what a slot begins with.
    @inline(__always)
    static func pattern(of word: UInt64) -> Int {
        Int(truncatingIfNeeded: word & (1 << patternBits - 1))
    }

    /// The slot in which a pair is looked for first, by its key.
    @inline(__always)
    func slot(of key: UInt64) -> Int {
        let number = (key &* 0x9E37_79B9_7F4A_7C15) &>> shift
        return slots &+ Int(truncatingIfNeeded: number) &<< 6
    }

    /// The slot in which the pairs of `slot` are looked for then.
    @inline(__always)
    static func slot(beside slot: Int) -> Int { slot ^ slotByteCount }

    /// The slot for a pair that may have none yet; `nil` if it has one.
    func newSlot(of key: UInt64, in pool: MergedMemory) -> Int? {
        let first = slot(of: key)
        let second = CandidateTable.slot(beside: first)
        let (older, other) = (pool.word64(at: first), pool.word64(at: second))
        if CandidateTable.isKey(older, of: key) || CandidateTable.isKey(other, of: key) {
            return nil
        }
        if older == 0 { return first }
        if other == 0 { return second }
        pool.copy(byteCount: CandidateTable.slotByteCount, from: first, to: second)
        return first
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
    /// At most one more than a pair has room for, so that it is known whether there are more.
    private(set) var count = 0
    /// The test that all packets pass.
    let openTest: UInt64

    init(openTest: Int) { self.openTest = UInt64(openTest) }

    /// Whether a step with this rank, and all after it, are none of the first.
    func isLater(_ rank: UInt32) -> Bool {
        guard count > 0, rank > UInt32(truncatingIfNeeded: steps[count - 1]) else { return false }
        return isFull || isComplete
    }

    var isFull: Bool { count == PatternTable.testCapacity + 1 }

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

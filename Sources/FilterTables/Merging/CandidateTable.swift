/// The first steps that packets of a pair of classes of addresses may pass, for pairs that packets have had: a hash
/// table with linear probing in a ``MergedMemory``, and a line for each pair.
///
///     0         8                                           64
///     ┌─────────┬──────────┬──────────┬──────────────────────┐     step  0         2      4         8
///     │ words   │ step     │ step     │ … at most 7 in all   │           ┌─────────┬──────┬─────────┐
///     │ of both │          │          │                      │           │ verdict │ test │ rule    │
///     └─────────┴──────────┴──────────┴──────────────────────┘           └─────────┴──────┴─────────┘
///
/// Steps stand in decision order: the first whose test a packet passes decides. Every packet passes the last one,
/// which is a rule for all, the default, or ``isLeftOut`` where there are more than have room; so the outcome
/// is known without its rank. A step is its ``Outcome``, with the test's number in two bytes that an outcome leaves.
///
/// Rules name few of the pairs that their classes make, and traffic meets those: on ClassBench sets one to two lines
/// for each rule hold the pairs of nine tenths of all headers, and the first step decides seven to ten
/// tenths of these. A pair stands in one of two slots, and the older one of two others gives way to it.
///
/// Traffic whose pairs are all new has nothing of it: when few of the packets that asked of late had their pairs there, but
/// for one in sixteen times it is not asked.
struct CandidateTable {
    let slots: Int
    /// 64 less the bits of a slot's number.
    let shift: UInt64
    /// Where four words of 64 bits count the packets that asked, those whose pairs were there, the times since it was asked,
    /// and the pairs entered.
    private let counts: Int

    /// A table does not have more slots, 16 MiB.
    private static let greatestBits = 18
    static let slotByteCount = 64
    static let firstStep = 8
    static let stepByteCount = 8
    static let testOffset = 2
    static let capacity = 7

    /// The number of a rule that stands for all further steps: no rule has it.
    static let leftOut = UInt32.max - 1

    /// An empty table for pairs of classes of about `stepCount` steps; `nil` when there is too little room.
    init?(stepCount: Int, _ room: inout MergedRoom, in pool: MergedMemory) {
        var bits = 6
        while 1 << bits < stepCount { bits += 1 }
        bits = max(bits, min(bits + 2, CandidateTable.greatestBits))
        guard let counts = room.allocate(byteCount: 32, in: pool),
            let slots = room.allocate(byteCount: CandidateTable.slotByteCount << bits, in: pool)
        else { return nil }
        self.counts = counts
        self.slots = slots
        shift = UInt64(64 - bits)
    }

    // MARK: Slots

    /// The slot in which a pair is looked for first.
    @inline(__always)
    func slot(of pair: UInt64) -> Int {
        let number = (pair &* 0x9E37_79B9_7F4A_7C15) &>> shift
        return slots &+ Int(truncatingIfNeeded: number) &* CandidateTable.slotByteCount
    }

    /// The slot in which the pairs of `slot` are looked for then.
    @inline(__always)
    func slot(beside slot: Int) -> Int {
        slots &+ ((slot &- slots) ^ CandidateTable.slotByteCount)
    }

    /// The slot for a pair that may have none yet; `nil` if it has one.
    func newSlot(of pair: UInt64, in pool: MergedMemory) -> Int? {
        let first = slot(of: pair)
        let second = slot(beside: first)
        let (older, other) = (pool.word64(at: first), pool.word64(at: second))
        if older == pair || other == pair { return nil }
        pool.setWord64(at: counts + 24, pool.word64(at: counts + 24) + 1)
        if older == 0 { return first }
        if other == 0 { return second }
        pool.copy(byteCount: CandidateTable.slotByteCount, from: first, to: second)
        return first
    }

    // MARK: Use

    /// How many times it is not asked, while that is of little use.
    private static let idleCount: UInt64 = 16
    /// After so many packets those before count half.
    private static let memorableCount: UInt64 = 1 << 13

    /// Whether so few pairs were entered that nothing can be said of their use.
    private func isOnTrial(_ pool: MergedMemory) -> Bool {
        pool.word64(at: counts + 24) < 1 << (63 - shift)
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
        return min(newCount, isOnTrial(pool) ? 16 : 2 + hitCount / 8)
    }
}

/// The first steps of a pair of classes, in decision order, as they are found.
struct Candidates {
    /// The number of a step's test in the upper half, its rank in the lower.
    private(set) var steps = InlineArray<8, UInt64>(repeating: 0)
    /// At most one more than a ``CandidateTable`` has room for, so that it is known whether there are more.
    private(set) var count = 0
    /// The test that all packets pass.
    let openTest: UInt64

    init(openTest: Int) { self.openTest = UInt64(openTest) }

    /// Whether a step with this rank, and all after it, are none of the first.
    func isLater(_ rank: UInt32) -> Bool {
        guard count > 0, rank > UInt32(truncatingIfNeeded: steps[count - 1]) else { return false }
        return isFull || isComplete
    }

    var isFull: Bool { count == CandidateTable.capacity + 1 }

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

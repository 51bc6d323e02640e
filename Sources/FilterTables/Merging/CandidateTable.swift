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
/// tenths of these. When half of the slots are taken the table grows, and at last forgets all pairs.
struct CandidateTable {
    private(set) var slots: Int
    /// 64 less the bits of a slot's number.
    private(set) var shift: UInt64
    private var count = 0
    private let maximumBits: Int

    /// A table does not grow beyond so many slots, 32 MiB.
    private static let greatestBits = 19
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
        guard
            let slots = room.allocate(byteCount: CandidateTable.slotByteCount << bits, in: pool)
        else { return nil }
        self.slots = slots
        shift = UInt64(64 - bits)
        maximumBits = max(bits, min(bits + 3, CandidateTable.greatestBits))
    }

    private var bits: Int { Int(64 - shift) }

    /// The slot in which a pair is looked for first.
    @inline(__always)
    func slot(of pair: UInt64) -> Int {
        let number = (pair &* 0x9E37_79B9_7F4A_7C15) &>> shift
        return slots &+ Int(truncatingIfNeeded: number) &* CandidateTable.slotByteCount
    }

    @inline(__always)
    func slot(after slot: Int) -> Int {
        let mask = CandidateTable.slotByteCount &<< bits &- 1
        return slots &+ (slot &- slots &+ CandidateTable.slotByteCount) & mask
    }

    /// The slot of a pair, if it has one.
    func find(_ pair: UInt64, _ pool: MergedMemory) -> Int? {
        var slot = slot(of: pair)
        while pool.word64(at: slot) != pair {
            if pool.word64(at: slot) == 0 { return nil }
            slot = self.slot(after: slot)
        }
        return slot
    }

    /// The slot of a pair that has none yet.
    mutating func newSlot(
        of pair: UInt64, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Int {
        if 2 * count >= 1 << bits { makeRoom(&room, in: pool) }
        count += 1
        let slot = freeSlot(of: pair, pool)
        pool.setWord64(at: slot, pair)
        return slot
    }

    private func freeSlot(of pair: UInt64, _ pool: MergedMemory) -> Int {
        var slot = slot(of: pair)
        while pool.word64(at: slot) != 0 { slot = self.slot(after: slot) }
        return slot
    }

    private mutating func makeRoom(_ room: inout MergedRoom, in pool: MergedMemory) {
        let byteCount = CandidateTable.slotByteCount << bits
        let older = slots
        guard bits < maximumBits,
            let grown = room.allocate(byteCount: 2 * byteCount, in: pool)
        else {
            pool.clear(byteCount: byteCount, at: slots)
            count = 0
            return
        }
        slots = grown
        shift -= 1
        for slot in stride(
            from: older, to: older + byteCount, by: CandidateTable.slotByteCount)
        {
            let pair = pool.word64(at: slot)
            guard pair != 0 else { continue }
            pool.copy(
                byteCount: CandidateTable.slotByteCount, from: slot, to: freeSlot(of: pair, pool))
        }
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

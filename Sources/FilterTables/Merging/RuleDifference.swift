/// What came to a merged or wide table's rules since it was made, and what went: the table, its *base*, goes on deciding,
/// and its answers are put right afterwards.
///
/// Where a rule of the base went, its number leads to ``gone``; where it came back as it was, to its new number. Rules
/// that are new stand in slots. Which of them a packet may pass say the bits of six words, by octets of its addresses,
/// its protocol and its port (Lakshman & Stiliadis, *High-speed policy-based packet forwarding using efficient
/// multi-dimensional range matching*, SIGCOMM 1998): nearly always of none.
///
///     filters   6 × 256 words of 64 bits: a bit for each slot of a rule that is new
///     slots     64 of rules that are new, 64 of rules that went, 64 of those that the table has learnt:
///
///      0       4        8       12       16      20           24      28        32      40      48
///     ┌───────┬────────┬───────┬────────┬───────┬────────────┬───────┬─────────┬───────┬───────┐
///     │source │ its    │destin.│ its    │ flags │ destination│source │ number  │ order │outcome│  or the step
///     │       │ mask   │       │ mask   │       │ ports      │ports  │         │       │       │
///     └───────┴────────┴───────┴────────┴───────┴────────────┴───────┴─────────┴───────┴───────┘
///     by number of a rule, from the base's least on, and one more for answers by no rule:
///               number now, 4 │ number in the base of the rule with the number, 4 │ order, 8 │ rank, 4
///     by rank: number in the base, 4
///
/// Properties that are `Int`s are places in the ``MergedMemory``, but for counts.
struct RuleDifference {
    private let filters: Int
    private let slots: Int
    /// The least number of a rule of the base, and how many numbers follow.
    private let firstNumber: UInt32
    let numberCount: Int
    /// By number: see above.
    let numbersNow: Int
    let numbersBefore: Int
    let orders: Int
    let ranks: Int
    /// By rank: the numbers of the base's rules.
    let numbers: Int
    let stepCount: Int
    // Edits alone change these: a bit for each slot in use, of new rules and of those that went.
    var newSlots: UInt64 = 0
    var goneSlots: UInt64 = 0
    // The same of rules that the table has learnt since, and of those that are there.
    var learntSlots: UInt64 = 0
    var presentSlots: UInt64 = 0
    /// Where a decision notes the packets that are not settled at once, and those that others decide.
    let noted: Int
    let left: Int

    /// The number of a rule that went.
    static let gone = RuleStep.noRule - 1
    static let slotCount = 64
    private static let slotByteCount = 48
    private static let filterByteCount = 8 * 256
    /// Rules whose numbers lie farther apart have no difference.
    private static let greatestNumberCount = 1 << 20
    /// With the rank of a rule of several steps, which cannot come back.
    static let several: UInt32 = 1 << 31

    /// No difference from the steps of `tables`, whose outcomes by rank stand at `outcomes`; `nil` when there is too
    /// little room.
    init?(
        _ tables: TableSet, outcomes: Int, stepCount: Int, _ memory: BlockMemory,
        _ room: inout MergedRoom, in pool: MergedMemory
    ) {
        let bounds = RuleDifference.bounds(ofNumbersAt: outcomes, count: stepCount, pool)
        let count = bounds.map { Int($0.upperBound - $0.lowerBound) + 1 } ?? 0
        guard count <= RuleDifference.greatestNumberCount,
            let filters = room.allocate(
                byteCount: 6 * RuleDifference.filterByteCount, in: pool),
            let slots = room.allocate(
                byteCount: 3 * RuleDifference.slotCount * RuleDifference.slotByteCount, in: pool),
            let numbersNow = room.allocate(byteCount: 4 * (count + 1), in: pool),
            let numbersBefore = room.allocate(byteCount: 4 * (count + 1), in: pool),
            let orders = room.allocate(byteCount: 8 * (count + 1), in: pool),
            let ranks = room.allocate(byteCount: 4 * (count + 1), in: pool),
            let numbers = room.allocate(byteCount: 4 * stepCount, in: pool),
            let noted = room.allocate(byteCount: 2 * (MergedMemory.laneCount + 1), in: pool),
            let left = room.allocate(byteCount: 2 * (MergedMemory.laneCount + 1), in: pool)
        else { return nil }
        self.filters = filters
        self.slots = slots
        self.numbersNow = numbersNow
        self.numbersBefore = numbersBefore
        self.orders = orders
        self.ranks = ranks
        self.numbers = numbers
        self.stepCount = stepCount
        self.noted = noted
        self.left = left
        firstNumber = bounds?.lowerBound ?? 0
        numberCount = count
        enterRanks(outcomes, pool)
        enterOrders(of: tables, memory, pool)
    }

    /// The least and the greatest number of a rule in some outcomes; `nil` if they are by none.
    private static func bounds(
        ofNumbersAt outcomes: Int, count: Int, _ pool: MergedMemory
    ) -> ClosedRange<UInt32>? {
        var bounds: ClosedRange<UInt32>?
        for rank in 0..<count {
            let number = pool.outcome(at: outcomes + 8 * rank).ruleNumber
            guard number != RuleStep.noRule else { continue }
            let known = bounds ?? number...number
            bounds = min(known.lowerBound, number)...max(known.upperBound, number)
        }
        return bounds
    }

    private func enterRanks(_ outcomes: Int, _ pool: MergedMemory) {
        for place in 0...numberCount {
            pool.setWord(at: numbersNow + 4 * place, RuleStep.noRule)
            pool.setWord(at: numbersBefore + 4 * place, RuleStep.noRule)
        }
        for rank in 0..<stepCount {
            let number = pool.outcome(at: outcomes + 8 * rank).ruleNumber
            pool.setWord(at: numbers + 4 * rank, number)
            guard number != RuleStep.noRule else { continue }
            let place = place(of: number)
            let isKnown = pool.word(at: numbersNow + 4 * place) == number
            pool.setWord(at: numbersNow + 4 * place, number)
            pool.setWord(at: numbersBefore + 4 * place, number)
            pool.setWord(
                at: ranks + 4 * place, isKnown ? RuleDifference.several : UInt32(rank))
        }
    }

    private func enterOrders(of tables: TableSet, _ memory: BlockMemory, _ pool: MergedMemory) {
        let (orders, places) = (orders, self)
        for table in 0..<tables.count {
            tables.tables[table].forEachStep(in: memory) { _, step in
                guard step.rule != RuleStep.noRule else { return }
                pool.setWord64(at: orders + 8 * places.place(of: step.rule), step.order.rawValue)
            }
        }
    }

    // MARK: Rules of the base

    /// Where a number stands in the lists by number; at the end, if it is none of the base's.
    @inline(__always)
    func place(of number: UInt32) -> Int {
        Int(truncatingIfNeeded: min(number &- firstNumber, UInt32(truncatingIfNeeded: numberCount)))
    }

    /// The number now of a rule of the base, or ``gone``; none for none.
    @inline(__always)
    func numberNow(of number: UInt32, _ pool: MergedMemory) -> UInt32 {
        pool.word(at: numbersNow &+ place(of: number) &<< 2)
    }

    /// The number in the base of a rule of it.
    func numberBefore(of number: UInt32, _ pool: MergedMemory) -> UInt32 {
        pool.word(at: numbersBefore + 4 * place(of: number))
    }

    /// The ranks of the steps of a rule of the base.
    func ranks(of number: UInt32, _ pool: MergedMemory) -> [Int] {
        let rank = pool.word(at: ranks + 4 * place(of: number))
        if rank != RuleDifference.several { return [Int(rank)] }
        return (0..<stepCount).filter { pool.word(at: numbers + 4 * $0) == number }
    }

    /// When the rule with a number now decides.
    func orderNow(of number: UInt32, _ pool: MergedMemory) -> RuleOrder {
        let before = numberBefore(of: number, pool)
        guard before == RuleStep.noRule else { return order(of: before, pool) }
        for index in BitIndices(bits: presentSlots)
        where pool.word(at: learntSlot(index) + 28) == number {
            return RuleOrder(rawValue: pool.word64(at: learntSlot(index) + 32))
        }
        return .platform
    }

    /// When a rule of the base decides.
    func order(of number: UInt32, _ pool: MergedMemory) -> RuleOrder {
        RuleOrder(rawValue: pool.word64(at: orders + 8 * place(of: number)))
    }

    // MARK: Slots

    func newSlot(_ index: Int) -> Int { slots + RuleDifference.slotByteCount * index }

    func goneSlot(_ index: Int) -> Int {
        slots + RuleDifference.slotByteCount * (RuleDifference.slotCount + index)
    }

    func learntSlot(_ index: Int) -> Int {
        slots + RuleDifference.slotByteCount * (2 * RuleDifference.slotCount + index)
    }

    @inline(__always)
    func filter(_ index: Int) -> Int { filters &+ RuleDifference.filterByteCount &* index }

    func write(
        _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair, to slot: Int, _ pool: MergedMemory
    ) {
        pool.setWord(at: slot, addresses.source.network)
        pool.setWord(at: slot + 4, addresses.source.mask)
        pool.setWord(at: slot + 8, addresses.destination.network)
        pool.setWord(at: slot + 12, addresses.destination.mask)
        pool.setWord(at: slot + 16, edit.step.test.flags)
        pool.setWord(at: slot + 20, edit.step.test.destination)
        pool.setWord(at: slot + 24, edit.step.test.source)
        pool.setWord(at: slot + 28, edit.step.rule)
        pool.setWord64(at: slot + 32, edit.step.order.rawValue)
        let code = RuleTest.outcomeCode(of: edit.step.test.flags)
        pool.setOutcome(at: slot + 40, Match.outcome(code, byRule: edit.step.rule))
    }

    /// Whether a slot's rule asks and answers what an edit's does.
    func isAlike(
        _ slot: Int, _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair, _ pool: MergedMemory
    ) -> Bool {
        pool.word(at: slot) == addresses.source.network
            && pool.word(at: slot + 4) == addresses.source.mask
            && pool.word(at: slot + 8) == addresses.destination.network
            && pool.word(at: slot + 12) == addresses.destination.mask
            && pool.word(at: slot + 16) == edit.step.test.flags
            && pool.word(at: slot + 20) == edit.step.test.destination
            && pool.word(at: slot + 24) == edit.step.test.source
    }
}

/// Steps that go and come back.
///
/// A table that is edited has a row of answers for each set of steps that pairs have in common, and not one for all sets
/// with the same answers: these may become different.
extension MergedTable {
    /// Has the table forget the pairs, and make rows of answers that can be edited from here on; whether there was room.
    mutating func beginEditing(_ room: inout MergedRoom, in pool: MergedMemory) -> Bool {
        let capacity = MergedTable.addedCapacity
        guard let goneSteps = room.allocate(byteCount: commons.byteCount, in: pool),
            let orders = room.allocate(byteCount: 8 * (stepCount + 1 + capacity), in: pool),
            let addedBlocks = room.allocate(byteCount: 16 * capacity, in: pool),
            var pairs = PairTable(&room, in: pool),
            pairs.reserve(peers: peers.count, locals: locals.count, &room, in: pool),
            let answers = RowSet(byteCount: answers.byteCount, &room, in: pool),
            let commons = RowSet(byteCount: commons.byteCount, &room, in: pool),
            let answersOfCommons = WordList(&room, in: pool)
        else { return false }
        pool.setWord64(at: orders + 8 * stepCount, RuleOrder.last.rawValue)
        self.orders = orders
        self.addedBlocks = addedBlocks
        self.goneSteps = goneSteps
        self.pairs = pairs
        self.answers = answers
        self.commons = commons
        self.answersOfCommons = answersOfCommons
        return true
    }

    /// Learns when the steps of the base come.
    func setOrders(from difference: RuleDifference, in pool: MergedMemory) {
        for step in 0..<stepCount {
            let number = pool.outcome(at: outcomes + 8 * step).ruleNumber
            // Those of no rule come before all rules.
            let order =
                number == RuleStep.noRule
                ? RuleOrder.platform : difference.order(of: number, pool)
            pool.setWord64(at: orders + 8 * step, order.rawValue)
        }
    }

    /// Takes a step away; whether there was room for it.
    ///
    /// - Precondition: ``beginEditing(_:in:)``.
    /// - Complexity: O(rows of answers), and O(classes of ports) for each that the step is in.
    func removeStep(_ step: Int, _ room: inout MergedRoom, in pool: MergedMemory) -> Bool {
        pool.setBit(step, ofRow: goneSteps)
        guard let open = room.allocateScratch(byteCount: ports.columnByteCount) else {
            return false
        }
        for number in 0..<commons.count where commons.has(step, inRow: number, pool) {
            let answer = Int(answersOfCommons.word(at: number, pool))
            guard markAnswers(by: step, of: answer, to: open, pool) else { continue }
            settle(open: open, bySteps: commons.place(of: number, pool), to: answer, pool)
        }
        room.releaseScratch()
        return true
    }

    /// Brings a step back that was taken away, with another outcome and order.
    ///
    /// - Complexity: as ``removeStep(_:_:in:)``.
    func restoreStep(_ step: Int, as new: RuleStep, in pool: MergedMemory) {
        let word = goneSteps + (step >> 6) << 3
        pool.setWord64(at: word, pool.word64(at: word) & ~(1 << UInt64(step & 63)))
        set(step, to: new, in: pool)
        for number in 0..<commons.count where commons.has(step, inRow: number, pool) {
            settle(by: step, to: Int(answersOfCommons.word(at: number, pool)), pool)
        }
    }

    /// Says when a step comes and what it answers.
    func set(_ step: Int, to new: RuleStep, in pool: MergedMemory) {
        let code = RuleTest.outcomeCode(of: new.test.flags)
        pool.setOutcome(at: outcomes + 8 * step, Match.outcome(code, byRule: new.rule))
        pool.setWord64(at: orders + 8 * step, new.order.rawValue)
    }

    /// Writes which classes of ports a step decides in a row of answers; whether there are some.
    private func markAnswers(
        by step: Int, of answer: Int, to open: Int, _ pool: MergedMemory
    ) -> Bool {
        var isAny = false
        for word in 0..<ports.columnByteCount / 8 {
            var bits: UInt64 = 0
            for bit in 0..<min(64, ports.count - 64 * word)
            where Int(pool.half(at: answer + 2 * (64 * word + bit))) == step {
                bits |= 1 << UInt64(bit)
            }
            pool.setWord64(at: open + 8 * word, bits)
            if bits != 0 { isAny = true }
        }
        return isAny
    }
}

/// Outcomes in 32 bits each, in a ``MergedMemory``:
///
///     31    28 27                  0
///     ┌───────┬────────────────────┐
///     │ kind  │ number of the rule │    a kind is an outcome of the rule 0, or of none: at most 16
///     └───────┴────────────────────┘
struct OutcomeWords {
    /// The place of the kinds' outcomes, and behind them of their number.
    let kinds: Int

    private static let greatestCount = 16
    private static let ruleBits: UInt32 = 28
    private static let ruleMask: UInt32 = 1 << ruleBits - 1

    /// No kinds yet; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        guard let kinds = room.allocate(byteCount: 8 * OutcomeWords.greatestCount + 8, in: pool)
        else { return nil }
        self.kinds = kinds
    }

    /// The outcome that a word stands for.
    @inline(__always)
    func outcome(of word: UInt32, _ pool: MergedMemory) -> Outcome {
        let kind = pool.outcome(at: kinds &+ Int(word &>> OutcomeWords.ruleBits) &<< 3)
        return kind.withRuleBits(word & OutcomeWords.ruleMask)
    }

    /// The word for an outcome; `nil` when there are too many kinds or rules.
    func word(of outcome: Outcome, _ pool: MergedMemory) -> UInt32? {
        let rule = outcome.rule == nil ? 0 : outcome.ruleNumber
        guard rule <= OutcomeWords.ruleMask else { return nil }
        let countPlace = kinds + 8 * OutcomeWords.greatestCount
        let count = Int(pool.word(at: countPlace))
        for kind in 0..<count
        where pool.outcome(at: kinds + 8 * kind).withRuleBits(rule) == outcome {
            return UInt32(kind) << OutcomeWords.ruleBits | rule
        }
        guard count < OutcomeWords.greatestCount else { return nil }
        let kind = outcome.rule == nil ? outcome : outcome.withRuleZero
        pool.setOutcome(at: kinds + 8 * count, kind)
        pool.setWord(at: countPlace, UInt32(count + 1))
        return UInt32(count) << OutcomeWords.ruleBits | rule
    }
}

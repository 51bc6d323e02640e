internal import CloudModel

/// What a table answers, and when: of several tables' answers the one with the smallest order counts.
struct TableAnswer {
    let order: RuleOrder
    /// In 48 bits:
    ///
    ///     47     40 39             32 31                  0
    ///     ┌────────┬─────────────────┬─────────────────────┐
    ///     │        │ ``StepOutcome``, │ number of the rule  │   or ``RuleStep/noRule``
    ///     │        │ or 8 + default  │                     │
    ///     └────────┴─────────────────┴─────────────────────┘
    let code: UInt64

    private static let defaultFlag: UInt64 = 8

    @inline(__always)
    init(order: RuleOrder, code: UInt64) {
        self.order = order
        self.code = code
    }

    /// The answer of a table in which a packet met `match`, or nothing.
    @inline(__always)
    init(_ match: Match, in table: RuleTable, _ memory: BlockMemory) {
        order = match.order
        let outcome =
            match.isNone
            ? TableAnswer.defaultFlag | UInt64(table.defaultCode(in: memory)) : UInt64(match.code)
        code = outcome &<< 32 | UInt64(match.rule)
    }

    /// Whether no step and no rule matched.
    @inline(__always)
    var isDefault: Bool { order == .last }

    @inline(__always)
    private var rule: UInt32 { UInt32(truncatingIfNeeded: code) }

    /// Whether this answer counts when another table gives `other`: the earlier step; of two rules in
    /// one place the one with the smaller id; of two default steps the one that drops, since an
    /// interface is let out by default only where all its groups are basic.
    @inline(__always)
    func precedes(_ other: TableAnswer, _ names: RuleNames, in memory: BlockMemory) -> Bool {
        if order != other.order { return order < other.order }
        if code == other.code { return false }
        if isDefault { return outcome.verdict == .drop }
        guard rule != RuleStep.noRule, other.rule != RuleStep.noRule else { return false }
        return names.precedes(rule, other.rule, in: memory)
    }

    /// The answer as others know it.
    @inline(__always)
    var outcome: Outcome {
        let outcome = UInt32(truncatingIfNeeded: code &>> 32)
        guard outcome >= UInt32(TableAnswer.defaultFlag) else {
            return Match.outcome(outcome, byRule: rule)
        }
        return RuleTable.defaultOutcome(outcome & ~UInt32(TableAnswer.defaultFlag))
    }
}

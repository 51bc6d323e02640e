package import CloudModel

/// The tables' answer for one query, in 8 bytes.
package struct Outcome: Hashable, Sendable {
    package let verdict: Verdict
    package let reason: Reason
    /// ``rule``, or the greatest number for none: a stored property is read without a call.
    package private(set) var ruleNumber: UInt32

    private static let noRule = UInt32.max

    init(_ verdict: Verdict, _ reason: Reason) {
        self.verdict = verdict
        self.reason = reason
        ruleNumber = Outcome.noRule
    }

    init(_ policy: Policy, byRule number: UInt32) {
        verdict = policy == .accept ? .accept : .drop
        reason = .rule
        ruleNumber = number
    }

    /// The number of the rule that decided, for ``FilterTables/rule(_:)``; `nil` when none did.
    package var rule: Int? { ruleNumber == Outcome.noRule ? nil : Int(ruleNumber) }

    /// Whether no step and no rule matched.
    var isDefaultStep: Bool { reason == .default || reason == .implicitDeny }

    /// The same outcome of the rule with number 0.
    var withRuleZero: Outcome {
        var outcome = self
        outcome.ruleNumber = 0
        return outcome
    }

    /// Of an outcome of rule 0 that of another rule; what no rule decided stays.
    @inline(__always)
    func withRuleBits(_ number: UInt32) -> Outcome {
        var outcome = self
        outcome.ruleNumber |= number
        return outcome
    }

    /// What a slot holds before it is decided.
    package static let undecided = Outcome(.none, .noInterface)

    /// Whether the slot was not decided: no table's answer is that there is no interface.
    package var isUndecided: Bool {
        if case .noInterface = reason { return true }
        return false
    }

    /// The answer of a session to its packets.
    package static let established = Outcome(.accept, .established)

    /// The same outcome of a rule that the tables do not have any more.
    package var withoutRule: Outcome {
        var outcome = self
        outcome.ruleNumber = Outcome.noRule
        return outcome
    }
}

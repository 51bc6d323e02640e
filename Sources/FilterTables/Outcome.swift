package import CloudModel

/// The tables' answer for one query, in 8 bytes.
///
///     bits  32 … 63              8 … 31    0 … 7
///          ┌────────────────────┬─────────┬───────┐
///          │ rule, or all ones  │ 0       │ kind  │
///          └────────────────────┴─────────┴───────┘
///
/// One word, so that an answer is copied in one step. Public as ``Query`` is.
public struct Outcome: Hashable, Sendable {
    @usableFromInline let bits: UInt64

    private static let noRule = UInt32.max

    /// Of this kind, by the rule with this number, or the greatest one for none.
    @inlinable
    public init(_ kind: OutcomeKind, ruleNumber: UInt32) {
        bits = UInt64(ruleNumber) &<< 32 | UInt64(kind.number)
    }

    init(_ verdict: Verdict, _ reason: Reason) {
        self.init(OutcomeKind(verdict, reason), ruleNumber: Outcome.noRule)
    }

    init(_ policy: Policy, byRule number: UInt32) {
        self.init(OutcomeKind(policy == .accept ? .accept : .drop, .rule), ruleNumber: number)
    }

    /// Verdict and reason.
    @inlinable public var kind: OutcomeKind {
        OutcomeKind(number: UInt8(truncatingIfNeeded: bits))
    }
    package var verdict: Verdict { kind.verdict }
    package var reason: Reason { kind.reason }

    /// ``rule``, or the greatest number for none.
    @inlinable public var ruleNumber: UInt32 { UInt32(truncatingIfNeeded: bits &>> 32) }

    /// The number of the rule that decided, for ``FilterTables/rule(_:)``; `nil` when none did.
    package var rule: Int? { ruleNumber == Outcome.noRule ? nil : Int(ruleNumber) }

    /// Whether no step and no rule matched.
    var isDefaultStep: Bool { reason == .default || reason == .implicitDeny }

    /// The same outcome of the rule with number 0.
    var withRuleZero: Outcome { Outcome(kind, ruleNumber: 0) }

    /// Of an outcome of rule 0 that of another rule; what no rule decided stays.
    @inline(__always)
    func withRuleBits(_ number: UInt32) -> Outcome {
        Outcome(kind, ruleNumber: ruleNumber | number)
    }

    /// What a slot holds before it is decided.
    package static let undecided = Outcome(.none, .noInterface)

    /// Whether the slot was not decided: no table's answer is that there is no interface.
    @inlinable public var isUndecided: Bool { kind.isOfNoInterface }

    /// The answer of a session to its packets.
    package static let established = Outcome(.accept, .established)

    /// The same outcome of a rule that the tables do not have any more.
    package var withoutRule: Outcome { Outcome(kind, ruleNumber: Outcome.noRule) }
}

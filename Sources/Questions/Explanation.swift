package import CloudModel
package import ReferenceFilter

/// Why a packet is accepted or dropped: the decision, and how each interface came to its own.
///
/// A value; any thread may use it. Its size follows the rules of the interfaces' groups.
package struct Explanation: Hashable, Sendable {
    package let packet: Packet
    /// The answer over all evaluations.
    package let decision: Decision
    /// In the order egress, ingress; empty when no interface evaluates the packet.
    package let evaluations: [ExplainedEvaluation]
    /// What becomes of the answer to an accepted packet, at the same interfaces, with the sessions that
    /// the packet began; `nil` if it was dropped or asks for no answer.
    package let reply: Decision?
    /// The other values of switches that would change the verdict.
    package let switchEffects: [SwitchEffect]
}

/// One interface's answer and the steps that led to it.
package struct ExplainedEvaluation: Hashable, Sendable {
    package let decision: Decision
    /// Every step that the vendor's evaluation has, in its order.
    package let steps: [ExplainedStep]
    /// The rules of all groups of the interface for the direction, in decision order, those behind
    /// the deciding one too.
    package let candidates: [ExplainedCandidate]
}

/// A step of an evaluation and what came of it.
package struct ExplainedStep: Hashable, Sendable {
    /// The steps, in the order in which they are taken.
    package enum Kind: Hashable, Sendable {
        /// Is the interface attached, and in a group?
        case attachment
        /// Is the packet a later fragment, which the `fragments` switch drops?
        case fragmentSwitch
        /// Is it traffic of the platform: `system` (Alibaba Cloud) or `exempt` (AWS)?
        case platform
        /// Do peer and interface share a group that is open inside? (Alibaba Cloud)
        case intraGroup
        /// Does a rule match?
        case rules
        /// What happens otherwise.
        case byDefault
    }

    /// What came of a step.
    package enum Result: Hashable, Sendable {
        case passedOn
        case decided
        /// An earlier step had decided.
        case notReached
        /// The evaluation leaves this step out, because of the named switch.
        case skipped(switchName: String)
    }

    package let kind: Kind
    package let result: Result
}

/// A rule that might have decided.
package struct ExplainedCandidate: Hashable, Sendable {
    package let rule: SecurityGroupRule
    package let securityGroup: SecurityGroupID
    /// The first field that the packet does not meet; `nil` if the rule matches, whether or not an
    /// earlier step or rule decided.
    package let failed: RuleField?
}

/// A switch's other value, and the decision it would give.
package struct SwitchEffect: Hashable, Sendable {
    /// The switch as the fleet file names it.
    package let name: String
    /// The value that the fleet has now.
    package let current: String
    package let other: String
    package let decision: Decision
}

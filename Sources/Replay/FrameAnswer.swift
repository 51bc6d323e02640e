package import CloudModel
package import FilterTables

/// One packet at one interface, and what the interface says: 16 bytes.
package struct Evaluation: Sendable {
    /// The interface's place in the fleet's list.
    let interfaceNumber: UInt32
    let isEgress: Bool
    /// Whether the packet was dropped and belongs to no flow that sessions know.
    var isOfUnknownFlow = false
    /// The place of ``formerRule`` in its list; 0 for none, else one more.
    private var formerRuleNumber: UInt16 = 0
    package internal(set) var outcome = Outcome.undecided

    init(_ interface: UInt32, isEgress: Bool) {
        interfaceNumber = interface
        self.isEgress = isEgress
    }

    /// With what the tables say.
    @inline(__always)
    init(_ interface: UInt32, isEgress: Bool, outcome: Outcome) {
        interfaceNumber = interface
        self.isEgress = isEgress
        self.outcome = outcome
    }

    /// Of nothing: what room is filled with.
    static var unplaced: Evaluation { Evaluation(.max, isEgress: false) }

    /// The same question without its answer.
    var unanswered: Evaluation { Evaluation(interfaceNumber, isEgress: isEgress) }

    /// Whether a session answered, told without comparing the words of reasons.
    @inline(__always)
    var isEstablished: Bool {
        if case .established = outcome.reason { return true }
        return false
    }

    /// The interface's place in the fleet's list.
    package var interface: Int { Int(interfaceNumber) }
    package var direction: Direction { isEgress ? .egress : .ingress }

    /// The place, among ``DecisionNames/formerRules``, of the rule that decided, if the tables do not
    /// have it any more: a later fragment can be decided by it.
    package internal(set) var formerRule: Int? {
        get { formerRuleNumber == 0 ? nil : Int(formerRuleNumber) - 1 }
        set { formerRuleNumber = newValue.map { UInt16($0 + 1) } ?? 0 }
    }
}

/// The answer for one frame: 12 bytes.
package struct FrameAnswer: Sendable {
    package private(set) var verdict = Verdict.none
    package private(set) var reason: Reason
    /// Whether the packet was dropped, but belongs to a connection that the capture shows from its
    /// middle on. See the article.
    package internal(set) var isMidstream = false
    private let evaluationCount: UInt8
    private let firstEvaluation: UInt32
    private var decidingEvaluation = FrameAnswer.undecided

    private static let undecided = UInt32.max

    init(reason: Reason, firstEvaluation: Int, end: Int) {
        self.reason = reason
        self.firstEvaluation = UInt32(truncatingIfNeeded: firstEvaluation)
        evaluationCount = UInt8(truncatingIfNeeded: end - firstEvaluation)
    }

    /// The frame's evaluations: none, one or two.
    package var evaluations: Range<Int> {
        Int(firstEvaluation)..<Int(firstEvaluation) + Int(evaluationCount)
    }

    /// The evaluation that gives verdict and reason.
    package var deciding: Int? {
        decidingEvaluation == FrameAnswer.undecided ? nil : Int(decidingEvaluation)
    }

    /// Of no frame: what room is filled with.
    static var unplaced: FrameAnswer {
        FrameAnswer(reason: .noInterface, firstEvaluation: 0, end: 0)
    }

    /// Gives the reason why nobody evaluates the frame.
    mutating func fail(_ reason: Reason) { self.reason = reason }

    /// Takes the verdict and reason that ``Decision/combining(_:)`` gives for the frame's evaluations.
    @inline(__always)
    mutating func combine(_ evaluations: Span<Evaluation>) {
        guard evaluationCount > 0 else { return }
        var deciding = Int(firstEvaluation)
        var outcome = evaluations[deciding].outcome
        // Of two the first says the last word if it drops, or if the second says nothing.
        if evaluationCount == 2, !outcome.isDrop, !evaluations[deciding + 1].outcome.isSilent {
            deciding += 1
            outcome = evaluations[deciding].outcome
        }
        decide(by: deciding, outcome)
    }

    /// Takes verdict and reason from an evaluation.
    @inline(__always)
    private mutating func decide(by evaluation: Int, _ outcome: Outcome) {
        decidingEvaluation = UInt32(truncatingIfNeeded: evaluation)
        verdict = outcome.verdict
        reason = outcome.reason
    }

    /// The same question without its answer; a frame that nobody evaluates keeps its reason.
    var unanswered: FrameAnswer {
        FrameAnswer(
            reason: reason, firstEvaluation: evaluations.lowerBound, end: evaluations.upperBound)
    }

    /// The same answer, its evaluations so many places further on.
    func moved(by offset: Int) -> FrameAnswer {
        var answer = FrameAnswer(
            reason: reason, firstEvaluation: Int(firstEvaluation) + offset,
            end: Int(firstEvaluation) + offset + Int(evaluationCount))
        answer.verdict = verdict
        answer.isMidstream = isMidstream
        if let deciding { answer.decidingEvaluation = UInt32(deciding + offset) }
        return answer
    }
}

extension Outcome {
    // Told without comparing the words of verdicts.

    @inline(__always)
    fileprivate var isDrop: Bool {
        if case .drop = verdict { return true }
        return false
    }

    /// Whether no group was asked.
    @inline(__always)
    fileprivate var isSilent: Bool {
        if case .none = verdict { return true }
        return false
    }
}

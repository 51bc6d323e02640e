package import CloudModel
package import FilterTables

/// One packet at one interface, and what the interface says: 16 bytes.
///
///     bits of the first word  0 … 31       32       33              48 … 63
///                            ┌───────────┬────────┬───────────────┬────────────────────┐
///                            │ interface │ egress │ unknown flow  │ former rule        │
///                            └───────────┴────────┴───────────────┴────────────────────┘
package struct Evaluation: Sendable {
    // One word: evaluations are written for each packet.
    private var question: UInt64
    package internal(set) var outcome: Outcome

    private static let egress: UInt64 = 1 << 32
    private static let unknownFlow: UInt64 = 1 << 33
    private static let formerRuleShift: UInt64 = 48

    /// With what the tables say.
    @inline(__always)
    init(_ interface: UInt32, isEgress: Bool, outcome: Outcome) {
        question = UInt64(interface) | (isEgress ? Evaluation.egress : 0)
        self.outcome = outcome
    }

    init(_ interface: UInt32, isEgress: Bool) {
        self.init(interface, isEgress: isEgress, outcome: .undecided)
    }

    /// Of nothing: what room is filled with.
    static var unplaced: Evaluation { Evaluation(.max, isEgress: false) }

    /// The same question without its answer.
    var unanswered: Evaluation { Evaluation(interfaceNumber, isEgress: isEgress) }

    /// The interface's place in the fleet's list.
    @inline(__always)
    var interfaceNumber: UInt32 { UInt32(truncatingIfNeeded: question) }
    @inline(__always)
    var isEgress: Bool { question & Evaluation.egress != 0 }

    /// The interface's place in the fleet's list.
    package var interface: Int { Int(interfaceNumber) }
    package var direction: Direction { isEgress ? .egress : .ingress }

    /// Whether the packet was dropped and belongs to no flow that sessions know.
    var isOfUnknownFlow: Bool {
        get { question & Evaluation.unknownFlow != 0 }
        set {
            question =
                question & ~Evaluation.unknownFlow | (newValue ? Evaluation.unknownFlow : 0)
        }
    }

    /// The place, among ``DecisionNames/formerRules``, of the rule that decided, if the tables do not
    /// have it any more: a later fragment can be decided by it.
    package internal(set) var formerRule: Int? {
        // 0 for none, else one more.
        get {
            let number = Int(question >> Evaluation.formerRuleShift)
            return number == 0 ? nil : number - 1
        }
        set {
            let number = newValue.map { UInt16($0 + 1) } ?? 0
            let others = (UInt64(1) << Evaluation.formerRuleShift) - 1
            question = question & others | UInt64(number) << Evaluation.formerRuleShift
        }
    }
}

/// The answer for one frame: 12 bytes.
///
///     bits of the first word  0 … 7    8 … 15        16
///                            ┌────────┬─────────────┬───────────┐
///                            │ kind   │ evaluations │ midstream │
///                            └────────┴─────────────┴───────────┘
package struct FrameAnswer: Sendable {
    private var facts: UInt32
    private let firstEvaluation: UInt32
    private var decidingEvaluation = FrameAnswer.undecided

    private static let undecided = UInt32.max
    private static let midstream: UInt32 = 1 << 16

    init(reason: Reason, firstEvaluation: Int, end: Int) {
        let kind = UInt32(OutcomeKind(.none, reason).number)
        self.init(kind, first: firstEvaluation, count: end &- firstEvaluation)
    }

    private init(_ facts: UInt32, first: Int, count: Int) {
        self.facts = facts & 0xFF | UInt32(truncatingIfNeeded: count) &<< 8
        firstEvaluation = UInt32(truncatingIfNeeded: first)
    }

    /// Of a packet of a flow, its first evaluation at place `first`: what ``combine(_:)`` makes of its evaluations.
    @inline(__always)
    init(_ known: KnownFlow, firstEvaluation first: Int) {
        facts = known.answerFacts
        firstEvaluation = UInt32(truncatingIfNeeded: first)
        decidingEvaluation = known.decidingEvaluation(from: first)
    }

    /// Of a packet of a flow with `traceCount` traces, at the owners with which the outcomes are `established`.
    @inline(__always)
    init(
        _ known: KnownFlow, _ traceCount: Int, _ established: Outcome, _ egress: Outcome,
        _ ingress: Outcome, firstEvaluation first: Int
    ) {
        guard traceCount > 0 else {
            self.init(known, firstEvaluation: first)
            return
        }
        guard traceCount == known.evaluationCount else {
            let half = KnownFlow(
                source: known.source, destination: known.destination, egress: egress,
                ingress: ingress)
            self.init(half, firstEvaluation: first)
            return
        }
        self.init(UInt32(established.kind.number), first: first, count: traceCount)
        decidingEvaluation = UInt32(truncatingIfNeeded: first &+ traceCount &- 1)
    }

    /// Verdict and reason.
    @inline(__always)
    package private(set) var kind: OutcomeKind {
        get { OutcomeKind(number: UInt8(truncatingIfNeeded: facts)) }
        set { facts = facts & ~0xFF | UInt32(newValue.number) }
    }
    package var verdict: Verdict { kind.verdict }
    package var reason: Reason { kind.reason }

    /// Whether the packet was dropped, but belongs to a connection that the capture shows from its
    /// middle on. See the article.
    package internal(set) var isMidstream: Bool {
        get { facts & FrameAnswer.midstream != 0 }
        set { facts = facts & ~FrameAnswer.midstream | (newValue ? FrameAnswer.midstream : 0) }
    }

    @inline(__always)
    var evaluationCount: Int { Int(facts &>> 8 & 0xFF) }

    /// The frame's evaluations: none, one or two.
    package var evaluations: Range<Int> {
        Int(firstEvaluation)..<Int(firstEvaluation) + evaluationCount
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
    mutating func fail(_ reason: Reason) { kind = OutcomeKind(.none, reason) }

    /// Takes the verdict and reason that ``Decision/combining(_:)`` gives for the frame's evaluations.
    @inline(__always)
    mutating func combine(_ evaluations: Span<Evaluation>) {
        guard evaluationCount > 0 else { return }
        var deciding = Int(firstEvaluation)
        var outcome = evaluations[deciding].outcome
        // Of two the first says the last word if it drops, or if the second says nothing.
        if evaluationCount == 2, !outcome.kind.isDrop,
            !evaluations[deciding + 1].outcome.kind.isSilent
        {
            deciding += 1
            outcome = evaluations[deciding].outcome
        }
        decidingEvaluation = UInt32(truncatingIfNeeded: deciding)
        kind = outcome.kind
    }

    /// The same question without its answer; a frame that nobody evaluates keeps its reason.
    var unanswered: FrameAnswer {
        FrameAnswer(
            reason: reason, firstEvaluation: evaluations.lowerBound, end: evaluations.upperBound)
    }

    /// The same answer, its evaluations so many places further on.
    func moved(by offset: Int) -> FrameAnswer {
        var answer = FrameAnswer(
            facts, first: Int(firstEvaluation) + offset, count: evaluationCount)
        answer.isMidstream = isMidstream
        if let deciding { answer.decidingEvaluation = UInt32(deciding + offset) }
        return answer
    }
}

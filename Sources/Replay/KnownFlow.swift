internal import CloudModel
internal import FilterTables

/// What is known about a flow: the interfaces that evaluate its packets, what each says, and what comes of both.
/// 24 bytes, from which all that is written for a packet is had without a branch.
///
///     bytes  0       4           8           12           16
///           ┌───────┬───────────┬───────────┬────────────┬───────┐
///           │ owner │ owner of  │ rule of   │ rule of    │ shape │
///           │ of the│ the desti-│ the egress│ the ingress│       │
///           │ source│ nation    │           │            │       │
///           └───────┴───────────┴───────────┴────────────┴───────┘
///
///     bits of the shape  0 … 7    8 … 15   16 … 23  24 … 31   32      33     40 … 55   63
///                       ┌────────┬────────┬────────┬─────────┬───────┬──────┬─────────┬────────┐
///                       │ egress │ ingress│ answer │ evalua- │ has an│ last │ counter │ nobody │
///                       │ kind   │ kind   │ kind   │ tions   │ egress│      │         │ says   │
///                       └────────┴────────┴────────┴─────────┴───────┴──────┴─────────┴────────┘
///
/// "Last" is whether the last of two evaluations gives the answer.
struct KnownFlow {
    /// The interface that owns the source, or ``OwnerPair/nobody``.
    let source: UInt32
    /// The interface that owns the destination, or ``OwnerPair/nobody``.
    let destination: UInt32
    private let egressRule: UInt32
    private let ingressRule: UInt32
    private var shape: UInt64

    /// The counter of flows that have none.
    static let noCounter = UInt16.max

    /// The flow between these owners. Of one that is nobody the outcome is undecided.
    init(
        source: UInt32, destination: UInt32, egress: Outcome = .undecided,
        ingress: Outcome = .undecided
    ) {
        self.source = source
        self.destination = destination
        (egressRule, ingressRule) = (egress.ruleNumber, ingress.ruleNumber)
        let hasEgress = source != OwnerPair.nobody
        let hasIngress = destination != OwnerPair.nobody
        // As ``Decision/combining(_:)`` has it: of two the first says the last word if it drops, or if the second
        // says nothing.
        let isLast = hasEgress && hasIngress && !egress.kind.isDrop && !ingress.kind.isSilent
        let answer = isLast || !hasEgress ? ingress.kind : egress.kind
        let count: UInt64 = (hasEgress ? 1 : 0) + (hasIngress ? 1 : 0)
        let kinds = UInt64(egress.kind.number) | UInt64(ingress.kind.number) << 8
        let places: UInt64 = (hasEgress ? 1 << 32 : 0) | (isLast ? 1 << 33 : 0)
        let nobody: UInt64 = count == 0 ? 1 << 63 : 0
        shape =
            kinds | UInt64(answer.number) << 16 | count << 24 | places | 0xFFFF << 40 | nobody
    }

    /// What the interface says that the flow's packets leave.
    @inline(__always)
    var egress: Outcome {
        Outcome(OutcomeKind(number: UInt8(truncatingIfNeeded: shape)), ruleNumber: egressRule)
    }

    /// What the interface says that they reach.
    @inline(__always)
    var ingress: Outcome {
        Outcome(
            OutcomeKind(number: UInt8(truncatingIfNeeded: shape &>> 8)), ruleNumber: ingressRule)
    }

    /// How many interfaces evaluate a packet.
    @inline(__always)
    var evaluationCount: Int { Int(shape &>> 24 & 0xFF) }
    /// How many of them the packet leaves: the place of the other evaluation behind the first.
    @inline(__always)
    var egressCount: Int { Int(shape &>> 32 & 1) }

    /// The one of ``FlowCounters`` that counts the flow's packets, or ``noCounter``.
    @inline(__always)
    var counter: UInt16 {
        get { UInt16(truncatingIfNeeded: shape &>> 40) }
        set { shape = shape & ~(0xFFFF << 40) | UInt64(newValue) &<< 40 }
    }

    /// Whether the flow has a counter.
    @inline(__always)
    var isCounted: Bool { counter != KnownFlow.noCounter }

    /// Whether the same is counted of each packet: the same rules, evaluations and answer, whoever the owners are.
    func countsLike(_ other: KnownFlow) -> Bool {
        egressRule == other.egressRule && ingressRule == other.ingressRule
            && answerFacts == other.answerFacts
    }

    /// A number that is the same for flows of which the same is counted.
    var countedHash: UInt64 {
        let rules = UInt64(egressRule) &<< 32 | UInt64(ingressRule)
        return (rules ^ UInt64(answerFacts)) &* 0x9E37_79B9_7F4A_7C15
    }

    /// Verdict and reason of a packet.
    var answerKind: OutcomeKind {
        OutcomeKind(number: UInt8(truncatingIfNeeded: answerFacts))
    }

    /// The answer's kind and, from bit 8 on, the number of evaluations.
    @inline(__always)
    var answerFacts: UInt32 { UInt32(truncatingIfNeeded: shape &>> 16 & 0xFFFF) }

    /// Which evaluation gives the answer, if the first one is at place `first`; all ones if none does.
    @inline(__always)
    func decidingEvaluation(from first: Int) -> UInt32 {
        let nobody = UInt64(bitPattern: Int64(bitPattern: shape) &>> 63)
        return UInt32(truncatingIfNeeded: UInt64(first) &+ (shape &>> 33 & 1) | nobody)
    }
}

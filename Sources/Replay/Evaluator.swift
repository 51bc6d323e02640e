package import CloudModel
package import FilterTables
internal import Sessions

/// Decides batches of frames against one fleet: where each packet is evaluated, what the tables of each
/// interface say, what its sessions make of that, and the answer over both.
///
///     frames       0      1      2      3 …
///                  │      │      │╲
///     answers      0      1      2      3 …     verdict, reason, stretch of evaluations
///                  │      ·      │╲             (frame 1 has no packet or no interface)
///     evaluations  0             1 2    3 …     interface, direction, outcome
///
/// One thread at a time. Once made it allocates nothing but room for sessions and first fragments, as
/// they come, and both are bounded.
package struct Evaluator: ~Copyable {
    package internal(set) var fleet: CompiledFleet
    /// For each frame of the last batch, in its order.
    package internal(set) var answers: [FrameAnswer] = []
    /// What the interfaces said about the last batch, in the order of the frames; where two evaluate a
    /// packet, egress comes first.
    package internal(set) var evaluations: [Evaluation] = []

    let policy: SessionPolicy
    var decider: Decider
    private var queries: [Query] = []
    // As long as the most queries that a batch can need; the tables write the outcomes here.
    private var outcomes: [Outcome]
    var sessions: Sessions
    var firstFragments = FirstFragments()
    private(set) var batchHasFragments = false
    var unknownFlows = UnknownFlows()
    /// What became of the sessions of former passes.
    var formerCounts = SessionCounts()
    /// The time of the last frame.
    var lastTime: SessionTime?

    /// An evaluator for `fleet` without sessions so far.
    package init(_ fleet: CompiledFleet, sessions policy: SessionPolicy = .standard) {
        let maximumQueryCount = 2 * FrameBatch.capacity
        self.fleet = fleet
        self.policy = policy
        decider = Decider(fleet.tables)
        sessions = Sessions(for: fleet.original, capacity: policy.capacity)
        outcomes = Array(repeating: .undecided, count: maximumQueryCount)
        queries.reserveCapacity(maximumQueryCount)
        evaluations.reserveCapacity(maximumQueryCount)
        answers.reserveCapacity(FrameBatch.capacity)
    }

    /// Decides the frames of `batch`; ``answers`` and ``evaluations`` have the result.
    package mutating func evaluate(_ batch: borrowing FrameBatch, at placement: Placement) {
        answers.removeAll(keepingCapacity: true)
        evaluations.removeAll(keepingCapacity: true)
        queries.removeAll(keepingCapacity: true)
        batchHasFragments = false
        for frame in batch.frames { place(frame, placement) }
        Evaluator.decide(queries, with: &decider, into: &outcomes)
        for index in evaluations.indices { evaluations[index].outcome = outcomes[index] }
        followFlows(batch)
        for index in answers.indices { answers[index] = combined(answers[index]) }
        findMidstream(batch)
    }

    /// An evaluation with the names that people know.
    package func decision(of evaluation: Evaluation) -> Decision {
        fleet.names.decision(of: evaluation)
    }

    /// An answer with the names that people know.
    package func decision(of answer: FrameAnswer) -> Decision {
        answer.deciding.map { decision(of: evaluations[$0]) }
            ?? Decision(answer.verdict, answer.reason)
    }

    // MARK: Stages

    /// Appends the frame's answer and the queries that it needs.
    private mutating func place(_ frame: BatchedFrame, _ placement: Placement) {
        let first = evaluations.count
        let failure: Reason
        switch frame.content {
        case .none(let reason):
            failure = reason
        case .packet(let packet):
            if packet.fragment != nil { batchHasFragments = true }
            failure = addQueries(for: packet, of: frame, placement) ?? .noInterface
        }
        answers.append(
            FrameAnswer(reason: failure, firstEvaluation: first, end: evaluations.count))
    }

    /// Appends the queries for a packet, or says why there is none.
    private mutating func addQueries(
        for packet: Packet, of frame: BatchedFrame, _ placement: Placement
    ) -> Reason? {
        switch placement {
        case .byAddress(let vpc):
            let sites = fleet.tables.sites(
                for: packet, sourceMAC: frame.sourceMAC, destinationMAC: frame.destinationMAC,
                vpc: vpc)
            if let failure = sites.failure { return failure }
            if let interface = sites.egress { addQuery(packet, interface, .egress) }
            if let interface = sites.ingress { addQuery(packet, interface, .ingress) }
        case .bound(let interface, let direction?):
            addQuery(packet, interface, direction)
        case .bound(let interface, nil):
            if fleet.tables.owns(packet.source, interface: interface) {
                addQuery(packet, interface, .egress)
            } else if fleet.tables.owns(packet.destination, interface: interface) {
                addQuery(packet, interface, .ingress)
            }
        }
        return nil
    }

    private mutating func addQuery(_ packet: Packet, _ interface: Int, _ direction: Direction) {
        queries.append(Query(packet, at: interface, direction))
        evaluations.append(Evaluation(interface: interface, direction: direction))
    }

    /// Decides whole arrays. The spans depend on parameters, which may be accessed side by side, as
    /// parts of one value may not.
    static func decide(
        _ queries: [Query], with decider: inout Decider, into outcomes: inout [Outcome]
    ) {
        var room = outcomes.mutableSpan
        decider.decide(queries.span, into: &room)
    }

    /// The answer with the verdict and reason that ``Decision/combining(_:)`` gives.
    private func combined(_ answer: FrameAnswer) -> FrameAnswer {
        guard !answer.evaluations.isEmpty else { return answer }
        var deciding = answer.evaluations.lowerBound
        for index in answer.evaluations {
            switch evaluations[index].outcome.verdict {
            case .drop: return answer.decided(by: index, evaluations[index].outcome)
            case .accept: deciding = index
            case .none: break
            }
        }
        return answer.decided(by: deciding, evaluations[deciding].outcome)
    }
}

/// One packet at one interface, and what the interface says.
package struct Evaluation: Sendable {
    /// The interface's place in the fleet's list.
    package let interface: Int
    package let direction: Direction
    package internal(set) var outcome = Outcome.undecided
    /// The rule that decided, if the tables do not have it any more: a later fragment can be decided
    /// by it.
    package internal(set) var formerRule: RuleOrigin?
    /// Whether the packet was dropped and belongs to no flow that sessions know.
    var isOfUnknownFlow = false
}

/// The answer for one frame.
package struct FrameAnswer: Sendable {
    package private(set) var verdict = Verdict.none
    package private(set) var reason: Reason
    /// The frame's evaluations: none, one or two.
    package let evaluations: Range<Int>
    /// The evaluation that gives verdict and reason.
    package private(set) var deciding: Int?
    /// Whether the packet was dropped, but belongs to a connection that the capture shows from its
    /// middle on. See the article.
    package internal(set) var isMidstream = false

    init(reason: Reason, firstEvaluation: Int, end: Int) {
        self.reason = reason
        evaluations = firstEvaluation..<end
    }

    func decided(by evaluation: Int, _ outcome: Outcome) -> FrameAnswer {
        var answer = self
        answer.deciding = evaluation
        answer.verdict = outcome.verdict
        answer.reason = outcome.reason
        return answer
    }
}

internal import Captures
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
    /// Whether packets of known flows can be counted with these: then ``answers`` and ``evaluations`` have what
    /// concerns others, which ``answered`` lists, and room between.
    let countsFlows: Bool
    var counters = FlowCounters()
    /// The places of the frames that have an answer.
    var answered: [Int] = []
    /// How many evaluations the batch has, those of packets counted with flows among them if sessions see these.
    var evaluationCount = 0
    var decider: Decider
    /// What the tables said to flows before, wherever the packets' addresses place them.
    var flowMemo = FlowMemo()
    var probes = FlowProbes()
    var queries: TableQueries
    /// For each evaluation what the tables say, if they were asked. As long as the most evaluations that a batch needed.
    var outcomes: [Outcome]
    var sessions: Sessions
    // For each evaluation its packet, as sessions look at it.
    var passages: [Passage]
    /// The evaluations of packets whose flows were not known, and those for which no session answers.
    var searched: [Int] = []
    var unanswered: [Int] = []
    /// The evaluations of the batch whose packets' flows can have another record by now than was known.
    var retraced: [Int] = []
    /// In a second world, where the records of the first world's flows are.
    var twins = RecordTwins()
    var firstFragments = FirstFragments()
    /// The rules behind ``Evaluation/formerRule``.
    package internal(set) var formerRules: [RuleOrigin] = []
    /// Whether the batch at hand can have fragments.
    var batchHasFragments = false
    var unknownFlows = UnknownFlows()
    /// What became of the sessions of former passes.
    var formerCounts = SessionCounts()
    /// The time of the last frame.
    var lastTime: SessionTime?

    /// An evaluator for `fleet` without sessions so far; ``countsFlows`` tells what `countsFlows` means.
    package init(
        _ fleet: CompiledFleet, sessions policy: SessionPolicy = .standard,
        countsFlows: Bool = false
    ) {
        let maximumQueryCount = 2 * FrameBatch.capacity
        self.fleet = fleet
        self.policy = policy
        self.countsFlows = countsFlows
        decider = Decider(fleet.tables)
        sessions = Sessions(for: fleet.original, capacity: policy.capacity)
        queries = TableQueries(capacity: maximumQueryCount)
        outcomes = Array(repeating: .undecided, count: maximumQueryCount)
        evaluations.reserveCapacity(maximumQueryCount)
        passages = Array(repeating: .none, count: maximumQueryCount)
        answers.reserveCapacity(FrameBatch.capacity)
    }

    /// An evaluator that goes on from where `other` is.
    init(forking other: borrowing Evaluator) {
        self.init(other.fleet, sessions: other.policy)
        sessions = other.sessions.fork()
        twins = RecordTwins(of: sessions)
        firstFragments = other.firstFragments
        unknownFlows = other.unknownFlows
        formerCounts = other.formerCounts
        lastTime = other.lastTime
    }

    /// Decides the frames of `batch`; ``answers`` and ``evaluations`` have the result.
    package mutating func evaluate(_ batch: borrowing FrameBatch, at placement: Placement) {
        batchHasFragments = batch.decoded.hasNotes
        makeRoomForOutcomes(2 * batch.count)
        place(batch.decoded, placement)
        if policy != .stateless { searchMissed(batch.decoded) }
        askTables(about: batch.decoded)
        followLeaders(in: batch.decoded)
        finish(batch)
        recordFlows(of: batch.decoded)
        noteTraces(batch.decoded)
    }

    /// Asks the tables about packets that were missed, as far as neither ``outcomes`` nor sessions tell the
    /// answer. Where connections are tracked, these are the ones that are searched or unanswered.
    mutating func askTables(about frames: borrowing DecodedFrames) {
        if policy == .stateless {
            queries.ask(about: probes.missed, answers, evaluations, frames.headers, outcomes)
        } else {
            findSessions(of: frames)
            queries.ask(about: unanswered, passages, evaluations, frames.headers, outcomes)
        }
        queries.decide(with: &decider, into: &outcomes)
    }

    /// Makes room for so many outcomes; those that are there need not stay.
    mutating func makeRoomForOutcomes(_ count: Int) {
        guard outcomes.count < count else { return }
        outcomes = Array(repeating: .undecided, count: count)
        passages = Array(repeating: .none, count: count)
    }

    /// Takes the tables' outcomes to answers.
    mutating func finish(_ batch: borrowing FrameBatch) {
        formerRules.removeAll(keepingCapacity: true)
        retraced.removeAll(keepingCapacity: true)
        if let last = batch.decoded.facts.last { lastTime = SessionTime(last.time) }
        if policy == .stateless {
            Evaluator.take(outcomes, of: probes, answers, into: &evaluations)
        }
        if batchHasFragments {
            judgeInTurn(batch.decoded)
        } else if policy != .stateless {
            judge(0..<evaluationCount, of: batch.decoded)
        }
        Evaluator.combine(evaluations, to: &answers, of: probes)
        findMidstream(batch)
    }

    /// Combines the evaluations of the packet at a place to its answer; see ``FrameAnswer/combine(_:)``.
    mutating func combine(at place: Int) {
        var answer = answers[place]
        answer.combine(evaluations.span)
        answers[place] = answer
    }

    /// Combines those of packets whose flows were not known.
    private static func combine(
        _ evaluations: [Evaluation], to answers: inout [FrameAnswer],
        of probes: borrowing FlowProbes
    ) {
        let evaluations = evaluations.span
        var answers = answers.mutableSpan
        for missed in probes.missed { answers[missed.place].combine(evaluations) }
        for follower in probes.followers { answers[follower.place].combine(evaluations) }
    }

    /// An evaluation with the names that people know.
    package func decision(of evaluation: Evaluation) -> Decision {
        names.decision(of: evaluation)
    }

    /// The names behind the numbers of the last batch.
    package var names: DecisionNames {
        DecisionNames(
            tables: fleet.tables, networkInterfaces: fleet.networkInterfaces,
            formerRules: formerRules)
    }

    /// An answer with the names that people know.
    package func decision(of answer: FrameAnswer) -> Decision {
        answer.deciding.map { decision(of: evaluations[$0]) }
            ?? Decision(answer.verdict, answer.reason)
    }

    // MARK: Stages

    /// Decides whole arrays. The spans depend on parameters, which may be accessed side by side, as
    /// parts of one value may not.
    static func decide(
        _ queries: [Query], with decider: inout Decider, into outcomes: inout [Outcome]
    ) {
        var room = outcomes.mutableSpan
        decider.decide(queries.span, into: &room)
    }
}

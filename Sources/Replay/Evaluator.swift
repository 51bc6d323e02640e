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
    var decider: Decider
    // For each frame the interfaces that own its addresses.
    private var owners: [OwnerPair]
    var queries: [Query] = []
    // As long as the most queries that a batch needed; the tables write the outcomes here.
    var outcomes: [Outcome]
    var sessions: Sessions
    /// For each evaluation its packet, as sessions look at it.
    var tracked: [TrackedPacket] = []
    var firstFragments = FirstFragments()
    /// The rules behind ``Evaluation/formerRule``.
    package internal(set) var formerRules: [RuleOrigin] = []
    var batchHasFragments = false
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
        owners = Array(repeating: .none, count: FrameBatch.capacity)
        outcomes = Array(repeating: .undecided, count: maximumQueryCount)
        queries.reserveCapacity(maximumQueryCount)
        evaluations.reserveCapacity(maximumQueryCount)
        tracked.reserveCapacity(maximumQueryCount)
        answers.reserveCapacity(FrameBatch.capacity)
    }

    /// An evaluator that goes on from where `other` is.
    init(forking other: borrowing Evaluator) {
        self.init(other.fleet, sessions: other.policy)
        sessions = other.sessions
        firstFragments = other.firstFragments
        unknownFlows = other.unknownFlows
        formerCounts = other.formerCounts
        lastTime = other.lastTime
    }

    /// Decides the frames of `batch`; ``answers`` and ``evaluations`` have the result.
    package mutating func evaluate(_ batch: borrowing FrameBatch, at placement: Placement) {
        answers.removeAll(keepingCapacity: true)
        evaluations.removeAll(keepingCapacity: true)
        queries.removeAll(keepingCapacity: true)
        formerRules.removeAll(keepingCapacity: true)
        batchHasFragments = false
        place(batch.decoded, placement)
        makeRoomForOutcomes(queries.count)
        Evaluator.decide(queries, with: &decider, into: &outcomes)
        finish(batch)
    }

    /// Makes room for so many outcomes; those that are there need not stay.
    mutating func makeRoomForOutcomes(_ count: Int) {
        guard outcomes.count < count else { return }
        outcomes = Array(repeating: .undecided, count: count)
    }

    /// Takes the tables' outcomes to answers.
    mutating func finish(_ batch: borrowing FrameBatch) {
        for index in evaluations.indices { evaluations[index].outcome = outcomes[index] }
        followFlows(batch)
        for index in answers.indices { combine(index) }
        findMidstream(batch)
    }

    /// Gives the answers away, for memory to write the next ones to.
    mutating func exchangeAnswers(with share: LaneShare) {
        swap(&answers, &share.answers)
        swap(&evaluations, &share.evaluations)
        swap(&formerRules, &share.formerRules)
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

    /// Makes the frames' answers and the queries that they need.
    private mutating func place(_ frames: borrowing DecodedFrames, _ placement: Placement) {
        switch placement {
        case .byAddress(let vpc):
            if owners.count < frames.count {
                owners = Array(repeating: .none, count: frames.count)
            }
            Evaluator.findOwners(of: frames.headers, in: fleet.tables, into: &owners)
            for index in 0..<frames.count { placeByAddress(index, of: frames, vpc) }
        case .bound(let interface, let direction):
            for index in 0..<frames.count {
                placeBound(index, of: frames, interface, direction)
            }
        }
    }

    /// Finds the owners of whole arrays; see ``decide(_:with:into:)``.
    private static func findOwners(
        of headers: [PacketHeader], in tables: FilterTables, into owners: inout [OwnerPair]
    ) {
        var room = owners.mutableSpan
        tables.findOwners(of: headers.span, into: &room)
    }

    @inline(__always)
    private mutating func placeByAddress(
        _ index: Int, of frames: borrowing DecodedFrames, _ vpc: VPCID?
    ) {
        let header = frames.headers[index]
        let first = evaluations.count
        var failure = Reason.noInterface
        if !header.has(PacketHeader.Trait.packet) {
            failure = frames.facts[index].failure ?? .malformed
        } else if owners[index].isUnclear {
            failure = addQueriesOfUnclearOwners(index, of: frames, vpc)
        } else {
            let owners = owners[index]
            if owners.source != OwnerPair.nobody { addQuery(header, owners.source, isEgress: true) }
            if owners.destination != OwnerPair.nobody {
                addQuery(header, owners.destination, isEgress: false)
            }
        }
        answers.append(
            FrameAnswer(reason: failure, firstEvaluation: first, end: evaluations.count))
    }

    /// Appends the queries for a packet one of whose addresses several interfaces may own; the result
    /// is the answer's reason if there are none.
    @inline(never)
    private mutating func addQueriesOfUnclearOwners(
        _ index: Int, of frames: borrowing DecodedFrames, _ vpc: VPCID?
    ) -> Reason {
        guard let packet = frames.packet(at: index) else { return .noInterface }
        let facts = frames.facts[index]
        let sites = fleet.tables.sites(
            for: packet, sourceMAC: facts.sourceMAC, destinationMAC: facts.destinationMAC, vpc: vpc)
        if let failure = sites.failure { return failure }
        let header = frames.headers[index]
        if let interface = sites.egress { addQuery(header, UInt32(interface), isEgress: true) }
        if let interface = sites.ingress { addQuery(header, UInt32(interface), isEgress: false) }
        return .noInterface
    }

    private mutating func placeBound(
        _ index: Int, of frames: borrowing DecodedFrames, _ interface: Int, _ direction: Direction?
    ) {
        let header = frames.headers[index]
        let first = evaluations.count
        var failure = Reason.noInterface
        if !header.has(PacketHeader.Trait.packet) {
            failure = frames.facts[index].failure ?? .malformed
        } else if let direction {
            addQuery(header, UInt32(interface), isEgress: direction == .egress)
        } else if fleet.tables.owns(header.source, interface: interface) {
            addQuery(header, UInt32(interface), isEgress: true)
        } else if fleet.tables.owns(header.destination, interface: interface) {
            addQuery(header, UInt32(interface), isEgress: false)
        }
        answers.append(
            FrameAnswer(reason: failure, firstEvaluation: first, end: evaluations.count))
    }

    @inline(__always)
    private mutating func addQuery(
        _ header: PacketHeader, _ interface: UInt32, isEgress: Bool
    ) {
        if header.has(PacketHeader.Trait.fragment) { batchHasFragments = true }
        queries.append(Query(header, at: interface, isEgress: isEgress))
        evaluations.append(Evaluation(interface, isEgress: isEgress))
    }

    /// Decides whole arrays. The spans depend on parameters, which may be accessed side by side, as
    /// parts of one value may not.
    static func decide(
        _ queries: [Query], with decider: inout Decider, into outcomes: inout [Outcome]
    ) {
        var room = outcomes.mutableSpan
        decider.decide(queries.span, into: &room)
    }

    /// Gives an answer the verdict and reason that ``Decision/combining(_:)`` gives.
    @inline(__always)
    private mutating func combine(_ index: Int) {
        let range = answers[index].evaluations
        guard !range.isEmpty else { return }
        var deciding = range.lowerBound
        var place = range.lowerBound
        search: while place < range.upperBound {
            switch evaluations[place].outcome.verdict {
            case .drop:
                deciding = place
                break search
            case .accept: deciding = place
            case .none: break
            }
            place += 1
        }
        answers[index].decide(by: deciding, evaluations[deciding].outcome)
    }
}

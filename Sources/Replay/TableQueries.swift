internal import CloudModel
internal import FilterTables
internal import Sessions

/// The questions of a batch to the tables, and where their answers belong.
///
/// In memory that is used again and again.
struct TableQueries {
    private var queries: [Query] = []
    /// For each query the place of its outcome.
    private var places: [Int] = []
    private var answers: [Outcome] = []

    init(capacity: Int) {
        queries.reserveCapacity(capacity)
        places.reserveCapacity(capacity)
    }

    /// Asks about those evaluations of packets that were missed of which `outcomes` do not tell what the
    /// tables say.
    mutating func ask(
        about missed: [FlowProbes.Missed], _ answers: [FrameAnswer], _ evaluations: [Evaluation],
        _ headers: [PacketHeader], _ outcomes: [Outcome]
    ) {
        removeAll()
        for missed in missed {
            for index in answers[missed.place].evaluations where outcomes[index].isUndecided {
                append(evaluations[index], headers[missed.place], for: index)
            }
        }
    }

    /// Asks about those evaluations of `places` of which `outcomes` do not tell what the tables say.
    mutating func ask(
        about places: [Int], _ passages: [Passage], _ evaluations: [Evaluation],
        _ headers: [PacketHeader], _ outcomes: [Outcome]
    ) {
        removeAll()
        for index in places where outcomes[index].isUndecided {
            append(evaluations[index], headers[Int(passages[index].frame)], for: index)
        }
    }

    private mutating func removeAll() {
        queries.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Asks what an interface says to a packet; the outcome belongs at `place`.
    @inline(__always)
    private mutating func append(
        _ evaluation: Evaluation, _ header: PacketHeader, for place: Int
    ) {
        queries.append(
            Query(header, at: evaluation.interfaceNumber, isEgress: evaluation.isEgress))
        places.append(place)
    }

    /// Writes the outcomes of all queries to their places of `outcomes`.
    mutating func decide(with decider: inout Decider, into outcomes: inout [Outcome]) {
        guard !queries.isEmpty else { return }
        if answers.count < queries.count {
            answers = Array(repeating: .undecided, count: queries.count)
        }
        Evaluator.decide(queries, with: &decider, into: &answers)
        for index in places.indices { outcomes[places[index]] = answers[index] }
    }
}

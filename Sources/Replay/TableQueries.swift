internal import CloudModel
internal import FilterTables

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

    mutating func removeAll() {
        queries.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Asks what an interface says to a packet; the outcome belongs at `place`.
    @inline(__always)
    mutating func append(
        _ header: PacketHeader, at interface: UInt32, isEgress: Bool, for place: Int
    ) {
        queries.append(Query(header, at: interface, isEgress: isEgress))
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

internal import CProbes
internal import CloudModel
internal import FilterTables

/// sluice's tables, deciding queries that stand in memory.
final class TableContender: Contender {
    let name: String
    private let queries: [Query]
    private var decider: Decider
    private var outcomes: [Outcome]
    /// The place in the ordered list of the rule that the tables call by a number.
    private let place: (Int) -> Int32

    /// - Parameter place: the place in the ordered list of the rule that the tables call by a number.
    init(
        _ tables: FilterTables, _ queries: [Query], usesMemo: Bool,
        place: @escaping (Int) -> Int32
    ) {
        name = usesMemo ? "" : "no-memo"
        self.queries = queries
        self.place = place
        decider = Decider(tables, usesMemo: usesMemo)
        outcomes = Array(repeating: .undecided, count: queries.count)
    }

    var headerCount: Int { queries.count }

    func pass() -> Double {
        // Nothing may be recalled from the pass before: the headers are the same.
        decider.emptyMemo()
        // A span of a class's property would outlive its access.
        let queries = queries
        let start = thread_nanoseconds()
        var room = outcomes.mutableSpan
        decider.decide(queries.span, into: &room)
        return Double(thread_nanoseconds() - start)
    }

    func answers() -> [Int32] {
        _ = pass()
        var known: [Int: Int32] = [:]
        return outcomes.map { outcome in
            guard let number = outcome.rule else { return -1 }
            if let place = known[number] { return place }
            let place = place(number)
            known[number] = place
            return place
        }
    }
}

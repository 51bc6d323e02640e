internal import CProbes
internal import CloudModel
internal import FilterTables

/// sluice's tables, deciding queries that stand in memory.
final class TableContender: Contender {
    let name: String
    private let queries: [Query]
    private var decider: Decider
    private var outcomes: [Outcome]
    /// The place in the ordered list of each of the tables' rules.
    private let places: [Int32]

    /// - Parameter places: the place in the ordered list of each of the tables' rules.
    init(
        _ tables: FilterTables, _ queries: [Query], places: [Int32], usesMemo: Bool
    ) {
        name = usesMemo ? "" : "no-memo"
        self.queries = queries
        self.places = places
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
        return outcomes.map { outcome in outcome.rule.map { places[$0] } ?? -1 }
    }
}

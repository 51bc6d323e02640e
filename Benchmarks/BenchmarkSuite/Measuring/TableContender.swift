internal import CProbes
internal import CloudModel
internal import FilterTables

/// sluice's tables, deciding queries that stand in memory.
///
/// Each pass has a decider of its own, so that nothing is left of the pass before.
final class TableContender: Contender {
    /// What the decider of a pass knows before it.
    enum Preparation {
        /// What it derived from the tables while it decided another trace; its memo is empty.
        case warmed(by: Trace)
        /// Nothing.
        case cold
    }

    let name: String
    private let tables: FilterTables
    private let usesMemo: Bool
    private let warming: [Query]
    private var queries: [Query] = []
    private var outcomes: [Outcome] = []
    /// The place in the ordered list of the rule that the tables call by a number.
    private let place: (Int) -> Int32

    /// What the decider of the last pass has derived from the tables.
    private(set) var derivedByteCount = 0

    /// - Parameter place: the place in the ordered list of the rule that the tables call by a number.
    init(
        _ tables: FilterTables, _ preparation: Preparation, usesMemo: Bool = true,
        place: @escaping (Int) -> Int32
    ) {
        self.tables = tables
        self.usesMemo = usesMemo
        self.place = place
        switch preparation {
        case .warmed(let trace):
            warming = trace.queries
            name = usesMemo ? "" : "no-memo"
        case .cold:
            warming = []
            name = "cold"
        }
    }

    var headerCount: Int { queries.count }

    func take(_ trace: Trace) { queries = trace.queries }

    func pass() -> Double { Double(pass(by: thread_nanoseconds)) }

    /// What one pass adds to a count, such as that of nanoseconds.
    func pass(by count: () -> UInt64) -> UInt64 {
        var decider = Decider(tables, usesMemo: usesMemo)
        // A span of a class's property would outlive its access.
        let (queries, warming) = (queries, warming)
        var outcomes = Array(
            repeating: Outcome.undecided, count: max(warming.count, queries.count))
        var room = outcomes.mutableSpan
        decider.decide(warming.span, into: &room)
        decider.emptyMemo()
        let start = count()
        decider.decide(queries.span, into: &room)
        let end = count()
        derivedByteCount = decider.derivedByteCount
        self.outcomes = outcomes
        return end - start
    }

    func answers() -> [Int32] {
        var known: [Int: Int32] = [:]
        return outcomes.prefix(queries.count).map { outcome in
            guard let number = outcome.rule else { return -1 }
            if let place = known[number] { return place }
            let place = place(number)
            known[number] = place
            return place
        }
    }
}

extension TableContender {
    /// sluice as it is raced: with its memo and without, after another trace, and knowing nothing.
    static func all(
        _ tables: FilterTables, warmedBy trace: Trace, place: @escaping (Int) -> Int32
    ) -> [TableContender] {
        [
            TableContender(tables, .warmed(by: trace), place: place),
            TableContender(tables, .warmed(by: trace), usesMemo: false, place: place),
            TableContender(tables, .cold, place: place),
        ]
    }
}

import FilterTables

/// A decider that a struct can hold, asked with arrays.
final class DeciderBox {
    private var decider: Decider

    init(_ tables: FilterTables, _ merging: Merging = .whenBusy) {
        decider = Decider(tables, merging: merging)
    }

    func adopt(_ tables: FilterTables) { decider.adopt(tables) }

    func refresh(from published: PublishedTables) { published.refresh(&decider) }

    /// The outcomes of `queries`, in their order.
    func outcomes(_ queries: [Query]) -> [Outcome] {
        var outcomes = [Outcome](repeating: .undecided, count: queries.count)
        var room = outcomes.mutableSpan
        decider.decide(queries.span, into: &room)
        return outcomes
    }
}

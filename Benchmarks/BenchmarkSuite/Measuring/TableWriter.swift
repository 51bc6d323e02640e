internal import FilterTables

/// What edits tables at random so that they grow and shrink, and can bring them back to what they were.
protocol TableWriter: Sendable {
    /// The newest version.
    var tables: FilterTables { get }
    /// The place of a rule among all, by its number in the newest version: numbers differ between writers that
    /// made other edits, places do not.
    var place: (Int) -> Int32 { get }

    /// Makes one edit and gives the version after it.
    @discardableResult
    mutating func edit() -> FilterTables

    /// Undoes all edits that are not undone.
    mutating func restore()
}

extension TableWriter {
    /// Brings the tables to what they were, by `count` edits and more that undo them.
    mutating func goRound(edits count: Int) {
        for _ in 0..<count { edit() }
        restore()
    }
}

internal import CloudModel

/// The tables that an interface asks in one direction, one for each of its groups.
struct TableSet {
    /// Interfaces with more groups have no merged table.
    static let capacity = 8

    private(set) var tables = InlineArray<8, RuleTable>(repeating: RuleTable(.none))
    private(set) var count = 0

    /// - Precondition: there are fewer than ``capacity``.
    mutating func append(_ table: RuleTable) {
        tables[count] = table
        count += 1
    }

    /// The steps of all tables.
    func stepCount(in memory: BlockMemory) -> Int {
        var count = 0
        for place in 0..<self.count { count += tables[place].stepCount(in: memory) }
        return count
    }

    /// What a packet gets that no step admits: of two default steps the one that drops counts.
    func defaultOutcome(in memory: BlockMemory) -> Outcome {
        var outcome = tables[0].defaultOutcome(in: memory)
        for place in 1..<max(count, 1) {
            let other = tables[place].defaultOutcome(in: memory)
            if other != outcome, other.verdict == .drop { outcome = other }
        }
        return outcome
    }
}

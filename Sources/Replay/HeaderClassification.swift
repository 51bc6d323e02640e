package import CloudModel
import FilterTables

/// Headers of a trace decided by a plain ordered rule list, again and again, and timed.
///
/// The tables and the decider are those of a replay; only the packets come from memory. One core.
package struct HeaderClassification: ~Copyable {
    private let tables: FilterTables
    private let headers: [Quintuple]

    /// The number of rules.
    package let ruleCount: Int
    /// How long compiling the rules took.
    package let buildTime: Duration
    /// The bytes of the tables.
    package var tableByteCount: Int { tables.byteCount }
    package var headerCount: Int { headers.count }

    /// The index of the rule that decides each header, -1 for none; empty before the first pass.
    package private(set) var ruleIndexes: [Int32] = []

    /// Compiles `rules` for `headers`.
    package init(rules: [QuintupleRule], headers: [Quintuple]) {
        let clock = ContinuousClock()
        let start = clock.now
        tables = FilterTables(ordered: rules)
        buildTime = clock.now - start
        ruleCount = rules.count
        self.headers = headers
    }

    /// Decides all headers `passCount` times, and returns how long each pass took.
    ///
    /// Each pass begins with an empty memo. Its time is that of turning headers into queries, deciding
    /// them in batches and writing the indexes.
    package mutating func run(passCount: Int) -> [Duration] {
        var decider = Decider(tables)
        ruleIndexes = Array(repeating: -1, count: headers.count)
        let clock = ContinuousClock()
        return (0..<passCount).map { _ in
            decider.emptyMemo()
            let start = clock.now
            HeaderClassification.classify(headers, with: &decider, into: &ruleIndexes)
            return clock.now - start
        }
    }

    private static func classify(
        _ headers: [Quintuple], with decider: inout Decider, into ruleIndexes: inout [Int32]
    ) {
        let batchSize = FrameBatch.capacity
        var queries: [Query] = []
        queries.reserveCapacity(batchSize)
        var outcomes = Array(repeating: Outcome.undecided, count: batchSize)
        for first in stride(from: 0, to: headers.count, by: batchSize) {
            let end = min(first + batchSize, headers.count)
            queries.removeAll(keepingCapacity: true)
            for index in first..<end { queries.append(Query(headers[index])) }
            var room = outcomes.mutableSpan
            decider.decide(queries.span, into: &room)
            for index in first..<end {
                ruleIndexes[index] = Int32(outcomes[index - first].rule ?? -1)
            }
        }
    }
}

/// The middle of `durations`, or the mean of the two in the middle.
///
/// - Precondition: `durations` is not empty.
package func median(of durations: [Duration]) -> Duration {
    let sorted = durations.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

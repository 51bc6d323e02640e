internal import CProbes
internal import Dispatch
internal import FilterTables
internal import Synchronization

/// Two threads deciding by the same tables, each with a decider of its own, beside one.
struct TwoCores {
    let name: String
    let tables: FilterTables
    let queries: [Query]

    /// How many times as fast two are: the median over the rounds.
    ///
    /// Rates are by each thread's processor time, so that it is the tables, caches and memory which
    /// the threads share that count, and not what else runs on the machine.
    func row(rounds: Int) -> Row {
        let ratios = (0..<rounds).map { _ in rate(threads: 2) / rate(threads: 1) }
        return Row(name, .ratio, Sample(ratios), note: "two threads beside one")
    }

    /// The sum of the threads' decisions a nanosecond; every thread decides all queries.
    private func rate(threads: Int) -> Double {
        let total = Mutex(0.0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var decider = Decider(tables)
            var outcomes = Array(repeating: Outcome.undecided, count: queries.count)
            let start = thread_nanoseconds()
            var room = outcomes.mutableSpan
            decider.decide(queries.span, into: &room)
            let rate = Double(queries.count) / Double(thread_nanoseconds() - start)
            total.withLock { $0 += rate }
        }
        return total.withLock { $0 }
    }
}

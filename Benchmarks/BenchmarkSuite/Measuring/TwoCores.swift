internal import CProbes
internal import Dispatch
internal import FilterTables
internal import Synchronization

/// Two threads deciding by the same tables, each with a decider of its own, beside one.
struct TwoCores {
    let name: String
    let tables: FilterTables
    /// Makes headers that were not there before.
    let nextTrace: () -> Trace

    /// How many times as fast two are: the median over the rounds.
    ///
    /// Rates are by each thread's processor time, so that it is the tables, caches and memory which
    /// the threads share that count, and not what else runs on the machine.
    func row(rounds: Int) -> Row {
        let warming = nextTrace()
        let ratios = (0..<rounds).map { round in
            let trace = nextTrace()
            // Who comes second finds the machine as the first left it.
            let counts = round % 2 == 0 ? [1, 2] : [2, 1]
            let rates = counts.map { rate(threads: $0, trace, warmedBy: warming) }
            return counts[0] == 2 ? rates[0] / rates[1] : rates[1] / rates[0]
        }
        return Row(name, .ratio, Sample(ratios), note: "two threads beside one")
    }

    /// The sum of the threads' decisions a nanosecond; every thread decides all headers.
    private func rate(threads: Int, _ trace: Trace, warmedBy warming: Trace) -> Double {
        let total = Mutex(0.0)
        let warmUps = DispatchGroup()
        for _ in 0..<threads { warmUps.enter() }
        let (tables, queries, first) = (tables, trace.queries, warming.queries)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var decider = Decider(tables)
            var outcomes = Array(
                repeating: Outcome.undecided, count: max(first.count, queries.count))
            var room = outcomes.mutableSpan
            decider.decide(first.span, into: &room)
            decider.emptyMemo()
            warmUps.leave()
            warmUps.wait()
            let start = thread_nanoseconds()
            decider.decide(queries.span, into: &room)
            let rate = Double(queries.count) / Double(thread_nanoseconds() - start)
            total.withLock { $0 += rate }
        }
        return total.withLock { $0 }
    }
}

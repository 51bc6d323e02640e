internal import CProbes

/// What decides headers, pass after pass.
protocol Contender: AnyObject {
    /// The last part of its rows' names; empty for sluice itself.
    var name: String { get }
    /// How many headers a pass decides.
    var headerCount: Int { get }

    /// Sets the headers of the passes to come.
    func take(_ trace: Trace) throws(BenchmarkError)

    /// Decides all headers once and returns the nanoseconds of processor time that it took.
    func pass() throws(BenchmarkError) -> Double

    /// For each header of the last pass the place of the rule that decides it in the ordered list, or -1.
    func answers() throws(BenchmarkError) -> [Int32]
}

/// Lets contenders decide the headers of a trace in turn, so that whatever slows the machine slows all of
/// them.
///
/// Who comes first changes from round to round: it finds the caches as the last one left them. Returns for
/// each its millions of decisions a second.
func race(
    _ contenders: [any Contender], on trace: Trace, round: Int
) throws(BenchmarkError) -> [Double] {
    for contender in contenders { try contender.take(trace) }
    var rates = Array(repeating: 0.0, count: contenders.count)
    for turn in contenders.indices {
        let place = (turn + round) % contenders.count
        rates[place] = Double(contenders[place].headerCount) / (try contenders[place].pass()) * 1e3
    }
    return rates
}

/// The nanoseconds of this thread's processor time that `body` takes, without those of looking at the clock,
/// which is a system call.
func nanoseconds(of body: () -> Void) -> Double {
    let start = thread_nanoseconds()
    body()
    return max(0, Double(thread_nanoseconds() - start) - Clock.nanoseconds)
}

/// The clock of processor time.
private enum Clock {
    /// What it costs to look: the lower quartile of a thousand looks.
    static let nanoseconds: Double = {
        let looks = (0..<1_000).map { _ in
            let start = thread_nanoseconds()
            return Double(thread_nanoseconds() - start)
        }
        return Sample(looks).quantile(0.25)
    }()
}

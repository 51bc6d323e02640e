internal import CProbes

/// What decides the same headers again and again.
protocol Contender: AnyObject {
    /// The last part of its rows' names; empty for sluice itself.
    var name: String { get }
    /// How many headers a pass decides.
    var headerCount: Int { get }

    /// Decides all headers once and returns the nanoseconds of processor time that it took.
    func pass() throws(BenchmarkError) -> Double

    /// For each header the place of the rule that decides it in the ordered list, or -1.
    func answers() throws(BenchmarkError) -> [Int32]
}

/// Lets contenders run in turn, so that whatever slows the machine slows all of them.
///
/// Returns for each its nanoseconds a pass, one a round.
func race(
    _ contenders: [any Contender], rounds: Int
) throws(BenchmarkError) -> [[Double]] {
    var times = Array(repeating: [Double](), count: contenders.count)
    for round in 0..<rounds {
        // Who comes first changes from round to round: it finds the caches as the last one left them.
        for turn in contenders.indices {
            let place = (turn + round) % contenders.count
            times[place].append(try contenders[place].pass())
        }
    }
    return times
}

/// The nanoseconds of this thread's processor time that `body` takes.
func nanoseconds(of body: () -> Void) -> Double {
    let start = thread_nanoseconds()
    body()
    return Double(thread_nanoseconds() - start)
}

import CloudModel
import Replay

/// Prints the totals so far on standard error, every so many seconds: `--stats`.
final class RunningTotals: FrameObserver {
    private let interval: Duration
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var lastLine: ContinuousClock.Instant
    private var totals = Totals()
    private var totalsAtLastLine = Totals()

    /// Counts of packets.
    struct Totals {
        var packets = 0
        var bytes = 0
        var accepted = 0
        var dropped = 0
    }

    init(seconds: Int) {
        interval = .seconds(seconds)
        start = clock.now
        lastLine = start
    }

    func observe(_ batch: DecidedBatch) -> Bool {
        totals.packets += batch.frames.count
        for index in batch.frames.indices {
            totals.bytes += Int(batch.frames[index].originalLength)
            switch batch.answers[index].verdict {
            case .accept: totals.accepted += 1
            case .drop: totals.dropped += 1
            case .none: break
            }
        }
        let now = clock.now
        if now - lastLine >= interval {
            let line = RunningTotals.text(
                totals, since: totalsAtLastLine, elapsedSeconds: (now - start) / .seconds(1),
                intervalSeconds: (now - lastLine) / .seconds(1))
            printMessages(["sluice: \(line)"])
            lastLine = now
            totalsAtLastLine = totals
        }
        return true
    }

    /// The line: all counts, and the rates since the line before.
    static func text(
        _ totals: Totals, since former: Totals, elapsedSeconds: Double, intervalSeconds: Double
    ) -> String {
        let none = totals.packets - totals.accepted - totals.dropped
        let shares = [("accept", totals.accepted), ("drop", totals.dropped), ("none", none)]
            .map { "\($0) \(Figures.percent($1, of: totals.packets))" }
        let packetRate = Double(totals.packets - former.packets) / intervalSeconds
        let byteRate = Double(totals.bytes - former.bytes) / intervalSeconds
        return "\(Figures.seconds(elapsedSeconds)): \(Figures.packets(totals.packets)), "
            + "\(Figures.bytes(totals.bytes)); \(shares.joined(separator: ", ")); "
            + "\(Figures.rate(packetRate)) packets/s, \(Figures.bitRate(8 * byteRate))"
    }
}

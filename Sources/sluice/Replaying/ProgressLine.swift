import Foundation
import Replay

/// One line on the terminal that says how far a replay is, once it has taken a second.
final class ProgressLine: FrameObserver {
    private let totalByteCount: Int?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var nextUpdate: ContinuousClock.Instant
    private var isShown = false

    private var packetCount = 0
    private var evaluationCount = 0
    // What was read of all captures, and of each in its present pass.
    private var bytesDone = 0
    private var bytesByCapture: [String: Int] = [:]

    private init(totalByteCount: Int?) {
        self.totalByteCount = totalByteCount
        start = clock.now
        nextUpdate = start + .seconds(1)
    }

    /// A line if standard error is a terminal that does not show lines of output meanwhile.
    static func ifWatched(totalByteCount: Int?, besideLines: Bool) -> ProgressLine? {
        guard isatty(STDERR_FILENO) == 1, !besideLines || isatty(STDOUT_FILENO) == 0 else {
            return nil
        }
        return ProgressLine(totalByteCount: totalByteCount)
    }

    func observe(_ batch: DecidedBatch) -> Bool {
        packetCount += batch.frames.count
        evaluationCount += batch.evaluations.count
        if let byteOffset = batch.byteOffset {
            let known = bytesByCapture.updateValue(byteOffset, forKey: batch.path) ?? 0
            bytesDone += batch.framesBefore == 0 ? byteOffset : byteOffset - known
        }
        let now = clock.now
        if now >= nextUpdate {
            nextUpdate = now + .milliseconds(200)
            isShown = true
            show(
                ProgressLine.text(
                    packetCount: packetCount, evaluationCount: evaluationCount,
                    elapsedSeconds: (now - start) / .seconds(1), share: share))
        }
        return true
    }

    /// Takes the line off the terminal.
    func clear() {
        if isShown { show("") }
    }

    /// The line's text. `share` is how much of the captures' bytes was read, from 0 to 1.
    static func text(
        packetCount: Int, evaluationCount: Int, elapsedSeconds: Double, share: Double?
    ) -> String {
        var text =
            "\(Figures.packets(packetCount)), "
            + "\(Figures.rate(Double(evaluationCount) / elapsedSeconds)) decisions/s"
        if let share {
            text += ", \(Figures.percent(Int(share * 1000), of: 1000))"
            if share > 0 {
                text += ", \(Figures.seconds(elapsedSeconds * (1 - share) / share)) left"
            }
        }
        return text
    }

    private var share: Double? {
        totalByteCount.map { total in
            total == 0 ? 1 : min(1, Double(bytesDone) / Double(total))
        }
    }

    private func show(_ text: String) {
        // The terminal's code for "erase the line" follows the return to its first column.
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    }
}

import CloudModel
import Replay

extension Option {
    static let top = Option(
        "--top", .count("N", upTo: 10_000),
        summary: "list the N flows of which most packets, and most bytes, are dropped")
    static let stats = Option(
        "--stats", .count("SECONDS", upTo: 1_000_000),
        summary: "print the totals so far on standard error, every so often")
}

/// All that a replay puts out: lines or totals, files of packets, and talk meanwhile.
struct ReplayOutput {
    private let format: String
    private let output = OutputStorage.standardOutput()
    private let packetWriters: [PacketWriter]
    private let progress: ProgressLine?
    private let droppedFlows: DroppedFlows?
    private let topCount: Int
    private let writesPacketsToOutput: Bool
    /// Those who look at each batch.
    let observers: [any FrameObserver]

    /// Creates the files. `byteCount` is how long the captures are.
    ///
    /// - Throws: ``CommandFailure/output(_:)``.
    init(_ arguments: Arguments, format: String, byteCount: Int?) throws(CommandFailure) {
        self.format = format
        writesPacketsToOutput = arguments.writesPacketsToOutput
        packetWriters = try arguments.packetWriters()
        topCount = arguments.count(.top) ?? 0
        droppedFlows = topCount > 0 ? DroppedFlows() : nil
        let printsLines = format == "ndjson" || format == "csv"
        let seconds = arguments.count(.stats)
        progress =
            seconds != nil
            ? nil
            : .ifWatched(
                totalByteCount: byteCount, besideLines: printsLines || writesPacketsToOutput)
        var observers: [any FrameObserver] = packetWriters
        switch format {
        case "ndjson": observers.append(DecisionLines(output))
        case "csv": observers.append(DecisionRows(output))
        default: break
        }
        if let droppedFlows { observers.append(droppedFlows) }
        if let progress { observers.append(progress) }
        if let seconds { observers.append(RunningTotals(seconds: seconds)) }
        self.observers = observers
    }

    /// Prints the totals and completes the files. If one of them cannot be, it and those that come
    /// behind it are removed.
    ///
    /// - Throws: ``CommandFailure/output(_:)``.
    func finish(_ result: ReplayResult) throws(CommandFailure) {
        progress?.clear()
        // Lines that nobody takes any more ended the replay: the files would be cut short.
        if let failure = output.failure { throw .output(failure) }
        if let failure = packetWriters.lazy.compactMap(\.failure).first { throw .output(failure) }
        for writer in packetWriters {
            do throws(OutputError) {
                try writer.finish()
            } catch {
                throw .output(error)
            }
        }
        let flows = droppedFlows.map { TopDroppedFlows($0, count: topCount) }
        switch format {
        case "text" where writesPacketsToOutput:
            printMessages(result.text(flows).split(separator: "\n").map(String.init))
        case "text": output.append(result.text(flows))
        case "json": output.append(result.json(flows))
        default: break
        }
        try sluice.finish(output)
    }
}

import Captures
import CloudFiles
import CloudModel
import ControlPlane
import Foundation
import Replay

private let operations = Option(
    "--operations", .text("FILE"),
    summary: "API calls, one a line, made when the capture's clock comes to their `at`")
private let loop = Option(
    "--loop", .count("N"), summary: "replay the captures N times; the totals add up")
private let threads = Option(
    "--threads", .count("N"),
    summary: "share the work among N threads, 1 unless given; the results are the same")
private let format = Option.format("text", "json", "ndjson", "csv")

/// `sluice replay`: decides every packet of captures.
let replayCommand = Command(
    "replay", "decide every packet of captures, and count what each rule did",
    options: [
        .fleet, .capture, .merge, .decapsulate, operations, .stateless, .maximumSessions,
        .interface, .vpc, loop, threads, format,
    ],
    notes: """
        Captures are pcap and pcapng, plain, gzip or zstd. Of a folder all files that begin as
        captures are read, in the order of their names.
        A packet is evaluated where its addresses say: on egress at the interface that owns the
        source, then on ingress at the one that owns the destination. text and json are totals, with
        the rules that decided something; ndjson and csv are one line for each frame.
        Connections are tracked on the capture's clock: what belongs to an accepted one passes as
        `established`. A call without `at` is made before the first frame; what came of each call is
        printed on standard error, and a refused one changes nothing.
        Exit status 3: a capture ended early, and what was read of it was decided.
        """
) { arguments throws(CommandFailure) in
    let fleet = try loadFleet(arguments)
    let compiled = CompiledFleet(fleet)
    let sources = try arguments.captureSources(in: compiled, command: "replay")
    let calls = try arguments.text(operations).map(loadCalls) ?? []
    var replay = Replay(
        compiled, captures: sources, order: arguments.captureOrder,
        decapsulating: arguments.encapsulation,
        sessions: try arguments.sessionPolicy(command: "replay"),
        calls: calls.map { ScheduledCall($0.request, at: $0.time.map(FrameTime.init)) },
        passCount: arguments.count(loop) ?? 1, threadCount: arguments.count(threads) ?? 1)
    try open(&replay)
    return try run(&replay, calls, writing: arguments.choice(format))
}

/// Runs an opened replay, prints its output and says which captures ended early.
private func run(
    _ replay: inout Replay, _ calls: [TimedOperation], writing format: String
) throws(CommandFailure) -> ExitCode {
    let output = OutputStorage.standardOutput()
    var observers: [any FrameObserver] = []
    switch format {
    case "ndjson": observers.append(DecisionLines(output))
    case "csv": observers.append(DecisionRows(output))
    default: break
    }
    let progress = ProgressLine.ifWatched(
        totalByteCount: replay.byteCount, besideLines: !observers.isEmpty)
    if let progress { observers.append(progress) }
    let result = replay.run(observers: observers)
    progress?.clear()
    switch format {
    case "text": output.append(result.text)
    case "json": output.append(result.json)
    default: break
    }
    try finish(output)
    printMessages(callLines(result.calls, of: calls))
    let incomplete = result.incompleteCaptures
    printMessages(incomplete.map { "sluice: \($0.endText)" })
    return incomplete.isEmpty ? .done : .incompleteInput
}

/// What came of each call, and which calls no frame was late enough for.
private func callLines(_ made: [ReplayedCall], of calls: [TimedOperation]) -> [String] {
    var isMade = Array(repeating: false, count: calls.count)
    var lines: [String] = []
    for each in made {
        isMade[each.number] = true
        lines.append("sluice: \(each.outcome.line(of: calls[each.number], each.changed))")
    }
    for (call, isMade) in zip(calls, isMade) where !isMade {
        lines.append(
            "sluice: \(call.line): \(call.request.operation): not made, "
                + "the captures end before its time")
    }
    return lines
}

import Captures
import CloudFiles
import CloudModel
import ControlPlane
import Foundation
import Replay

private let capture = Option.capture(isRequired: false)
private let interface = Option(
    "-i", .text("INTERFACE[@ENI[:ingress|egress]]"),
    summary: "listen to a network interface of this machine instead, until Ctrl-C")
private let count = Option(
    "--count", .count("N"), summary: "with -i: end after N packets")
private let duration = Option(
    "--duration", .count("SECONDS", upTo: 1_000_000_000), summary: "with -i: end after so long")
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
        .fleet, capture, interface, count, duration, .merge, .decapsulate, operations, .stateless,
        .maximumSessions, .interface, .vpc, loop, threads, .writeAccepted, .writeDropped,
        .annotate, .top, .stats, format,
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
        Files of packets are pcap, and pcapng if the name ends so or if pcap cannot hold them; they
        appear when they are complete. `-` is standard output, and the totals are not printed there.
        Exit status 3: a capture ended early, or Ctrl-C came, and what was read was decided.
        """
) { arguments throws(CommandFailure) in
    let fleet = try loadFleet(arguments)
    let compiled = CompiledFleet(fleet)
    let sources = try sources(arguments, in: compiled)
    try arguments.checkPacketOutputs(
        besides: sources.map(\.path) + [arguments.required(.fleet)]
            + arguments.texts(operations), format: arguments.choice(format))
    let calls = try arguments.text(operations).map(loadCalls) ?? []
    var replay = Replay(
        compiled, captures: sources, order: arguments.captureOrder,
        decapsulating: arguments.encapsulation,
        sessions: try arguments.sessionPolicy(command: "replay"),
        calls: calls.map { ScheduledCall($0.request, at: $0.time.map(FrameTime.init)) },
        passCount: arguments.count(loop) ?? 1, threadCount: arguments.count(threads) ?? 1)
    try open(&replay)
    let output = try ReplayOutput(
        arguments, format: arguments.choice(format), byteCount: replay.byteCount)
    StopSignals.listen()
    let result = replay.run(
        observers: output.observers, until: { StopSignals.areReceived })
    try output.finish(result)
    printMessages(callLines(result.calls, of: calls))
    printMessages(result.earlyEnds.map { "sluice: \($0)" })
    return result.incompleteCaptures.isEmpty ? .done : .incompleteInput
}

/// The captures of `-r`, or the interface of `-i`.
private func sources(
    _ arguments: Arguments, in fleet: CompiledFleet
) throws(CommandFailure) -> [CaptureSource] {
    guard let text = arguments.text(interface) else {
        guard arguments.has(capture) else {
            throw .usage("`replay` needs `\(capture.usage)`", command: "replay")
        }
        for option in [count, duration] where arguments.has(option) {
            throw .usage("`\(option.name)` is for `-i`", command: "replay")
        }
        return try arguments.captureSources(of: capture, in: fleet, command: "replay")
    }
    guard !arguments.has(capture) else {
        throw .usage("`-i` and `-r` exclude one another", command: "replay")
    }
    guard arguments.count(threads) ?? 1 == 1 else {
        throw .usage("`--threads` is for captures: `-i` has one thread", command: "replay")
    }
    let source = try captureSource(
        text, in: fleet, otherwise: try arguments.binding(in: fleet.original),
        vpc: try arguments.vpc(in: fleet.original))
    let limits = LiveLimits(
        frameCount: arguments.count(count),
        duration: arguments.count(duration).map { .seconds($0) })
    return [CaptureSource(path: source.path, placement: source.placement, live: limits)]
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

import Captures
import CloudModel
import Foundation
import Replay

private let capture = Option(
    "-r", .text("CAPTURE[@ENI[:ingress|egress]]"), isRequired: true, isRepeatable: true,
    summary: "a capture or a folder of them, `-` for standard input; with @ENI its packets are "
        + "evaluated there")
private let merge = Option(
    "--merge", summary: "all captures' packets by time, instead of one capture after the other")
private let decapsulate = Option(
    "--decapsulate", .choice(Encapsulation.allCases.map(\.rawValue)),
    summary: "judge the packets inside of such tunnels, as traffic mirroring delivers them")
private let stateless = Option(
    "--stateless", summary: "decide every packet on its own, without sessions")
private let loop = Option(
    "--loop", .count("N"), summary: "replay the captures N times; the totals add up")
private let format = Option.format("text", "json", "ndjson", "csv")

/// `sluice replay`: decides every packet of captures.
let replayCommand = Command(
    "replay", "decide every packet of captures, and count what each rule did",
    options: [
        .fleet, capture, merge, decapsulate, stateless, .interface, .vpc, loop, format,
    ],
    notes: """
        Captures are pcap and pcapng, plain, gzip or zstd. Of a folder all files that begin as
        captures are read, in the order of their names.
        A packet is evaluated where its addresses say: on egress at the interface that owns the
        source, then on ingress at the one that owns the destination. text and json are totals, with
        the rules that decided something; ndjson and csv are one line for each frame.
        Exit status 3: a capture ended early, and what was read of it was decided.
        """
) { arguments throws(CommandFailure) in
    guard arguments.has(stateless) else {
        throw .usage(
            "sessions are not available in this version; add --stateless to decide every packet "
                + "on its own", command: "replay")
    }
    let fleet = try loadFleet(arguments)
    let (binding, vpc) = (try arguments.binding(in: fleet), try arguments.vpc(in: fleet))
    let compiled = CompiledFleet(fleet)
    let sources = try arguments.texts(capture).map { text throws(CommandFailure) in
        try captureSources(text, in: compiled, otherwise: binding, vpc: vpc)
    }.flatMap(\.self)
    guard sources.count(where: { $0.path == "-" }) <= 1 else {
        throw .usage("standard input can be read only once", command: "replay")
    }
    var replay = Replay(
        compiled, captures: sources, order: arguments.has(merge) ? .byTime : .asGiven,
        decapsulating: arguments.text(decapsulate).flatMap(Encapsulation.init(rawValue:)),
        passCount: arguments.count(loop) ?? 1)
    do throws(ReplayError) {
        try replay.open()
    } catch {
        throw .input(error.message)
    }
    return try run(&replay, writing: arguments.choice(format))
}

/// Runs an opened replay, prints its output and says which captures ended early.
private func run(
    _ replay: inout Replay, writing format: String
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
    let incomplete = result.incompleteCaptures
    printMessages(incomplete.map { "sluice: \($0.endText)" })
    return incomplete.isEmpty ? .done : .incompleteInput
}

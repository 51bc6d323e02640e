import CloudFiles
import CloudModel
import Foundation
import Replay

private let capture = Option.capture(isRequired: true)
private let failOn = Option(
    "--fail-on", .choice(["drop", "accept", "any"]),
    summary: "exit with 1 if a flow becomes a drop, or is accepted, or either")
private let all = Option(
    "--all", summary: "show everything as text and Markdown, not only what matters most")
private let report = Option(
    "--report", .text("FILE.html"), summary: "write a page for browsers as well")
private let format = Option.format("text", "json", "ndjson", "csv", "md")

/// `sluice whatif`: the same captures before and after a change.
let whatIfCommand = Command(
    "whatif", "the flows of captures whose decision a change flips, and why",
    options: [
        .fleet, capture, .merge, .decapsulate, WhatIfPlan.operations, WhatIfPlan.revoke,
        WhatIfPlan.leave, WhatIfPlan.join, WhatIfPlan.detach, failOn, all, report, .stateless,
        .maximumSessions, .interface, .vpc, format,
    ],
    notes: """
        Each packet is decided by the fleet as it is and by the fleet with the change, in one pass.
        Changes are made in the order in which they are given, before the first frame; a call of a
        file that has an `at` is made in mid-capture, and connections then go on or are cut as the
        vendor does it. --revoke and the others become the vendor's own calls.
        text is short, --all is complete; json, ndjson and csv always are. Flows come with the
        greatest impact first: packets that flip, and packets of the same connections that depend on
        them.
        Exit status 1: --fail-on is met, or a call is refused. 3: a capture ended early.
        """
) { arguments throws(CommandFailure) in
    let plan = try WhatIfPlan(arguments, on: try loadFleet(arguments))
    let compiled = CompiledFleet(plan.fleet)
    let sources = try arguments.captureSources(of: capture, in: compiled, command: "whatif")
    var replay = Replay(
        compiled, captures: sources, order: arguments.captureOrder,
        decapsulating: arguments.encapsulation,
        sessions: try arguments.sessionPolicy(command: "whatif"),
        calls: plan.calls.map(\.scheduled))
    try open(&replay)
    try checkReportPath(arguments, besides: sources)
    let progress = ProgressLine.ifWatched(totalByteCount: replay.byteCount, besideLines: false)
    let result = replay.compare(observers: progress.map { [$0] } ?? [])
    progress?.clear()
    let answer = WhatIfAnswer(result: result, plan: plan)
    // The page first: whoever cannot have it is told before anything is printed.
    if let path = arguments.text(report) { try answer.writePage(toFileAt: path, arguments) }
    try printOutput { $0.append(answer.output(arguments)) }
    printMessages(answer.callMessages)
    printMessages(result.before.earlyEnds.map { "sluice: \($0)" })
    if plan.refusedCount(in: result) > 0 || result.meets(arguments.text(failOn)) {
        return .answerIsNo
    }
    return result.before.incompleteCaptures.isEmpty ? .done : .incompleteInput
}

/// Makes sure that the page takes the place of no input.
private func checkReportPath(
    _ arguments: Arguments, besides sources: [CaptureSource]
) throws(CommandFailure) {
    guard let path = arguments.text(report) else { return }
    guard path != "-" else {
        throw .usage(
            "`--report` needs a file: standard output has the other report", command: "whatif")
    }
    func place(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
    let inputs =
        [arguments.required(.fleet)] + arguments.texts(WhatIfPlan.operations) + sources.map(\.path)
    guard let input = inputs.first(where: { place($0) == place(path) }) else { return }
    throw .input("`--report` would overwrite `\(input)`, which is read")
}

/// What there is to report: the result, and the change that led to it.
struct WhatIfAnswer {
    let result: WhatIfResult
    let plan: WhatIfPlan

    /// The output in the format that was asked for.
    fileprivate func output(_ arguments: Arguments) -> [UInt8] {
        switch arguments.choice(format) {
        case "json": json
        case "ndjson": result.jsonLines
        case "csv": result.csv
        case "md": Array(markdown(isComplete: arguments.has(all)).utf8)
        default: Array(text(isComplete: arguments.has(all)).utf8)
        }
    }

    /// What came of each call, a line each.
    fileprivate var callMessages: [String] {
        callLines.map { "sluice: \($0)" }
    }

    /// Writes the page, complete or not at all.
    fileprivate func writePage(
        toFileAt path: String, _ arguments: Arguments
    ) throws(CommandFailure) {
        do throws(OutputError) {
            var file = try OutputFile(path: path)
            file.output.append(
                page(command: CommandLine.arguments, isComplete: arguments.has(all)))
            try file.finish()
        } catch {
            throw .output(error)
        }
    }
}

extension WhatIfResult {
    /// Whether flows flip in the way that `--fail-on` names.
    fileprivate func meets(_ condition: String?) -> Bool {
        switch condition {
        case "drop": total(of: .acceptToDrop).packets > 0
        case "accept": total(of: .dropToAccept).packets > 0
        case "any": !isQuiet
        default: false
        }
    }
}

import CloudFiles
import CloudModel
import ControlPlane
import Questions

private let operations = Option(
    "--operations", .text("FILE"),
    summary: "compare BEFORE with what these API calls make of it, instead of AFTER")
private let all = Option("--all", summary: "show every box as text, not only the first 20")
private let format = Option.format("text", "json", "ndjson", "csv", "md")

/// `sluice diff`: exactly which packets change verdict between two fleets.
let diffCommand = Command(
    "diff", "exactly which packets change verdict between two fleets, over all packets",
    operands: ["BEFORE"], optionalOperands: ["AFTER"], options: [operations, all, format],
    notes: """
        Every packet that any interface can be asked about is compared, without sessions: nothing is
        sampled, and "equal" is a proof. The answer is a list of disjoint boxes of packets, each with
        the decisions and rules before and after and an example for `sluice explain`.
        An interface's own addresses are the local ones; later fragments, which have no ports, are
        left out. Calls that are refused are reported, and the others are still made.
        Exit status 0: equal. 1: not equal, or a call was refused.
        """
) { arguments throws(CommandFailure) in
    let (before, after, isRefused) = try loadFleets(arguments)
    if before.switches.fragments != after.switches.fragments {
        printMessages([
            "sluice: warning: the fleets differ in the switch `fragments`; later fragments are "
                + "not compared"
        ])
    }
    let difference = FleetDifference(from: before, to: after)
    let output = OutputStorage.standardOutput()
    switch arguments.choice(format) {
    case "json": output.append(difference.json)
    case "ndjson": output.append(difference.jsonLines)
    case "csv": output.append(difference.csv)
    case "md": output.append(difference.markdown)
    default:
        let lines = difference.lines(upTo: arguments.has(all) ? .max : 20)
        output.append(lines.map { $0.printable + "\n" }.joined())
    }
    try finish(output)
    return difference.isEqual && !isRefused ? .done : .answerIsNo
}

/// Reads BEFORE and AFTER, or makes AFTER of BEFORE and the calls.
private func loadFleets(
    _ arguments: Arguments
) throws(CommandFailure) -> (before: Fleet, after: Fleet, isRefused: Bool) {
    let calls = arguments.text(operations)
    guard (calls == nil) == (arguments.operands.count == 2) else {
        throw .usage("`diff` needs either AFTER or `--operations FILE`", command: "diff")
    }
    let before = try loadFleet(at: arguments.operands[0])
    guard let calls else {
        let after = try loadFleet(at: arguments.operands[1])
        guard before.vendor == after.vendor else {
            throw .input(
                "`\(arguments.operands[0])` is of vendor \(before.vendor.rawValue), "
                    + "`\(arguments.operands[1])` of \(after.vendor.rawValue)")
        }
        return (before, after, false)
    }
    var cloud = ControlPlane(before)
    var isRefused = false
    for call in try loadCalls(at: calls) {
        guard case .refused(let refusal) = cloud.perform(call.request) else { continue }
        isRefused = true
        printMessages([
            "sluice: \(calls):\(call.line): \(call.request.operation) is refused: "
                + "\(refusal.httpStatus) \(refusal.code): \(refusal.message)"
        ])
    }
    return (before, cloud.fleet, isRefused)
}

import BenchmarkSuite
import CloudFiles

private let filter = Option(
    "--filter", .text("WORDS"), summary: "only what has all these words in its name")
private let peer = Option(
    "--peer", .text("PROGRAM"), summary: "what speaks for DPDK's rte_acl; built by `make peers`")
private let format = Option.format("text", "json")

/// `sluice bench`: the benchmark suite's quick form.
let benchCommand = Command(
    "bench", "measure decisions beside DPDK's rte_acl and a linear scan, on made-up rules",
    options: [filter, peer, format],
    notes: """
        Each row is a median of a few rounds: what, how much, beside what, and whether all answers
        agree. It takes about a minute; `swift run -c release SluiceBenchmarks` measures everything.
        The exit code is 1 if an answer is wrong.
        """
) { arguments throws(CommandFailure) in
    var options = SuiteOptions.quick
    options.filter = (arguments.text(filter) ?? "").split(separator: " ").map(String.init)
    if let path = arguments.text(peer) { options.peerPath = path }
    let machine = Machine()
    let isJSON = arguments.choice(format) == "json"
    if !isJSON { try printOutput { $0.append("\(machine.summary)\n\(Row.titles)\n") } }
    let rows = try measure(options, showsRows: !isJSON)
    if isJSON {
        let report = jsonReport(rows, options, machine)
        try printOutput { $0.append(report) }
    }
    return rows.contains { ($0.agreement?.wrong ?? 0) > 0 } ? .answerIsNo : .done
}

/// Runs the suite, and prints each row as it is measured if `showsRows`.
private func measure(
    _ options: SuiteOptions, showsRows: Bool
) throws(CommandFailure) -> [Row] {
    var rows: [Row] = []
    var failure: CommandFailure?
    do throws(BenchmarkError) {
        try Suite(options).run { row in
            rows.append(row)
            guard showsRows, failure == nil else { return }
            do throws(CommandFailure) {
                try printOutput { $0.append(row.line + "\n") }
            } catch {
                failure = error
            }
        }
    } catch {
        throw .input("\(error)")
    }
    if let failure { throw failure }
    return rows
}

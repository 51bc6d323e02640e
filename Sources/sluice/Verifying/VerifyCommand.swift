import CloudFiles
import Replay
import Scenarios

private let format = Option.format("text", "json", "ndjson")

/// `sluice verify`: scenarios run, and what they expect compared with what comes.
let verifyCommand = Command(
    "verify", "run scenarios, and say which expectations are not met",
    operands: ["SCENARIOS…"], options: [format],
    notes: """
        SCENARIOS are files of JSON objects, one after the other; - is standard input. A scenario
        is a fleet and steps: packets, API calls and advances of the clock, with what each must give:
        {"id": "ssh", "fleet": "fleet.json", "steps": [{"packet": {"protocol": "tcp", "source": \
        "203.0.113.5", "sourcePort": 40000, "destination": "10.0.1.10", "destinationPort": 22}, \
        "expect": {"decision": "drop"}}]}
        All files are read before anything runs. Exit status 1: an expectation is not met.
        """
) { arguments throws(CommandFailure) in
    guard arguments.operands.count(where: { $0 == "-" }) <= 1 else {
        throw .usage("standard input can be read only once", command: "verify")
    }
    var scenarios: [Scenario] = []
    for path in arguments.operands { scenarios += try loadScenarios(path) }
    var report = VerifyReport(format: arguments.choice(format))
    let output = OutputStorage.standardOutput()
    for scenario in scenarios {
        report.add(scenario, scenario.run(in: LiveFleet.self))
        output.append(report.takeText())
    }
    report.finish()
    output.append(report.takeText())
    try finish(output)
    return report.failedCount == 0 ? .done : .answerIsNo
}

/// Reads the scenarios of a file, and prints warnings about their fleets.
private func loadScenarios(_ path: String) throws(CommandFailure) -> [Scenario] {
    do throws(FleetFileError) {
        let loaded = try CloudFiles.loadScenarios(path: path)
        printMessages(loaded.warnings.map { "sluice: warning: \($0)" })
        return loaded.scenarios
    } catch {
        throw CommandFailure(error)
    }
}

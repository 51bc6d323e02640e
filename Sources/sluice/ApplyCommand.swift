import CloudFiles
import CloudModel
import ControlPlane

private let operations = Option(
    "--operations", .text("FILE"), isRequired: true,
    summary: "API calls, one a line, as JSON or as the vendor's query")
private let outputPath = Option(
    "--output", .text("FLEET"), summary: "where the fleet goes as it is after the calls")
private let format = Option.format("ndjson", "json", "text")

/// `sluice apply`: API calls carried out on a fleet.
let applyCommand = Command(
    "apply", "carry out API calls on a fleet, or say why the cloud would refuse them",
    options: [.fleet, operations, outputPath, format],
    notes: """
        A result line for each call, in the order of the file; ndjson and json are the same.
        {"operation": "LeaveSecurityGroup", "parameters": {"SecurityGroupId": "sg-a", \
        "InstanceId": "i-a"}}
        A refused call changes nothing, and the calls behind it are still made; the exit code is
        then 1. Times ("at") are for replays: here every call is made at once.
        """
) { arguments throws(CommandFailure) in
    let fleet = try loadFleet(arguments)
    let calls = try loadCalls(at: arguments.required(operations))
    var cloud = ControlPlane(fleet)
    var refusedCount = 0
    let isText = arguments.choice(format) == "text"
    let output = OutputStorage.standardOutput()
    for call in calls {
        let outcome = cloud.perform(call.request)
        if case .refused = outcome { refusedCount += 1 }
        let changed = cloud.interfaces(changedBy: outcome.changes)
        output.append(isText ? outcome.text(of: call, changed) : outcome.json(changed))
    }
    let path = arguments.text(outputPath)
    do throws(CommandFailure) {
        try finish(output)
    } catch {
        // Whoever stopped reading the results still wants the fleet.
        if case .output(.closed) = error, let path { try write(cloud.fleet, toFileAt: path) }
        throw error
    }
    if let path { try write(cloud.fleet, toFileAt: path) }
    return refusedCount == 0 ? .done : .answerIsNo
}

/// Reads the calls of a file that `--operations` names.
///
/// - Throws: ``CommandFailure/malformed(_:)`` with every mistake of the file.
func loadCalls(at path: String) throws(CommandFailure) -> [TimedOperation] {
    do throws(FleetFileError) {
        return try loadOperations(path: path)
    } catch {
        throw CommandFailure(error)
    }
}

private func write(_ fleet: Fleet, toFileAt path: String) throws(CommandFailure) {
    var writer = JSONWriter()
    writer.write(fleet)
    do throws(OutputError) {
        var file = try OutputFile(path: path)
        file.output.append(writer.bytes)
        try file.finish()
    } catch {
        throw .output(error)
    }
}

extension OperationOutcome {
    /// What the call changed; nothing if it was refused.
    var changes: [FleetChange] {
        switch self {
        case .success(let success): success.changes
        case .refused: []
        }
    }

    /// The result line of FORMATS section 2.
    fileprivate func json(_ changed: [NetworkInterfaceID]) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self, changed: changed)
        writer.endLine()
        return writer.bytes
    }

    /// The result in a line for people: the call's place in the file, its name, what came of it.
    fileprivate func text(of call: TimedOperation, _ changed: [NetworkInterfaceID]) -> [UInt8] {
        Array("\(line(of: call, changed))\n".utf8)
    }

    /// The same without the end of the line.
    func line(of call: TimedOperation, _ changed: [NetworkInterfaceID]) -> String {
        let result =
            switch self {
            case .success(let success):
                (["ok, \(counted(changed.count, "interface")) changed"] + success.warnings)
                    .joined(separator: "; ")
            case .refused(let refusal):
                "\(refusal.httpStatus) \(refusal.code): \(refusal.message)"
            }
        // Names and messages hold what the file says: it must not look like another line.
        return "\(call.line): \(call.request.operation): \(result)".printable
    }
}

import CloudFiles
import Scenarios

/// What `verify` prints, put together scenario by scenario.
struct VerifyReport {
    private enum Format { case text, json, ndjson }

    private let format: Format
    private var writer = JSONWriter()
    private var text = ""
    private(set) var passedCount = 0
    private(set) var failedCount = 0

    /// A report in one of the formats of the command's table; the first is text.
    init(format: String) {
        self.format = format == "json" ? .json : format == "ndjson" ? .ndjson : .text
        guard self.format == .json else { return }
        writer.beginObject()
        writer.beginArray("scenarios")
    }

    /// Takes in what came of a scenario.
    mutating func add(_ scenario: Scenario, _ result: ScenarioResult) {
        if result.failures.isEmpty { passedCount += 1 } else { failedCount += 1 }
        switch format {
        case .text:
            let name = scenario.id.map { ": \($0)" } ?? ""
            for failure in result.failures {
                // Ids hold what the file says: they must not look like another line.
                let line = "\(scenario.file):\(scenario.line)\(name): \(failure)".printable
                text += line + "\n"
            }
        case .json: writer.write(scenario, result)
        case .ndjson:
            writer.write(scenario, result)
            writer.endLine()
        }
    }

    /// Adds the totals.
    mutating func finish() {
        switch format {
        case .text: text += "\(passedCount) passed, \(failedCount) failed\n"
        case .json: writer.endArray()
        case .ndjson: writer.beginObject()
        }
        guard format != .text else { return }
        writer.write("passed", passedCount)
        writer.write("failed", failedCount)
        writer.endObject()
        writer.endLine()
    }

    /// What has not been printed yet.
    mutating func takeText() -> [UInt8] {
        defer {
            text = ""
            writer.emptyBuffer()
        }
        return format == .text ? Array(text.utf8) : writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ scenario: Scenario, _ result: ScenarioResult) {
        beginObject()
        write("file", scenario.file)
        write("line", scenario.line)
        if let id = scenario.id { write("id", id) }
        for (key, value) in scenario.labels.sorted(by: { $0.key < $1.key }) { write(key, value) }
        write("passed", result.failures.isEmpty)
        beginArray("failures")
        for failure in result.failures {
            for mismatch in failure.mismatches { write(mismatch, of: failure) }
        }
        endArray()
        endObject()
    }

    private mutating func write(_ mismatch: Mismatch, of failure: ScenarioFailure) {
        beginObject()
        write("step", failure.stepNumber)
        write("expectation", mismatch.claim.subject.description)
        write(anyKey: "expected")
        write(mismatch.claim.expected)
        write(anyKey: "found")
        write(mismatch.found)
        endObject()
    }
}

import CloudFiles
import CloudModel
import Replay

private let rules = Option(
    "--rules", .text("CLASSBENCH"), isRequired: true, summary: "ordered rules in ClassBench's form")
private let trace = Option(
    "--trace", .text("FILE"), isRequired: true,
    summary: "headers: 16-byte records, or five decimal fields a line")
private let outputPath = Option(
    "--output", .text("FILE"), summary: "where the rule indexes go instead of standard output")
// The time of every pass is kept for the median.
private let passLimit = 1_000_000
private let repetitions = Option(
    "--repeat", .count("N", upTo: passLimit), summary: "classify the headers N times, for the rate")
private let format = Option.format("text", "json")

/// `sluice classify`: the first matching rule of each header.
let classifyCommand = Command(
    "classify", "classify headers by plain ordered 5-tuple rules, for benchmarks and oracles",
    options: [rules, trace, outputPath, repetitions, format],
    notes: """
        The output is the index of the first matching rule, from 0, or -1, a line for each header.
        With -o json it is the rate instead, the median over the passes on one core, each with an
        empty memo; the indexes are then written only to --output.
        """
) { arguments throws(CommandFailure) in
    var classification = try loadClassification(arguments)
    let passes = classification.run(passCount: arguments.count(repetitions) ?? 1)
    let isJSON = arguments.choice(format) == "json"
    if let path = arguments.text(outputPath) {
        try write(classification.ruleIndexes, toFileAt: path)
    } else if !isJSON {
        try printOutput { append(classification.ruleIndexes, to: $0) }
    }
    if isJSON {
        let report = classification.json(passes)
        try printOutput { $0.append(report) }
    }
    return .done
}

private func loadClassification(
    _ arguments: Arguments
) throws(CommandFailure) -> HeaderClassification {
    do throws(PlainFileError) {
        return HeaderClassification(
            rules: try readRules(path: arguments.required(rules)),
            headers: try readHeaders(path: arguments.required(trace)))
    } catch {
        if case .unreadable = error { throw .input("\(error)") }
        throw .malformed(["\(error)"])
    }
}

private func write(_ ruleIndexes: [Int32], toFileAt path: String) throws(CommandFailure) {
    do throws(OutputError) {
        var file = try OutputFile(path: path)
        append(ruleIndexes, to: file.output)
        try file.finish()
    } catch {
        throw .output(error)
    }
}

/// Appends the indexes, one a line.
private func append(_ ruleIndexes: [Int32], to output: OutputStorage) {
    for index in ruleIndexes {
        output.append { bytes in
            if index < 0 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(decimal: UInt64(index.magnitude))
            bytes.append(UInt8(ascii: "\n"))
        }
    }
}

extension HeaderClassification {
    /// The report as `classify -o json` prints it (FORMATS section 5).
    fileprivate func json(_ passes: [Duration]) -> [UInt8] {
        let seconds = median(of: passes) / .seconds(1)
        var writer = JSONWriter()
        writer.beginObject()
        writer.write("rules", ruleCount)
        writer.write("headers", headerCount)
        writer.write("buildSeconds", buildTime / .seconds(1))
        writer.write("tableBytes", tableByteCount)
        writer.write("repeat", passes.count)
        writer.write("decisionsPerSecond", seconds > 0 ? Double(headerCount) / seconds : 0)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}

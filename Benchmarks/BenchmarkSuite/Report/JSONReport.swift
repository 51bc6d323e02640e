internal import CloudFiles

/// The rows of a run as JSON, for those who compare runs.
package func jsonReport(_ rows: [Row], _ options: SuiteOptions, _ machine: Machine) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("format", "sluice-bench/1")
    writer.beginObject("machine")
    writer.write("processor", machine.processor)
    writer.write("processors", machine.processorCount)
    if let cache = machine.level2Cache { writer.write("level2Cache", cache) }
    if let load = machine.load { writer.write("load", load) }
    writer.endObject()
    writer.write("rounds", options.rounds)
    writer.write("headers", options.headerCount)
    writer.write("seed", options.seed)
    writer.beginArray("rows")
    for row in rows {
        writer.breakLine()
        writer.write(row)
    }
    writer.endArray()
    writer.endObject()
    writer.endLine()
    return writer.bytes
}

extension JSONWriter {
    fileprivate mutating func write(_ row: Row) {
        beginObject()
        write("name", row.name)
        write("unit", row.unit.rawValue)
        write("median", literal: "\(row.median)")
        write("quartile1", literal: "\(row.spread.lowerBound)")
        write("quartile3", literal: "\(row.spread.upperBound)")
        write("count", row.count)
        if let tail = row.tail {
            write("p99", literal: "\(tail.percentile99)")
            write("max", literal: "\(tail.maximum)")
        }
        if let comparison = row.comparison {
            write("peer", comparison.peer)
            write("peerMedian", literal: "\(comparison.median)")
            write("ratio", literal: "\(comparison.ratio)")
        }
        if let agreement = row.agreement {
            write("answersChecked", agreement.checked)
            write("answersWrong", agreement.wrong)
        }
        if let note = row.note { write("note", note) }
        endObject()
    }
}

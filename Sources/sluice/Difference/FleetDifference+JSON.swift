import CloudFiles
import CloudModel
import Questions

extension FleetDifference {
    /// The answer as `diff -o json` prints it (FORMATS section 5).
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.write("equal", isEqual)
        writer.beginArray("changes")
        for change in changes { change.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    /// A line for each change.
    var jsonLines: [UInt8] {
        var writer = JSONWriter()
        for change in changes {
            change.write(to: &writer)
            writer.endLine()
        }
        return writer.bytes
    }
}

extension VerdictChange {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write("direction", direction.rawValue)
        writer.beginArray("networkInterfaces")
        for interface in networkInterfaces { writer.write(interface.text) }
        writer.endArray()
        writer.write("protocols", protocols.intervals)
        writer.write("sources", sources.blocks(family))
        writer.write("destinations", destinations.blocks(family))
        writer.write("sourcePorts", hasPorts ? sourcePorts.intervals : [])
        writer.write("destinationPorts", hasPorts ? destinationPorts.intervals : [])
        writer.beginArray("icmp")
        for range in icmpRanges {
            writer.beginObject()
            writer.write("types", range.types)
            writer.write("codes", range.codes)
            writer.endObject()
        }
        writer.endArray()
        writer.write("before", before)
        writer.write("after", after)
        writer.write("example", example.packet, at: example.networkInterface, seen: direction)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ key: String, _ interval: Interval) {
        write(key, literal: "[\(interval.lower),\(interval.upper)]")
    }

    fileprivate mutating func write(_ key: String, _ intervals: [Interval]) {
        beginArray(key)
        for interval in intervals { write(literal: "[\(interval.lower),\(interval.upper)]") }
        endArray()
    }

    fileprivate mutating func write(_ key: String, _ blocks: [CIDRBlock]) {
        beginArray(key)
        for block in blocks { write(block.description) }
        endArray()
    }
}

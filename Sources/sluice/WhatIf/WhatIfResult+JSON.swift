import CloudFiles
import CloudModel
import ControlPlane
import FilterTables
import Replay
import Sessions

extension WhatIfAnswer {
    /// The answer as `whatif -o json` prints it (FORMATS section 5).
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        result.writeMembers(to: &writer)
        writeCalls(to: &writer)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func writeCalls(to writer: inout JSONWriter) {
        let made = Dictionary(uniqueKeysWithValues: result.after.calls.map { ($0.number, $0) })
        writer.beginArray("calls")
        for (number, call) in plan.calls.enumerated() {
            writer.beginObject()
            writer.write("operation", call.request.operation)
            writer.write("origin", call.origin)
            writer.write("made", made[number] != nil)
            if let made = made[number] {
                writer.writeMembers(of: made.outcome, changed: made.changed)
            }
            writer.endObject()
        }
        writer.endArray()
    }
}

extension WhatIfResult {
    /// Writes both worlds' totals and what differs into the object that is open.
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        for (key, result) in [("before", before), ("after", after)] {
            writer.beginObject(key)
            result.writeMembers(to: &writer)
            writer.endObject()
        }
        writeTotals(to: &writer)
        writer.beginArray("flips")
        for flow in flips { flow.write(to: &writer) }
        writer.endArray()
        writer.beginObject("uncertain")
        for (cause, count) in uncertain { writer.write(cause.word, count) }
        writer.endObject()
        writeSessions(to: &writer)
    }

    /// A line for each flow that flips.
    var jsonLines: [UInt8] {
        var writer = JSONWriter()
        for flow in flips {
            flow.write(to: &writer)
            writer.endLine()
        }
        return writer.bytes
    }

    private func writeTotals(to writer: inout JSONWriter) {
        writer.beginObject("totals")
        for flip in Flip.allCases {
            writer.beginObject(flip.rawValue)
            writer.write("flows", flips(flip).count)
            writer.write(total(of: flip))
            writer.endObject()
        }
        if unlisted.packets > 0 {
            writer.beginObject("unlisted")
            writer.write(unlisted)
            writer.endObject()
        }
        writer.endObject()
    }

    private func writeSessions(to writer: inout JSONWriter) {
        let left = sessionsAtChanges.left
        writer.beginObject("sessionsAtChanges")
        writer.write("cut", sessionsAtChanges.cutCount)
        writer.write("kept", left.admitted)
        writer.write("keptAgainstRules", left.notAdmitted)
        writer.write("untrackedKept", left.untrackedAdmitted)
        writer.write("untrackedDropped", left.untrackedNotAdmitted)
        writer.endObject()
    }
}

extension FlowFlip {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write("packet", packet, at: networkInterface, seen: seen)
        writer.write(count)
        writer.write("firstSeen", firstSeen)
        writer.write("lastSeen", lastSeen)
        writer.write("before", before)
        writer.write("after", after)
        if let admittedBy {
            writer.beginObject("admittedBy")
            writer.write("rule", admittedBy.rule.text)
            writer.write("securityGroup", admittedBy.securityGroup.text)
            writer.write("direction", admittedBy.direction.rawValue)
            writer.endObject()
        }
        if midstreamCount > 0 { writer.write("midstream", midstreamCount) }
        if dependent.packets > 0 {
            writer.beginObject("dependent")
            writer.write(dependent)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ count: PacketCount) {
        write("packets", count.packets)
        write("bytes", count.bytes)
    }
}

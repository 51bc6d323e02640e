import CloudFiles
import CloudModel
import FilterTables
import Replay
import Sessions

extension ReplayResult {
    /// The totals as `replay -o json` prints them (FORMATS section 5), with the flows of which most was
    /// dropped if they were asked for.
    func json(_ flows: TopDroppedFlows?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writeMembers(to: &writer, flows)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    /// Writes the totals into the object that is open, and dropped flows if they were asked for.
    func writeMembers(to writer: inout JSONWriter, _ flows: TopDroppedFlows? = nil) {
        writer.write("packets", tally.packetCount)
        writer.write("bytes", tally.byteCount)
        writeDecisions(to: &writer)
        writeSessions(to: &writer)
        writer.beginArray("rules")
        for rule in rules { write(rule.hit, of: rule.origin, to: &writer) }
        writer.endArray()
        flows?.write(to: &writer)
        writer.write("elapsedSeconds", elapsedSeconds)
        writer.write("decisionsPerSecond", decisionsPerSecond)
        writer.write("packetsPerSecond", packetsPerSecond)
        writer.write("bitsPerSecond", bitsPerSecond)
        writer.beginArray("captures")
        for capture in captures { write(capture, to: &writer) }
        writer.endArray()
    }

    private func writeDecisions(to writer: inout JSONWriter) {
        writer.beginObject("decisions")
        for verdict in Verdict.allCases {
            writer.write(verdict.rawValue, tally.packetCount(of: verdict))
        }
        writer.endObject()
        writer.beginObject("reasons")
        for reason in Reason.allCases where tally.packetCount(of: reason) > 0 {
            writer.write(reason.rawValue, tally.packetCount(of: reason))
        }
        writer.endObject()
    }

    /// A replay without sessions creates none, and knows no packet to be in mid-connection.
    private func writeSessions(to writer: inout JSONWriter) {
        let counts = sessions ?? SessionCounts()
        writer.write("midstream", tally.midstreamCount)
        writer.beginObject("sessions")
        writer.write("created", counts.created)
        writer.write("expired", counts.expired)
        writer.write("evicted", counts.evicted)
        writer.write("cut", counts.cut)
        writer.write("live", counts.live)
        writer.endObject()
    }

    private func write(_ hit: RuleHit, of origin: RuleOrigin, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write("rule", origin.rule.text)
        writer.write("securityGroup", origin.securityGroup.text)
        writer.write("direction", origin.direction.rawValue)
        writer.write("packets", hit.packetCount)
        writer.write("bytes", hit.byteCount)
        writer.write("firstSeen", hit.firstSeen)
        writer.write("lastSeen", hit.lastSeen)
        writer.endObject()
    }

    private func write(_ capture: CaptureResult, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write("path", capture.path)
        writer.write("packets", capture.packetCount)
        writer.write("complete", capture.isComplete)
        if let error = capture.error { writer.write("error", error) }
        writer.endObject()
    }
}

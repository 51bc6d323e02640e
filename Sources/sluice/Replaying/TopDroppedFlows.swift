import CloudFiles
import CloudModel
import Replay

/// The flows of which most was dropped, as totals list them.
struct TopDroppedFlows {
    private let byPackets: [DroppedFlow]
    private let byBytes: [DroppedFlow]
    private let mostMissed: (packets: Int, bytes: Int)

    /// The `count` first of each kind.
    init(_ flows: DroppedFlows, count: Int) {
        byPackets = flows.withMostPackets(count)
        byBytes = flows.withMostBytes(count)
        mostMissed = flows.mostMissed
    }

    /// Writes them as the member `droppedFlows` of the object that is open.
    func write(to writer: inout JSONWriter) {
        writer.beginObject("droppedFlows")
        for (key, flows) in [("byPackets", byPackets), ("byBytes", byBytes)] {
            writer.beginArray(key)
            for flow in flows { write(flow, to: &writer) }
            writer.endArray()
        }
        writer.write("mostMissedPackets", mostMissed.packets)
        writer.write("mostMissedBytes", mostMissed.bytes)
        writer.endObject()
    }

    private func write(_ flow: DroppedFlow, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write("packet", flow.packet)
        writer.write("packets", flow.packetCount)
        writer.write("bytes", flow.byteCount)
        writer.write("firstSeen", flow.firstSeen)
        writer.write("lastSeen", flow.lastSeen)
        writer.write("decision", flow.decision)
        writer.endObject()
    }

    /// The two lists of the report for people; empty if nothing was dropped.
    var textBlocks: [[String]] {
        guard !byPackets.isEmpty else { return [] }
        return [
            block("dropped flows with most packets", byPackets),
            block("dropped flows with most bytes", byBytes) + note,
        ]
    }

    private func block(_ title: String, _ flows: [DroppedFlow]) -> [String] {
        let names = flows.map(\.text)
        let width = (names.map(\.count).max() ?? 0) + 2
        return [title]
            + zip(flows, names).map { flow, name in
                "  " + name.padded(to: width)
                    + Figures.packets(flow.packetCount).leftPadded(to: 18)
                    + Figures.bytes(flow.byteCount).leftPadded(to: 10)
                    + "  \(flow.decision.comment)"
            }
    }

    private var note: [String] {
        guard mostMissed.packets > 0 else { return [] }
        return [
            "  (of each flow up to \(Figures.packets(mostMissed.packets)) and "
                + "\(Figures.bytes(mostMissed.bytes)) can be missing: there are too many)"
        ]
    }
}

extension DroppedFlow {
    /// The flow's fields, without the first packet's flags.
    fileprivate var text: String {
        var packet = packet
        packet.transport = packet.transport.withoutFlags
        return packet.description
    }
}

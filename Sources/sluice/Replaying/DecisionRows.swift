import CloudModel
import Replay

/// Writes each frame's decision as a CSV row (RFC 4180, lines end with a line feed).
final class DecisionRows: FrameObserver {
    private let output: OutputStorage
    private var lines = LineStorage()
    /// The columns before the packet and behind it, with their commas.
    private var places = EvaluationTexts { decision in
        Array.fields([decision.networkInterface?.text, decision.direction?.rawValue])
    }
    private var decisions = EvaluationTexts { decision in
        Array.fields([
            decision.verdict.rawValue, decision.reason.rawValue, decision.rule?.text,
            decision.securityGroup?.text,
        ])
    }
    private var packets = PacketTexts()
    private var path: (text: String, field: [UInt8]) = ("", [])

    static let header = """
        frame,time,capture,networkInterface,direction,protocol,source,sourcePort,destination,\
        destinationPort,decision,reason,rule,securityGroup

        """

    /// Begins with the header row.
    init(_ output: OutputStorage) {
        self.output = output
        output.append(DecisionRows.header)
    }

    func observe(_ batch: DecidedBatch) -> Bool {
        if path.text != batch.path { path = (batch.path, .fields([batch.path])) }
        places.begin(batch)
        decisions.begin(batch)
        for index in batch.frames.indices { append(index, of: batch, to: &lines) }
        output.write(&lines)
        return output.failure == nil
    }

    private func append(_ index: Int, of batch: DecidedBatch, to lines: inout LineStorage) {
        let answer = batch.answers[index]
        lines.append(decimal: UInt64(batch.framesBefore + index + 1))
        lines.append(",")
        lines.append(batch.frames[index].captureTime)
        lines.append(path.field)
        lines.append(places.text(for: answer, in: batch))
        if let packet = batch.frames[index].packet {
            append(packet, to: &lines)
        } else {
            lines.append(",,,,,")
        }
        lines.append(decisions.text(for: answer, in: batch))
        lines.append("\n")
    }

    private func append(_ packet: Packet, to lines: inout LineStorage) {
        lines.append(",")
        lines.append(packets.protocols[Int(packet.ipProtocol.rawValue)])
        lines.append(",")
        packets.append(packet.source, to: &lines)
        lines.append(",")
        if case .ports(let port, _, _) = packet.transport { lines.append(decimal: UInt64(port)) }
        lines.append(",")
        packets.append(packet.destination, to: &lines)
        lines.append(",")
        if case .ports(_, let port, _) = packet.transport { lines.append(decimal: UInt64(port)) }
    }
}

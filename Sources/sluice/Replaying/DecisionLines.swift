import CloudFiles
import CloudModel
import Replay

/// Writes each frame's decision as a line of JSON (FORMATS section 5).
final class DecisionLines: FrameObserver {
    private let output: OutputStorage
    private var lines = LineStorage()
    private var decisions = EvaluationTexts { decision in
        var writer = JSONWriter()
        writer.beginObject()
        writer.writeMembers(decision)
        // Without the brace, so that it serves in two places.
        return Array(writer.bytes.dropFirst())
    }
    private var packets = PacketTexts()
    private var writer = JSONWriter()
    private var path: (text: String, json: [UInt8]) = ("", [])

    init(_ output: OutputStorage) { self.output = output }

    func observe(_ batch: DecidedBatch) -> Bool {
        if path.text != batch.path { path = (batch.path, JSONWriter.text(batch.path)) }
        decisions.begin(batch)
        for index in batch.frames.indices { append(index, of: batch, to: &lines) }
        output.write(&lines)
        return output.failure == nil
    }

    private func append(_ index: Int, of batch: DecidedBatch, to lines: inout LineStorage) {
        let answer = batch.answers[index]
        lines.append(#"{"frame":"#)
        lines.append(decimal: UInt64(batch.framesBefore + index + 1))
        lines.append(#","capture":"#)
        lines.append(path.json)
        lines.append(#","time":"#)
        lines.append(batch.frames[index].captureTime)
        lines.append(",")
        lines.append(decisions.text(for: answer, in: batch))
        if let packet = batch.frames[index].packet {
            lines.append(#","packet":"#)
            append(packet, to: &lines)
        }
        if answer.evaluations.count > 1 {
            lines.append(#","evaluations":[{"#)
            for number in answer.evaluations {
                if number > answer.evaluations.lowerBound { lines.append("},{") }
                lines.append(decisions.text(for: batch.evaluations[number], in: batch))
            }
            lines.append("}]")
        }
        lines.append("}\n")
    }

    private func append(_ packet: Packet, to lines: inout LineStorage) {
        guard packet.fragment == nil, packet.quoted == nil else {
            // Rare, and of many forms.
            writer.removeAll()
            writer.write(packet)
            return lines.append(writer.bytes)
        }
        lines.append(#"{"protocol":"#)
        lines.append(packets.jsonProtocols[Int(packet.ipProtocol.rawValue)])
        lines.append(#","source":""#)
        packets.append(packet.source, to: &lines)
        lines.append("\"")
        if case .ports(let source, _, _) = packet.transport {
            lines.append(#","sourcePort":"#)
            lines.append(decimal: UInt64(source))
        }
        lines.append(#","destination":""#)
        packets.append(packet.destination, to: &lines)
        lines.append("\"")
        appendTransport(of: packet, to: &lines)
        lines.append("}")
    }

    /// Appends the transport fields, but for the source port, which stands beside its address.
    private func appendTransport(of packet: Packet, to lines: inout LineStorage) {
        switch packet.transport {
        case .none: break
        case .ports(_, let destination, let flags):
            lines.append(#","destinationPort":"#)
            lines.append(decimal: UInt64(destination))
            if let flags {
                lines.append(#","tcpFlags":""#)
                lines.append(packets.flags[Int(flags.rawValue)])
                lines.append("\"")
            }
        case .icmp(let type, let code):
            lines.append(#","icmpType":"#)
            lines.append(decimal: UInt64(type))
            lines.append(#","icmpCode":"#)
            lines.append(decimal: UInt64(code))
            if let identifier = packet.icmpIdentifier {
                lines.append(#","icmpId":"#)
                lines.append(decimal: UInt64(identifier))
            }
        }
    }
}

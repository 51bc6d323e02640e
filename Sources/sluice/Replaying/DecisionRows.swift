import Captures
import CloudModel
import Replay

/// Writes each frame's decision as a CSV row (RFC 4180, lines end with a line feed).
final class DecisionRows: FrameObserver {
    private let output: OutputStorage

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
        for index in batch.frames.indices {
            let row = DecisionRow(
                number: batch.framesBefore + index + 1, frame: batch.frames[index],
                decision: batch.decision(of: batch.answers[index]))
            let path = batch.path
            output.append { row.append(to: &$0, capture: path) }
        }
        return output.failure == nil
    }
}

/// What a CSV row says about a frame.
private struct DecisionRow {
    let number: Int
    let frame: BatchedFrame
    let decision: Decision

    func append(to bytes: inout [UInt8], capture: String) {
        bytes.append(decimal: UInt64(number))
        bytes.append(comma)
        bytes.append(frame.time, digits: frame.captureTime.digits)
        bytes.appendField(capture)
        bytes.appendField(decision.networkInterface?.text ?? "")
        bytes.appendField(decision.direction?.rawValue ?? "")
        appendPacket(to: &bytes)
        bytes.appendField(decision.verdict.rawValue)
        bytes.appendField(decision.reason.rawValue)
        bytes.appendField(decision.rule?.text ?? "")
        bytes.appendField(decision.securityGroup?.text ?? "")
        bytes.append(UInt8(ascii: "\n"))
    }

    private func appendPacket(to bytes: inout [UInt8]) {
        guard let packet = frame.packet else {
            bytes.append(contentsOf: [comma, comma, comma, comma, comma])
            return
        }
        bytes.appendField(packet.ipProtocol.description)
        bytes.appendField(packet.source.description)
        bytes.append(comma)
        if case .ports(let port, _, _) = packet.transport { bytes.append(decimal: UInt64(port)) }
        bytes.appendField(packet.destination.description)
        bytes.append(comma)
        if case .ports(_, let port, _) = packet.transport { bytes.append(decimal: UInt64(port)) }
    }
}

private let comma = UInt8(ascii: ",")

extension [UInt8] {
    /// Appends a comma and a field, in quotes where RFC 4180 asks for them.
    mutating func appendField(_ text: String) {
        append(comma)
        let needsQuotes = text.utf8.contains { byte in
            byte == comma || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        guard needsQuotes else {
            append(contentsOf: text.utf8)
            return
        }
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}

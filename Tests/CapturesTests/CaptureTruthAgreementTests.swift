import Captures
import CloudModel
import Foundation
import TestSupport
import Testing

/// The reader and the decoder against tshark, which shares no code with them or with libpcap.
@Suite(
    .enabled(
        if: SharedFolder.contains("captures/truth"), Comment(rawValue: SharedFolder.reason)))
struct CaptureTruthAgreementTests {
    @Test("libpcap reads the same frames through its reader as from C")
    func readsWhatLibpcapReads() throws {
        for expected in try ReadResult.all() {
            let path = try ReadResult.path(ofCapture: expected.name)
            guard expected.opens else {
                #expect(throws: CaptureError.self) {
                    _ = try CaptureReader(throughLibpcap: path)
                }
                continue
            }
            var reader = try CaptureReader(throughLibpcap: path)
            var byteCount = 0
            let status = reader.readFrames(upTo: .max) { frame, bytes in
                byteCount += bytes.byteCount
                #expect(frame.linkType == expected.linkType, "\(expected.name)")
            }
            #expect(reader.frameCount == expected.packetCount, "\(expected.name)")
            #expect(byteCount == expected.capturedByteCount, "\(expected.name)")
            #expect(status == expected.status, "\(expected.name)")
        }
    }

    @Test("every frame is read as tshark reads it")
    func agreesWithTshark() throws {
        var tally = Tally()
        for result in try ReadResult.all() {
            try tally.compare(capture: result.name)
        }
        print(tally.summary)
        let known = TruthExceptions.disagreements
        let unexplained = tally.disagreements.subtracting(known).map(\.description).sorted()
        #expect(unexplained == [])
        let gone = known.subtracting(tally.disagreements).map(\.description).sorted()
        #expect(gone == [], "these exceptions are not needed")
        #expect(tally.lacking == [:])
    }
}

/// Agreement counted over captures.
private struct Tally {
    var read = 0
    var agreeing = 0
    var unsupported = 0
    /// Frames that tshark did not read.
    var unjudged = 0
    var disagreements: Set<Disagreement> = []
    /// How many frames tshark reads beyond those that the reader delivers, by capture.
    var lacking: [String: Int] = [:]

    var summary: String {
        "captures: \(agreeing) of \(read) frames agree with tshark; "
            + "\(unsupported) have a link type that is not supported, "
            + "\(unjudged) tshark does not read, "
            + "\(disagreements.count) differ for known reasons"
    }

    mutating func compare(capture name: String) throws {
        let truth = try TruthTable(capture: name)
        let frames = try decodedFrames(capture: name)
        read += frames.count
        unjudged += max(0, frames.count - truth.rows.count)
        if truth.rows.count > frames.count { lacking[name] = truth.rows.count - frames.count }
        for (frame, row) in zip(frames, truth.rows) {
            compare(frame, row, of: name)
        }
    }

    private mutating func compare(_ frame: DecodedFrame, _ row: TruthRow, of name: String) {
        if frame.reason == .unsupportedLinkType {
            unsupported += 1
            return
        }
        let fields = differences(frame, row)
        if fields.isEmpty { agreeing += 1 }
        for field in fields {
            disagreements.insert(Disagreement(name, frame: row.frame, field))
        }
    }

    private func differences(_ frame: DecodedFrame, _ row: TruthRow) -> [String] {
        guard let packet = frame.packet else { return isNone(row) ? [] : ["ip"] }
        return row.version == "-" ? ["ip"] : FrameFields(packet).differences(from: row.fields)
    }

    /// Whether tshark too finds no packet that a filter could decide.
    private func isNone(_ row: TruthRow) -> Bool {
        // A protocol that is an extension header's number: the header could not be read.
        let isChainOpen =
            row.version == "6" && ["0", "43", "44", "51", "60"].contains(row.fields.ipProtocol)
        return row.version == "-" || row.transport == "short" || isChainOpen
    }
}

/// The frames of a capture in the shared folder, decoded; none if the file is refused.
private func decodedFrames(capture name: String) throws -> [DecodedFrame] {
    var frames: [DecodedFrame] = []
    do {
        var reader = try CaptureReader(path: try ReadResult.path(ofCapture: name))
        _ = reader.readFrames(upTo: .max) { frame, bytes in
            frames.append(
                FrameDecoder(linkType: frame.linkType)
                    .decode(bytes, originalLength: frame.originalLength))
        }
    } catch CaptureError.notACapture {
        // What tshark reads of such a file is counted as lacking.
    }
    return frames
}

import Captures
import CloudModel

/// Checks that a file decoded in batches says what the walk over each frame's headers says; stops the program
/// where it does not.
func checkColumns(of path: String, _ footprint: ReaderFootprint) {
    do throws(CaptureError) {
        var frames = try CaptureReader(path: path, footprint: footprint)
        var batches = try CaptureReader(path: path, footprint: footprint)
        var walked: [Walked] = []
        let status = frames.readFrames(upTo: .max) { walked.append(Walked($0, $1)) }
        var columns = DecodedFrames()
        var columnStatus = CaptureStatus.open
        while columnStatus == .open {
            columnStatus = batches.decodeBatch(upTo: 50, into: &columns, decapsulating: nil)
        }
        precondition(columnStatus == status, "batches end in another way")
        precondition(columns.count == walked.count, "batches have more frames or fewer")
        for index in walked.indices {
            precondition(walked[index] == Walked(columns, at: index), "a batch says another thing")
        }
    } catch {
        preconditionFailure("it was opened before: \(error)")
    }
}

/// What is known of a frame when it is decoded.
private struct Walked: Equatable {
    let time: FrameTime
    let digits: Int
    let originalLength: UInt32
    let packet: Packet?
    let failure: Reason?
    let macs: [MACAddress?]

    init(_ frame: CapturedFrame, _ bytes: RawSpan) {
        let length = frame.originalLength
        let decoded =
            frame.linkType == .ethernet
            ? FrameDecoder.decode(bytes, asEthernetAt: 0, originalLength: length)
            : FrameDecoder(linkType: frame.linkType).decode(bytes, originalLength: length)
        time = frame.time
        digits = frame.timestampDigits
        originalLength = UInt32(clamping: length)
        packet = decoded.packet
        failure = decoded.reason
        macs = [decoded.sourceMAC, decoded.destinationMAC]
    }

    init(_ columns: DecodedFrames, at index: Int) {
        let facts = columns.facts[index]
        time = facts.time
        digits = Int(facts.timestampDigits)
        originalLength = facts.originalLength
        packet = columns.packet(at: index)
        failure = facts.failure
        macs = [facts.sourceMAC, facts.destinationMAC]
    }
}

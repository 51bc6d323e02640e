/// A frame of a batch: what the file says about it, and where its bytes are.
package struct FrameRecord: Hashable, Sendable {
    package let frame: CapturedFrame
    /// Where the frame's bytes begin in the bytes that come with the batch.
    package let offset: Int

    init(_ frame: CapturedFrame, at offset: Int) {
        self.frame = frame
        self.offset = offset
    }

    /// Where the frame's bytes are: `bytes.extracting(record.range)`.
    package var range: Range<Int> { offset..<offset + frame.capturedLength }
}

/// Why a walk over records stopped, and what it needs to go on.
enum WalkStop: Equatable {
    /// The batch is full.
    case full
    /// So many contiguous bytes from the position on.
    case needs(Int)
    /// A long block of no interest lies ahead: so many bytes are to be passed over first.
    case skips(Int)
    /// The bytes at the position contradict the format.
    case malformed(String)
}

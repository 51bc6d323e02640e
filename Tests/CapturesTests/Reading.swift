import Captures

/// A capture read to its end.
struct Reading {
    private(set) var frames: [Frame] = []
    private(set) var status = CaptureStatus.open

    struct Frame: Equatable {
        let frame: CapturedFrame
        let bytes: [UInt8]

        /// Whether the two are the same but for the time's digits: libpcap does not tell them apart
        /// where interfaces differ.
        func matches(_ other: Frame) -> Bool {
            frame.time == other.frame.time && frame.linkType == other.frame.linkType
                && frame.originalLength == other.frame.originalLength && bytes == other.bytes
        }

        /// Whether the two are the same as far as a damaged file can tell: libpcap's arithmetic
        /// overflows for times finer than 2⁻³⁴ s, and it has other numbers for other link types.
        func resembles(_ libpcaps: Frame) -> Bool {
            let other = libpcaps.frame
            let isSameTime =
                frame.timestampDigits == 9
                ? frame.time.seconds == other.time.seconds : frame.time == other.time
            let isSameType =
                frame.linkType == other.linkType || !LinkType.supported.contains(frame.linkType)
            return isSameTime && isSameType && frame.originalLength == other.originalLength
                && bytes == libpcaps.bytes
        }
    }

    /// Nothing, as of a file that is refused.
    init() {}

    init(_ path: String, _ footprint: ReaderFootprint = .alone) throws {
        var reader = try CaptureReader(path: path, footprint: footprint)
        read(&reader)
    }

    /// Reads a file that holds `bytes`.
    init(bytes: [UInt8], _ footprint: ReaderFootprint = .alone) throws {
        let file = try TemporaryFile(bytes)
        try self.init(file.path, footprint)
    }

    init(throughLibpcap path: String) throws {
        var reader = try CaptureReader(throughLibpcap: path)
        read(&reader)
    }

    var isComplete: Bool { status == .end(complete: true, error: nil) }

    /// The times with their digits.
    var times: [String] {
        frames.map { $0.frame.time.text(digits: $0.frame.timestampDigits) }
    }

    /// What is different in the first frame that is not the same in `other`, among those of `other`.
    func difference(from other: Reading) -> String? {
        for (index, frame) in other.frames.enumerated() {
            guard index < frames.count else { return "\(frames.count) of \(other.frames.count)" }
            guard !frames[index].matches(frame) else { continue }
            return "frame \(index + 1): \(frames[index]) and \(frame)"
        }
        return nil
    }

    private mutating func read(_ reader: inout CaptureReader) {
        var frames: [Frame] = []
        status = reader.readFrames(upTo: .max) { frame, bytes in
            frames.append(Frame(frame: frame, bytes: bytes.copied))
        }
        self.frames = frames
    }
}

/// A capture file being read from front to back: pcap and pcapng, whatever libpcap opens.
///
///     var reader = try CaptureReader(path: "web.pcap")
///     var status = CaptureStatus.open
///     while status == .open {
///         status = reader.readFrames(upTo: 256) { frame, bytes in
///             decoded.append(FrameDecoder(linkType: frame.linkType)
///                 .decode(bytes, originalLength: frame.originalLength))
///         }
///     }
///
/// The bytes of a frame live until the next one is read. They are handed over as a span, which
/// cannot leave the closure, so nothing can look at them later.
///
/// A reader belongs to one thread at a time; it closes its file when it goes.
package struct CaptureReader: ~Copyable {
    private var file: CaptureFile
    private var status = CaptureStatus.open

    /// The path as given; `-` is standard input.
    package let path: String
    /// How many digits behind the point the file's times have: 6 or 9.
    ///
    /// pcap's magic number says so; for pcapng it is what the first interface declares.
    package var timestampDigits: Int { file.timestampDigits }
    /// How many frames were read.
    package private(set) var frameCount = 0

    /// Opens a capture file; `-` is standard input.
    ///
    /// - Throws: ``CaptureError/cannotOpen(path:cause:)`` when there is no such file or it may not
    ///   be read, ``CaptureError/notACapture(path:cause:)`` when it does not begin as one.
    package init(path: String) throws(CaptureError) {
        file = try CaptureFile.open(path)
        self.path = path
    }

    /// How the frames begin, as the head of the file has it; see ``CapturedFrame/linkType``.
    package var linkType: LinkType { file.linkType }

    /// How many bytes of the file have been taken in; `nil` where that cannot be told, as on a pipe.
    ///
    /// Together with ``byteCount`` it says how far the work is. Reads run ahead of the frames by up
    /// to a buffer.
    package var byteOffset: Int? { file.byteOffset }

    /// The size of the file; `nil` if it is not a regular one.
    package var byteCount: Int? { file.byteCount }

    /// Reads up to `limit` frames and hands each to `body` with its bytes.
    ///
    /// The result is `.open` when `limit` frames were read, else why there were fewer. After the end
    /// it stays what it was.
    package mutating func readFrames(
        upTo limit: Int, _ body: (CapturedFrame, RawSpan) -> Void
    ) -> CaptureStatus {
        var remaining = limit
        while remaining > 0, status == .open {
            status = file.readFrame(body)
            guard status == .open else { break }
            remaining -= 1
            frameCount += 1
        }
        return status
    }
}

/// Whether a capture has more to give.
package enum CaptureStatus: Hashable, Sendable {
    /// Frames may follow.
    case open
    /// None follows. `complete` is whether the file ended where it should; otherwise `error` says
    /// what was wrong, and the frames read until then stand.
    case end(complete: Bool, error: String?)
}

/// Why a file cannot be read as a capture.
package enum CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operating system refuses; `cause` is its reason.
    case cannotOpen(path: String, cause: String)
    /// The first bytes are not a capture's, or of a version that is not supported.
    case notACapture(path: String, cause: String)

    /// One line for a person.
    package var description: String {
        switch self {
        case .cannotOpen(let path, let cause): "cannot open `\(path)`: \(cause)"
        case .notACapture(let path, let cause): "cannot read `\(path)` as a capture: \(cause)"
        }
    }
}

internal import Captures

/// A capture that was opened for its check, and is read later.
final class OpenedCapture {
    private let path: String
    private let footprint: ReaderFootprint
    /// `nil` for a pipe.
    let byteCount: Int?
    /// Whether it can be opened again: a pipe cannot, nor can standard input, even where that is a
    /// file, because all its readers share one place in it.
    let isRepeatable: Bool
    private var reader: CaptureReader?

    init(_ source: CaptureSource, footprint: ReaderFootprint) throws(CaptureError) {
        path = source.path
        self.footprint = footprint
        let reader: CaptureReader
        if let limits = source.live {
            reader = try CaptureReader(interface: path, limits: limits)
        } else {
            reader = try CaptureReader(path: path, footprint: footprint)
        }
        byteCount = reader.byteCount
        isRepeatable = byteCount != nil && path != "-"
        // Thousands of captures may be given: those that can be opened again do not stay open.
        self.reader = isRepeatable ? nil : consume reader
    }

    /// A reader at the first frame.
    func takeReader() throws(CaptureError) -> CaptureReader {
        if let reader = reader.take() { return reader }
        return try CaptureReader(path: path, footprint: footprint)
    }

    /// The time of the first frame; `nil` if there is none.
    ///
    /// A file is closed again: with thousands of captures only those are open whose times overlap.
    func firstTime() throws(CaptureError) -> FrameTime? {
        var reader = try takeReader()
        let time = reader.nextTime()
        if !isRepeatable { self.reader = consume reader }
        return time
    }
}

/// A capture file read by libpcap, one frame at a time.
final class LibpcapCapture: CaptureSourceFile {
    private let file: CaptureFile
    private var status = CaptureStatus.open

    var byteCount: Int? { file.byteCount }
    var byteOffset: Int? { file.byteOffset }

    /// Opens `path`; `-` is standard input.
    ///
    /// - Throws: ``CaptureError``.
    init(path: String) throws(CaptureError) { file = try CaptureFile.open(path) }

    func readBatch(
        upTo limit: Int, within bound: TimeBound?, _ body: (Span<FrameRecord>, RawSpan) -> Void
    ) -> CaptureStatus {
        precondition(bound == nil, "libpcap does not look ahead")
        guard status == .open else { return status }
        status = file.readFrame { frame, bytes in
            let records = [FrameRecord(frame, at: 0)]
            body(records.span, bytes)
        }
        return status
    }

    /// Not known before the frame is read: libpcap does not look ahead.
    func nextTime() -> FrameTime? { nil }
}

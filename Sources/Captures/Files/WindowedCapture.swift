/// A pcap or pcapng file, plain or compressed, read through a window on its bytes.
///
///     DescriptorStorage ─▶ [GzipStorage | ZstdStorage] ─▶ ByteWindow ─▶ PcapWalk | PcapngWalk ─▶ records
final class WindowedCapture: CaptureSourceFile {
    private let window: ByteWindow
    private var walk: Walk
    private var records: [FrameRecord] = []
    // INVARIANT: records before `next` have been handed out; the others' bytes are in the window.
    private var next = 0
    private var status = CaptureStatus.open

    private enum Walk {
        case pcap(PcapWalk)
        case pcapng(PcapngWalk)
    }

    var byteCount: Int? { window.fileByteCount }
    var byteOffset: Int? { window.fileByteOffset }

    /// Opens `path`; `-` is standard input.
    ///
    /// - Throws: ``CaptureError``.
    init(path: String, footprint: ReaderFootprint) throws(CaptureError) {
        let descriptor = try DescriptorStorage(path: path, staysOpen: footprint.keepsFileOpen)
        do throws(OpeningProblem) {
            (window, walk) = try WindowedCapture.open(descriptor, footprint.windowByteCount)
        } catch {
            throw .notACapture(path: path, cause: error.cause)
        }
    }

    func readBatch(
        upTo limit: Int, within bound: TimeBound?, _ body: (Span<FrameRecord>, RawSpan) -> Void
    ) -> CaptureStatus {
        guard prepare() else { return status }
        var end = next + min(limit, records.count - next)
        if let bound {
            end = records[next..<end].firstIndex { !bound.admits($0.frame.time) } ?? end
            guard end > next else { return .open }
        }
        let records = records
        let batch = records.span.extracting(next..<end)
        window.withBytes { bytes in body(batch, bytes) }
        next = end
        return .open
    }

    /// Straight from the bytes where that is possible: a batch of a pcap file that no bound ends.
    func decodeBatch(
        upTo limit: Int, into frames: inout DecodedFrames,
        decapsulating encapsulation: Encapsulation?
    ) -> CaptureStatus {
        guard case .pcap(let pcap) = walk, next == records.count else {
            return decodeRecords(upTo: limit, into: &frames, decapsulating: encapsulation)
        }
        let countBefore = frames.count
        while frames.count == countBefore, status == .open {
            let stop = decode(
                pcap, upTo: limit, into: &frames, decapsulating: encapsulation)
            if frames.count == countBefore { resolve(stop) }
        }
        return frames.count > countBefore ? .open : status
    }

    private func decode(
        _ pcap: PcapWalk, upTo limit: Int, into frames: inout DecodedFrames,
        decapsulating encapsulation: Encapsulation?
    ) -> WalkStop {
        var (position, stop) = (window.position, WalkStop.full)
        window.withBytes { bytes in
            stop = pcap.decode(
                bytes, from: &position, into: &frames, upTo: limit,
                decapsulating: encapsulation)
        }
        window.pass(to: position)
        return stop
    }

    func nextTime() -> FrameTime? { prepare() ? records[next].frame.time : nil }

    /// Makes sure that there is a record to hand out; the result is whether there is.
    private func prepare() -> Bool {
        while next == records.count, status == .open {
            records.removeAll(keepingCapacity: true)
            next = 0
            var position = window.position
            let stop = walkOn(from: &position)
            window.pass(to: position)
            if records.isEmpty { resolve(stop) }
        }
        return next < records.count
    }

    private func walkOn(from position: inout Int) -> WalkStop {
        let limit = CaptureReader.batchCapacity
        var (start, stop) = (position, WalkStop.full)
        window.withBytes { bytes in
            switch walk {
            case .pcap(let pcap):
                stop = pcap.read(bytes, from: &start, into: &records, upTo: limit)
            case .pcapng(var pcapng):
                stop = pcapng.read(bytes, from: &start, into: &records, upTo: limit)
                walk = .pcapng(pcapng)
            }
        }
        position = start
        return stop
    }

    /// Gets what the walk needs, or ends.
    private func resolve(_ stop: WalkStop) {
        switch stop {
        case .full: break
        case .needs(let count):
            if !window.require(count) { end(needing: count) }
        case .skips(let count):
            let start = window.sourcePosition
            guard window.skip(count) else {
                return end(needing: count, found: window.sourcePosition - start + window.available)
            }
            if case .pcapng(var pcapng) = walk {
                pcapng.noteSkipped(count)
                walk = .pcapng(pcapng)
            }
        case .malformed(let problem):
            end("at byte \(window.sourcePosition): \(problem)")
        }
    }

    /// The source has ended, and `count` bytes are needed to go on.
    private func end(needing count: Int, found: Int? = nil) {
        if case .failed(let cause) = window.sourceEnd { return end(cause) }
        let found = found ?? window.available
        if found == 0 {
            status = .end(complete: true, error: nil)
        } else {
            end(
                "cut short in the record at byte \(window.sourcePosition): "
                    + "\(count) bytes are needed, \(found) are there")
        }
    }

    private func end(_ error: String) { status = .end(complete: false, error: error) }
}

extension WindowedCapture {
    /// Finds out what the source holds, through a decompressor if it is compressed.
    private static func open(
        _ descriptor: DescriptorStorage, _ capacity: Int
    ) throws(OpeningProblem) -> (ByteWindow, Walk) {
        // A small file needs no large window. The one more tells its end in one read.
        let byteCount = max(descriptor.byteCount ?? .max - 1, 15) + 1
        let window = ByteWindow(descriptor, capacity: min(capacity, byteCount))
        guard window.require(4) else { throw emptiness(of: window) }
        switch compression(of: window) {
        case nil: return (window, try walk(over: window))
        case .gzip?:
            let gzip = GzipStorage(descriptor, beginning: window.takeRest())
            let inner = ByteWindow(gzip, capacity: capacity)
            return (inner, try walk(over: inner))
        case .zstd?:
            let zstd = ZstdStorage(descriptor, beginning: window.takeRest())
            let inner = ByteWindow(zstd, capacity: capacity)
            return (inner, try walk(over: inner))
        }
    }

    private enum Compression { case gzip, zstd }

    private static func compression(of window: ByteWindow) -> Compression? {
        window.withBytes { bytes in
            switch bytes.uint32(at: 0) {
            case 0x1F8B_0000...0x1F8B_FFFF: .gzip
            // A frame, and a skippable frame, whose number ends in any of sixteen digits.
            case 0x28B5_2FFD: .zstd
            case let word where word & 0xF0FF_FFFF == 0x502A_4D18: .zstd
            default: nil
            }
        }
    }

    private static func walk(over window: ByteWindow) throws(OpeningProblem) -> Walk {
        guard window.require(4) else { throw emptiness(of: window) }
        if window.withBytes({ PcapWalk.begins($0) }) {
            guard window.require(PcapWalk.headerLength) else { throw cutHeader(of: window) }
            let walk = try window.withBytes { bytes throws(OpeningProblem) in
                try PcapWalk(header: bytes)
            }
            window.pass(to: PcapWalk.headerLength)
            return .pcap(walk)
        }
        if window.require(12), window.withBytes({ PcapngWalk.begins($0) }) {
            guard window.require(PcapngWalk.headerLength) else { throw cutHeader(of: window) }
            return .pcapng(
                try window.withBytes { bytes throws(OpeningProblem) in
                    try PcapngWalk(header: bytes)
                })
        }
        throw OpeningProblem(cause: "unknown file format")
    }

    private static func emptiness(of window: ByteWindow) -> OpeningProblem {
        if case .failed(let cause) = window.sourceEnd { return OpeningProblem(cause: cause) }
        return OpeningProblem(
            cause: window.available == 0 ? "the file is empty" : "unknown file format")
    }

    private static func cutHeader(of window: ByteWindow) -> OpeningProblem {
        if case .failed(let cause) = window.sourceEnd { return OpeningProblem(cause: cause) }
        return OpeningProblem(cause: "the file ends in its header, after \(window.available) bytes")
    }
}

/// A capture being read from front to back: pcap and pcapng files, plain, gzip or zstd, and pipes.
///
///     var reader = try CaptureReader(path: "web.pcap.gz")
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
/// A reader belongs to one thread at a time; it closes its file when it goes. It holds about 270 KiB,
/// more while a single frame is longer, and as much again as a decompressor needs.
package struct CaptureReader: ~Copyable {
    private let file: any CaptureSourceFile

    /// The path as given; `-` is standard input.
    package let path: String
    /// How many frames were read.
    package private(set) var frameCount = 0
    /// The time of the first frame, once it was read.
    package private(set) var firstTime: FrameTime?

    /// The most frames that come at once: their descriptions take about 16 KiB.
    package static let batchCapacity = 256

    /// Opens a capture; `-` is standard input.
    ///
    /// - Throws: ``CaptureError/cannotOpen(path:cause:)`` when there is no such file or it may not
    ///   be read, ``CaptureError/notACapture(path:cause:)`` when it does not begin as one.
    package init(
        path: String, footprint: ReaderFootprint = .alone
    ) throws(CaptureError) {
        self.path = path
        file = try WindowedCapture(path: path, footprint: footprint)
    }

    /// Opens a capture file through libpcap, which refuses some that ``init(path:footprint:)`` reads: the other
    /// reading to compare with.
    ///
    /// - Throws: as ``init(path:footprint:)``.
    package init(throughLibpcap path: String) throws(CaptureError) {
        self.path = path
        file = try LibpcapCapture(path: path)
    }

    /// Listens to a network interface until `limits` are reached. Batches are small, or empty, when
    /// little passes.
    ///
    /// - Throws: ``CaptureError/cannotOpen(path:cause:)`` when there is no such interface or it may not
    ///   be listened to.
    package init(interface: String, limits: LiveLimits) throws(CaptureError) {
        path = interface
        file = try LiveCapture(interface: interface, limits: limits)
    }

    /// Whether frames come when they pass an interface, so that nobody should wait for a full batch.
    package var isLive: Bool { file.isLive }

    /// How many bytes of the file have been taken in; `nil` where that cannot be told, as on a pipe.
    ///
    /// Together with ``byteCount`` it says how far the work is. Reads run ahead of the frames by up
    /// to a buffer.
    package var byteOffset: Int? { file.byteOffset }

    /// The size of the file; `nil` if it is not a regular one.
    package var byteCount: Int? { file.byteCount }

    /// Reads up to `limit` frames, at most ``batchCapacity``, and hands them to `body` with the bytes
    /// that hold them all.
    ///
    /// `body` is called once, or not at all when the result is an end. After the end it stays what it
    /// was.
    ///
    /// With a `bound`, frames behind it are left for later: the result is then `.open`, and `body` is
    /// not called if the next frame is one of them.
    package mutating func readBatch(
        upTo limit: Int, within bound: TimeBound? = nil,
        _ body: (Span<FrameRecord>, RawSpan) -> Void
    ) -> CaptureStatus {
        var count = 0
        var time: FrameTime?
        let status = file.readBatch(upTo: limit, within: bound) { records, bytes in
            count = records.count
            if count > 0 { time = records[0].frame.time }
            body(records, bytes)
        }
        if frameCount == 0 { firstTime = time }
        frameCount += count
        return status
    }

    /// Decodes up to `limit` frames, at most ``batchCapacity``, and appends what they hold to `frames`.
    ///
    /// The result is as that of ``readBatch(upTo:within:_:)``.
    package mutating func decodeBatch(
        upTo limit: Int, within bound: TimeBound? = nil, into frames: inout DecodedFrames,
        decapsulating encapsulation: Encapsulation?
    ) -> CaptureStatus {
        let countBefore = frames.count
        let status =
            bound == nil
            ? file.decodeBatch(
                upTo: min(limit, CaptureReader.batchCapacity), into: &frames,
                decapsulating: encapsulation)
            : file.decodeRecords(
                upTo: limit, within: bound, into: &frames, decapsulating: encapsulation)
        if frameCount == 0, frames.count > countBefore {
            firstTime = frames.facts[countBefore].time
        }
        frameCount += frames.count - countBefore
        return status
    }

    /// Reads up to `limit` frames and hands each to `body` with its bytes.
    ///
    /// The result is `.open` when `limit` frames were read, else why there were fewer. After the end
    /// it stays what it was.
    package mutating func readFrames(
        upTo limit: Int, _ body: (CapturedFrame, RawSpan) -> Void
    ) -> CaptureStatus {
        var remaining = limit
        while remaining > 0 {
            let status = readBatch(upTo: remaining) { records, bytes in
                remaining -= records.count
                for index in records.indices {
                    body(records[index].frame, bytes.extracting(records[index].range))
                }
            }
            guard status == .open else { return status }
        }
        return .open
    }

    /// The time of the frame that comes next; `nil` if none does, as ``readBatch(upTo:within:_:)`` then
    /// says.
    package mutating func nextTime() -> FrameTime? { file.nextTime() }
}

/// What a reader reads: one of the two ways.
protocol CaptureSourceFile: AnyObject {
    var byteCount: Int? { get }
    var byteOffset: Int? { get }
    /// Whether a read can give nothing and yet not be the last.
    var isLive: Bool { get }
    /// Hands out the next frames, at least one unless the result is an end or the source is live.
    func readBatch(
        upTo limit: Int, within bound: TimeBound?, _ body: (Span<FrameRecord>, RawSpan) -> Void
    ) -> CaptureStatus
    /// Decodes the next frames and appends them to `frames`; otherwise as
    /// ``readBatch(upTo:within:_:)`` without a bound.
    func decodeBatch(
        upTo limit: Int, into frames: inout DecodedFrames,
        decapsulating encapsulation: Encapsulation?
    ) -> CaptureStatus
    /// The time of the next frame; `nil` if there is none.
    func nextTime() -> FrameTime?
}

extension CaptureSourceFile {
    var isLive: Bool { false }

    func decodeBatch(
        upTo limit: Int, into frames: inout DecodedFrames,
        decapsulating encapsulation: Encapsulation?
    ) -> CaptureStatus {
        decodeRecords(upTo: limit, into: &frames, decapsulating: encapsulation)
    }

    /// Reads a batch and decodes it.
    func decodeRecords(
        upTo limit: Int, within bound: TimeBound? = nil, into frames: inout DecodedFrames,
        decapsulating encapsulation: Encapsulation?
    ) -> CaptureStatus {
        readBatch(upTo: limit, within: bound) { records, bytes in
            frames.append(records, in: bytes, decapsulating: encapsulation)
        }
    }
}

/// Up to which time a capture is read before it is another one's turn.
package struct TimeBound: Hashable, Sendable {
    package let time: FrameTime
    /// Whether frames of that very time are read.
    package let isInclusive: Bool

    package init(_ time: FrameTime, isInclusive: Bool) {
        self.time = time
        self.isInclusive = isInclusive
    }

    /// Whether a frame of this time is read.
    func admits(_ other: FrameTime) -> Bool { isInclusive ? other <= time : other < time }
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

package import Captures
internal import CloudModel

/// Consecutive frames of one capture, decoded, in memory that is used again and again: up to 256, but for a ``Block``,
/// which has one batch for all its frames.
///
/// A frame's bytes are gone once it is in a batch, unless it is told to keep them; what deciding and
/// reporting need stays.
package struct FrameBatch: ~Copyable {
    /// How many frames are read at a time. 256 frames take about 20 KiB: they stay in the caches
    /// from decoding to tallying.
    package static let capacity = 256

    /// The frames as columns, in the capture's order.
    private(set) var decoded = DecodedFrames()
    /// The frames as the file holds them, if the batch keeps them.
    package private(set) var keptFrames = KeptFrames()
    /// Where in which capture the first frame stands.
    var origin = BatchOrigin()

    private var encapsulation: Encapsulation?
    private(set) var keepsBytes = false

    /// An empty batch with room for ``capacity`` frames. Of frames that are tunnels of the kind
    /// `encapsulation` it will hold the inner packets; of all it keeps the bytes if `keepsBytes` says so.
    package init(decapsulating encapsulation: Encapsulation? = nil, keepsBytes: Bool = false) {
        self.encapsulation = encapsulation
        self.keepsBytes = keepsBytes
        decoded.reserveCapacity(FrameBatch.capacity)
    }

    /// A batch of one packet that comes from no capture.
    init(_ packet: Packet, at time: FrameTime) {
        decoded = DecodedFrames(packet, at: time)
        origin.captureStart = time
    }

    /// Moves the frames from place `index` on to `other`, in the place of what is there, so that both
    /// parts can be decided by different states of the fleet.
    mutating func split(at index: Int, into other: inout FrameBatch) {
        other.origin = origin.advanced(by: index)
        other.encapsulation = encapsulation
        other.keepsBytes = keepsBytes
        keptFrames.split(at: index, into: &other.keptFrames)
        decoded.split(at: index, into: &other.decoded)
    }

    /// The frames, in the capture's order.
    package var frames: BatchedFrames { BatchedFrames(decoded) }
    /// How many frames there are.
    package var count: Int { decoded.count }

    /// Empties the batch for frames of another origin.
    mutating func begin(at origin: BatchOrigin) {
        removeFrames()
        self.origin = origin
    }

    /// Appends frames of `source`, and their bytes if both keep them.
    mutating func append(_ range: Range<Int>, of source: borrowing FrameBatch) {
        decoded.append(range, of: source.decoded)
        if keepsBytes { keptFrames.append(range, of: source.keptFrames) }
    }

    /// Appends those frames of a range of `source` whose lane is `lane`; `lanes` are those of all its frames.
    mutating func append(
        _ range: Range<Int>, of source: borrowing FrameBatch, in lanes: [UInt8],
        where lane: UInt8
    ) {
        decoded.append(range, of: source.decoded, in: lanes, where: lane)
    }

    /// Replaces the frames with the next ones of `reader`, as far as `bound` lets them.
    ///
    /// - Returns: Whether more may follow; a batch that ends a capture may be short or empty.
    package mutating func fill(
        from reader: inout CaptureReader, within bound: TimeBound? = nil
    ) -> CaptureStatus {
        removeFrames()
        return append(from: &reader, within: bound)
    }

    /// Appends up to ``capacity`` next frames of `reader`, as far as `bound` lets them. The origin becomes theirs.
    mutating func append(
        from reader: inout CaptureReader, within bound: TimeBound?
    ) -> CaptureStatus {
        origin = BatchOrigin(path: reader.path, framesBefore: reader.frameCount)
        let limit = count + FrameBatch.capacity
        var status = CaptureStatus.open
        var isAtBound = false
        while status == .open, !isAtBound, count < limit {
            let countBefore = count
            let room = limit - countBefore
            status =
                keepsBytes
                ? readKeepingBytes(upTo: room, from: &reader, within: bound)
                : reader.decodeBatch(
                    upTo: room, within: bound, into: &decoded, decapsulating: encapsulation)
            isAtBound = count == countBefore || reader.isLive
        }
        origin.byteOffset = reader.byteOffset
        origin.captureStart = reader.firstTime
        return status
    }

    private mutating func readKeepingBytes(
        upTo limit: Int, from reader: inout CaptureReader, within bound: TimeBound?
    ) -> CaptureStatus {
        reader.readBatch(upTo: limit, within: bound) { records, bytes in
            decoded.append(records, in: bytes, decapsulating: encapsulation)
            for index in records.indices {
                keptFrames.append(records[index].frame, bytes.extracting(records[index].range))
            }
        }
    }

    /// Leaves an empty batch, of which nothing was read.
    mutating func removeFrames() {
        decoded.removeAll()
        keptFrames.removeAll()
        origin.byteOffset = nil
    }
}

/// Where in which capture the frames of a batch stand.
struct BatchOrigin: Sendable {
    /// The capture's path as it was given.
    var path = ""
    /// How many frames of the capture came before.
    var framesBefore = 0
    /// How far the file had been read behind the batch, in bytes; `nil` where it cannot be told.
    var byteOffset: Int?
    /// When the capture's first frame was captured; `nil` before one was read.
    var captureStart: FrameTime?

    /// So many frames further on.
    func advanced(by count: Int) -> BatchOrigin {
        var origin = self
        origin.framesBefore += count
        return origin
    }
}

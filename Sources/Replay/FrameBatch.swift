package import Captures
internal import CloudModel

/// Up to 256 consecutive frames of one capture, decoded, in memory that is used again and again.
///
/// A frame's bytes are gone once it is in a batch, unless it is told to keep them; what deciding and
/// reporting need stays.
package struct FrameBatch: ~Copyable {
    /// How many frames a batch holds at most. 256 frames take about 20 KiB: they stay in the caches
    /// from decoding to tallying.
    package static let capacity = 256

    /// The frames as columns, in the capture's order.
    private(set) var decoded = DecodedFrames()
    /// The capture's path as it was given.
    package private(set) var path = ""
    /// The frames as the file holds them, if the batch keeps them.
    package private(set) var keptFrames = KeptFrames()
    /// How many frames of the capture came before this batch.
    package private(set) var framesBefore = 0
    /// How far the file had been read behind this batch, in bytes; `nil` where it cannot be told.
    package private(set) var byteOffset: Int?

    /// When the capture's first frame was captured; `nil` before one was read.
    private(set) var captureStart: FrameTime?

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
        captureStart = time
    }

    /// Moves the frames from place `index` on to `other`, in the place of what is there, so that both
    /// parts can be decided by different states of the fleet.
    mutating func split(at index: Int, into other: inout FrameBatch) {
        other.path = path
        other.framesBefore = framesBefore + index
        other.byteOffset = byteOffset
        other.captureStart = captureStart
        other.encapsulation = encapsulation
        other.keepsBytes = keepsBytes
        keptFrames.split(at: index, into: &other.keptFrames)
        decoded.split(at: index, into: &other.decoded)
    }

    /// The frames, in the capture's order.
    package var frames: BatchedFrames { BatchedFrames(decoded) }
    /// How many frames there are.
    package var count: Int { decoded.count }

    /// Empties the batch for frames that follow in the capture of `source`, from place `index` on.
    mutating func begin(as source: borrowing FrameBatch, from index: Int) {
        removeFrames()
        path = source.path
        framesBefore = source.framesBefore + index
        byteOffset = source.byteOffset
        captureStart = source.captureStart
    }

    /// Appends frames of `source`, and their bytes if both keep them.
    mutating func append(_ range: Range<Int>, of source: borrowing FrameBatch) {
        decoded.append(range, of: source.decoded)
        if keepsBytes { keptFrames.append(range, of: source.keptFrames) }
    }

    /// Appends those frames of `source` whose lane is `lane`; `lanes` begin with that of the first.
    mutating func append(
        _ range: Range<Int>, of source: borrowing FrameBatch, in lanes: [UInt8],
        where lane: UInt8
    ) {
        decoded.append(range, of: source.decoded, in: lanes, where: lane)
    }

    /// Takes how far the file was read from `source`.
    mutating func goOn(as source: borrowing FrameBatch) { byteOffset = source.byteOffset }

    /// Replaces the frames with the next ones of `reader`, as far as `bound` lets them.
    ///
    /// - Returns: Whether more may follow; a batch that ends a capture may be short or empty.
    package mutating func fill(
        from reader: inout CaptureReader, within bound: TimeBound? = nil
    ) -> CaptureStatus {
        path = reader.path
        framesBefore = reader.frameCount
        removeFrames()
        var status = CaptureStatus.open
        var isAtBound = false
        while status == .open, !isAtBound, count < FrameBatch.capacity {
            let countBefore = count
            let room = FrameBatch.capacity - countBefore
            status =
                keepsBytes
                ? readKeepingBytes(upTo: room, from: &reader, within: bound)
                : reader.decodeBatch(
                    upTo: room, within: bound, into: &decoded, decapsulating: encapsulation)
            isAtBound = count == countBefore || reader.isLive
        }
        byteOffset = reader.byteOffset
        captureStart = reader.firstTime
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
        byteOffset = nil
    }
}

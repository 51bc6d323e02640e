package import Captures
package import CloudModel

/// Up to 256 consecutive frames of one capture, decoded, in memory that is used again and again.
///
/// A frame's bytes are gone once it is in a batch, unless it is told to keep them; what deciding and
/// reporting need stays.
package struct FrameBatch: ~Copyable {
    /// How many frames a batch holds at most. 256 frames take about 32 KiB: they stay in the caches
    /// from decoding to tallying.
    package static let capacity = 256

    /// The frames, in the capture's order.
    package private(set) var frames: [BatchedFrame] = []
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
    private var keepsBytes = false

    /// An empty batch with room for ``capacity`` frames. Of frames that are tunnels of the kind
    /// `encapsulation` it will hold the inner packets; of all it keeps the bytes if `keepsBytes` says so.
    package init(decapsulating encapsulation: Encapsulation? = nil, keepsBytes: Bool = false) {
        self.encapsulation = encapsulation
        self.keepsBytes = keepsBytes
        frames.reserveCapacity(FrameBatch.capacity)
    }

    /// A batch of one packet that comes from no capture.
    init(_ packet: Packet, at time: FrameTime) {
        frames = [BatchedFrame(packet, at: time)]
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
        other.frames.removeAll(keepingCapacity: true)
        other.frames.append(contentsOf: frames[index...])
        frames.removeSubrange(index...)
    }

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
        while status == .open, !isAtBound, frames.count < FrameBatch.capacity {
            let countBefore = frames.count
            let room = FrameBatch.capacity - countBefore
            status = reader.readBatch(upTo: room, within: bound) { records, bytes in
                for index in records.indices {
                    let record = records[index]
                    frames.append(
                        BatchedFrame(
                            record.frame, bytes.extracting(record.range),
                            decapsulating: encapsulation))
                    if keepsBytes {
                        keptFrames.append(record.frame, bytes.extracting(record.range))
                    }
                }
            }
            isAtBound = frames.count == countBefore || reader.isLive
        }
        byteOffset = reader.byteOffset
        captureStart = reader.firstTime
        return status
    }

    /// Leaves an empty batch, of which nothing was read.
    mutating func removeFrames() {
        frames.removeAll(keepingCapacity: true)
        keptFrames.removeAll()
        byteOffset = nil
    }
}

/// A frame of a batch: what the capture says about it, and the packet found in it.
package struct BatchedFrame: Sendable {
    package let time: FrameTime
    private let timestampDigits: UInt8
    /// The bytes on the wire.
    package let originalLength: UInt32
    /// The packet, or the reason why there is none.
    package let content: Content
    package let sourceMAC: MACAddress?
    package let destinationMAC: MACAddress?
    /// For a fragment, the protocol that all fragments of its datagram agree on.
    package let fragmentProtocol: IPProtocol?

    /// What a frame carries.
    package enum Content: Sendable {
        case packet(Packet)
        /// `not-ip`, `truncated`, `malformed` or `unsupported-link-type`.
        case none(Reason)
    }

    init(
        _ frame: CapturedFrame, _ bytes: RawSpan, decapsulating encapsulation: Encapsulation?
    ) {
        let decoder = FrameDecoder(linkType: frame.linkType, decapsulating: encapsulation)
        let decoded = decoder.decode(bytes, originalLength: frame.originalLength)
        time = frame.time
        timestampDigits = UInt8(frame.timestampDigits)
        originalLength = UInt32(clamping: frame.originalLength)
        sourceMAC = decoded.sourceMAC
        destinationMAC = decoded.destinationMAC
        fragmentProtocol = decoded.fragmentProtocol
        switch decoded.outcome {
        case .packet(let packet): content = .packet(packet)
        case .none(let cause): content = .none(cause.reason)
        }
    }

    /// A packet by itself, without a link layer.
    init(_ packet: Packet, at time: FrameTime) {
        self.time = time
        timestampDigits = 9
        originalLength = 0
        content = .packet(packet)
        sourceMAC = nil
        destinationMAC = nil
        fragmentProtocol = packet.fragment == nil ? nil : packet.ipProtocol
    }

    /// The time with the digits that the capture gives it.
    package var captureTime: CaptureTime { CaptureTime(time, digits: Int(timestampDigits)) }

    /// The packet, if there is one.
    package var packet: Packet? {
        guard case .packet(let packet) = content else { return nil }
        return packet
    }
}

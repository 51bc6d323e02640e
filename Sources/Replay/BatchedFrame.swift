package import Captures
package import CloudModel

/// The frames of a batch, one by one.
///
/// A view of columns: each frame is put together when it is asked for.
package struct BatchedFrames: RandomAccessCollection, Sendable {
    private let decoded: DecodedFrames

    init(_ decoded: DecodedFrames) { self.decoded = decoded }

    package var startIndex: Int { 0 }
    package var endIndex: Int { decoded.count }

    package subscript(index: Int) -> BatchedFrame { BatchedFrame(decoded, at: index) }
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

    fileprivate init(_ decoded: borrowing DecodedFrames, at index: Int) {
        let facts = decoded.facts[index]
        time = facts.time
        timestampDigits = facts.timestampDigits
        originalLength = facts.originalLength
        sourceMAC = facts.sourceMAC
        destinationMAC = facts.destinationMAC
        fragmentProtocol = decoded.note(at: index)?.fragmentProtocol
        if let packet = decoded.packet(at: index) {
            content = .packet(packet)
        } else {
            content = .none(facts.failure ?? .malformed)
        }
    }

    /// The time with the digits that the capture gives it.
    package var captureTime: CaptureTime { CaptureTime(time, digits: Int(timestampDigits)) }

    /// The packet, if there is one.
    package var packet: Packet? {
        guard case .packet(let packet) = content else { return nil }
        return packet
    }
}

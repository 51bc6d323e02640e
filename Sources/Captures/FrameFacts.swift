package import CloudModel

/// What is kept of a frame beside its packet's header: 40 bytes.
///
///     byte  0     12        16               24              28      32       33      34
///          ┌─────┬─────────┬────────────────┬───────────────┬───────┬────────┬───────┬───────┐
///          │ time│ original│ receiver's MAC,│ the rest of   │ place │ digits │ which │ why no│
///          │     │ length  │ sender's first │ the sender's  │ of the│ of the │ MACs  │ packet│
///          │     │         │ 2 octets       │               │ note  │ time   │       │       │
///          └─────┴─────────┴────────────────┴───────────────┴───────┴────────┴───────┴───────┘
package struct FrameFacts: Sendable {
    package let time: FrameTime
    /// The bytes on the wire.
    package let originalLength: UInt32
    private let linkHead: UInt64
    private let linkTail: UInt32
    let note: UInt32
    package let timestampDigits: UInt8
    private let knownMACs: UInt8
    /// Why there is no packet: `not-ip`, `truncated`, `malformed` or `unsupported-link-type`.
    package let failure: Reason?

    static let noNote = UInt32.max
    private static let hasSource: UInt8 = 1
    private static let hasDestination: UInt8 = 2

    /// The facts of an Ethernet frame whose first twelve bytes are these.
    @inline(__always)
    init(_ frame: CapturedFrame, linkHead: UInt64, linkTail: UInt32) {
        time = frame.time
        originalLength = UInt32(clamping: frame.originalLength)
        timestampDigits = UInt8(truncatingIfNeeded: frame.timestampDigits)
        self.linkHead = linkHead
        self.linkTail = linkTail
        note = FrameFacts.noNote
        knownMACs = FrameFacts.hasSource | FrameFacts.hasDestination
        failure = nil
    }

    /// The facts of an Ethernet frame of so many bytes on the wire.
    @inline(__always)
    init(
        at time: FrameTime, digits: UInt8, originalLength: UInt32, linkHead: UInt64,
        linkTail: UInt32
    ) {
        self.time = time
        self.originalLength = originalLength
        timestampDigits = digits
        self.linkHead = linkHead
        self.linkTail = linkTail
        note = FrameFacts.noNote
        knownMACs = FrameFacts.hasSource | FrameFacts.hasDestination
        failure = nil
    }

    init(_ frame: CapturedFrame, _ decoded: DecodedFrame, note: UInt32?) {
        time = frame.time
        originalLength = UInt32(clamping: frame.originalLength)
        timestampDigits = UInt8(truncatingIfNeeded: frame.timestampDigits)
        let source = decoded.sourceMAC?.value ?? 0
        linkHead = (decoded.destinationMAC?.value ?? 0) << 16 | source >> 32
        linkTail = UInt32(truncatingIfNeeded: source)
        self.note = note ?? FrameFacts.noNote
        knownMACs =
            (decoded.sourceMAC == nil ? 0 : FrameFacts.hasSource)
            | (decoded.destinationMAC == nil ? 0 : FrameFacts.hasDestination)
        failure = decoded.reason
    }

    /// The facts of a packet that comes from no capture.
    init(at time: FrameTime, note: UInt32?) {
        self.time = time
        originalLength = 0
        timestampDigits = 9
        (linkHead, linkTail, knownMACs) = (0, 0, 0)
        self.note = note ?? FrameFacts.noNote
        failure = nil
    }

    /// The sender on the link.
    package var sourceMAC: MACAddress? {
        knownMACs & FrameFacts.hasSource == 0
            ? nil : MACAddress((linkHead & 0xFFFF) << 32 | UInt64(linkTail))
    }

    /// The receiver on the link.
    package var destinationMAC: MACAddress? {
        knownMACs & FrameFacts.hasDestination == 0 ? nil : MACAddress(linkHead >> 16)
    }
}

extension FrameFacts {
    /// The same facts with another note.
    func with(note: UInt32) -> FrameFacts { FrameFacts(self, note: note) }

    private init(_ other: FrameFacts, note: UInt32) {
        time = other.time
        originalLength = other.originalLength
        linkHead = other.linkHead
        linkTail = other.linkTail
        self.note = note
        timestampDigits = other.timestampDigits
        knownMACs = other.knownMACs
        failure = other.failure
    }
}

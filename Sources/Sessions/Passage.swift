/// Where the record of a flow is at an interface, for the flow's next packet in the same direction not to be
/// looked up.
///
/// The place is a hint: whether the record there is the flow's is looked at each time. Public, as
/// ``PacketHeader`` is, for callers to pass it on without calls.
public struct RecordTrace: Sendable {
    @usableFromInline var record: UInt32
    @usableFromInline let shard: UInt8
    @usableFromInline let isFromLower: Bool

    @usableFromInline
    init(record: UInt32, shard: UInt8, isFromLower: Bool) {
        self.record = record
        self.shard = shard
        self.isFromLower = isFromLower
    }

    /// No record is known.
    @inlinable public static var none: RecordTrace {
        RecordTrace(record: .max, shard: 0, isFromLower: false)
    }

    /// Whether a record is known.
    @inlinable public var isKnown: Bool { record != .max }
}

/// One passing of a packet through an interface: which packet of a batch, where and when.
///
/// Public, as ``PacketHeader`` is, for callers to inline what makes one.
public struct Passage: Sendable {
    @usableFromInline let time: SessionTime
    /// The packet's place in the batch.
    public let frame: UInt32
    /// Where the record of the packet's flow may be.
    public var trace: RecordTrace
    @usableFromInline let interface: UInt32
    /// Whether the packet leaves through the interface.
    public let isEgress: Bool

    /// The passing of the packet at place `frame` through the interface at place `interface` of the
    /// fleet's list.
    @inlinable
    public init(
        of frame: Int, at interface: UInt32, isEgress: Bool, _ time: SessionTime,
        following trace: RecordTrace = .none
    ) {
        self.time = time
        self.frame = UInt32(truncatingIfNeeded: frame)
        self.trace = trace
        self.interface = interface
        self.isEgress = isEgress
    }

    /// What room holds before it is used.
    package static var none: Passage {
        Passage(of: 0, at: 0, isEgress: false, .zero)
    }
}

/// Where the record of a flow is at an interface, for the flow's next packet in the same direction not to be
/// looked up.
///
///     bits  0 … 31   32 … 39  40 … 61      62           63
///          ┌────────┬────────┬────────────┬────────────┬────────────┐
///          │ record │ shard  │ generation │ packets are from the    │
///          │        │        │            │ lower end  │ higher end │
///          └────────┴────────┴────────────┴────────────┴────────────┘
///
/// The place is a hint: whether the record there is the flow's is looked at each time, by the generation of the place
/// or by the flow's key. Public, as ``PacketHeader`` is, for callers to pass it on without calls.
public struct RecordTrace: Sendable {
    @usableFromInline let word: UInt64

    /// The trace to the record at a place; `facts` are the bits that the record has as well.
    @inline(__always)
    init(record: UInt32, shard: UInt8, _ facts: UInt64) {
        word = UInt64(record) | UInt64(shard) << 32 | facts
    }

    @usableFromInline
    init(word: UInt64) { self.word = word }

    /// No record is known.
    @inlinable public static var none: RecordTrace { RecordTrace(word: UInt64(UInt32.max)) }

    /// Whether a record is known.
    @inlinable public var isKnown: Bool { record != .max }

    /// The record's place.
    @inlinable var record: UInt32 { UInt32(truncatingIfNeeded: word) }

    /// The shard of the flow.
    @inline(__always)
    var shard: UInt8 { UInt8(truncatingIfNeeded: word >> 32) }
    /// Whether the flow's packets in this direction come from the end of its key that compares lower.
    @inline(__always)
    var isFromLower: Bool { word & RecordFacts.fromLower != 0 }
}

/// One passing of a packet through an interface: which packet of a batch, where and when. 24 bytes.
///
///     bits of the site  0 … 31       32       33
///                      ┌───────────┬────────┬────────┐
///                      │ interface │ egress │ packet │
///                      └───────────┴────────┴────────┘
///
/// Public, as ``PacketHeader`` is, for callers to inline what makes one.
public struct Passage: Sendable {
    @usableFromInline let time: SessionTime
    // One word: passages are written for each packet.
    @usableFromInline let site: UInt64
    /// Where the record of the packet's flow may be.
    public var trace: RecordTrace

    /// The passing of the packet at place `frame` through the interface at place `interface` of the
    /// fleet's list.
    ///
    /// - Precondition: `frame` is less than 2^31; batches are short.
    @inlinable
    public init(
        of frame: Int, at interface: UInt32, isEgress: Bool, _ time: SessionTime,
        following trace: RecordTrace = .none
    ) {
        self.time = time
        site =
            UInt64(interface) | (isEgress ? 1 &<< 32 : 0) | UInt64(bitPattern: Int64(frame)) &<< 33
        self.trace = trace
    }

    /// The packet's place in the batch.
    @inlinable public var frame: UInt32 { UInt32(truncatingIfNeeded: site &>> 33) }
    /// Whether the packet leaves through the interface.
    @inlinable public var isEgress: Bool { site & 1 &<< 32 != 0 }
    @inlinable var interface: UInt32 { UInt32(truncatingIfNeeded: site) }

    /// What room holds before it is used.
    package static var none: Passage {
        Passage(of: 0, at: 0, isEgress: false, .zero)
    }
}

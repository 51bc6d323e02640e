package import CloudModel

/// Where the record of a flow is at an interface, for the flow's next packet in the same direction not to be
/// looked up.
///
/// The place is a hint: whether the record there is the flow's is looked at each time. Public, as
/// ``PacketHeader`` is, for callers to pass it on without calls.
public struct RecordTrace: Sendable {
    @usableFromInline let record: UInt32
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

/// What sessions look at in the packets of a batch: found out once, for all worlds that judge them.
package struct TrackedBatch: Sendable {
    /// The first ``count`` are those of the batch; the memory of others is used again.
    private(set) var packets: [TrackedPacket] = []
    private(set) var count = 0

    private static let nothing = TrackedPacket(
        PacketFlow(.none, quoting: nil), at: 0, isEgress: false, .zero)

    /// No packets.
    package init() {}

    /// Takes the packets of the first `count` passages in the place of those that were there. `quoted`
    /// tells what the packet at a place of `headers` quotes, if it quotes one.
    package mutating func replace(
        by passages: [Passage], count: Int, of headers: [PacketHeader],
        quoted: (Int) -> QuotedPacket?
    ) {
        if packets.count < count {
            packets = Array(repeating: TrackedBatch.nothing, count: count)
        }
        self.count = count
        TrackedBatch.write(passages.span.extracting(..<count), headers, quoted, to: &packets)
    }

    private static func write(
        _ passages: Span<Passage>, _ headers: [PacketHeader], _ quoted: (Int) -> QuotedPacket?,
        to packets: inout [TrackedPacket]
    ) {
        var room = packets.mutableSpan
        var lastFrame: UInt32?
        var flow = PacketFlow(.none, quoting: nil)
        for place in passages.indices {
            let passage = passages[place]
            // Two interfaces see the same packet one behind the other.
            if passage.frame != lastFrame {
                let frame = Int(passage.frame)
                let header = headers[frame]
                let isQuoting = header.has(PacketHeader.Trait.quote)
                flow = PacketFlow(header, quoting: isQuoting ? quoted(frame) : nil)
                lastFrame = passage.frame
            }
            room[place] = TrackedPacket(
                flow, at: passage.interface, isEgress: passage.isEgress, passage.time)
        }
    }
}

/// Which packets of a batch sessions are likely to answer for.
package struct FlowLookups: Sendable {
    /// For each packet the record of its flow, if that is a live session; else no record. As many as any
    /// batch had packets.
    private(set) var indices: [UInt32] = []
    /// The places of the other packets: those that the tables are to be asked about. About the rest
    /// they need not be asked unless a session ends in this very batch.
    package private(set) var unanswered: [Int] = []

    /// No packets.
    package init() {}

    /// Looks the packets of `batch` up in `sessions`.
    mutating func replace(by batch: borrowing TrackedBatch, in sessions: borrowing Sessions) {
        if indices.count < batch.count {
            indices = Array(repeating: FlowTable.none, count: batch.count)
        }
        unanswered.removeAll(keepingCapacity: true)
        FlowLookups.look(at: batch, in: sessions, &indices, &unanswered)
    }

    private static func look(
        at batch: borrowing TrackedBatch, in sessions: borrowing Sessions,
        _ indices: inout [UInt32], _ unanswered: inout [Int]
    ) {
        var room = indices.mutableSpan
        let packets = batch.packets.span
        for place in 0..<batch.count {
            let index = sessions.likelySession(of: packets[place])
            room[place] = index
            if index == FlowTable.none { unanswered.append(place) }
        }
    }
}

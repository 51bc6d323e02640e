package import CloudModel

/// What few packets have: their place in a datagram, or the packet that they quote.
package struct FrameNote: Hashable, Sendable {
    package let fragment: Fragment?
    /// The protocol that all fragments of the datagram agree on.
    package let fragmentProtocol: IPProtocol?
    package let quoted: QuotedPacket?
}

/// Decoded frames as columns, in memory that is used again and again: what one stage does with all of
/// them touches what it needs and nothing else.
///
///     headers  │ packet 0 │ packet 1 │ packet 2 │ …    40 bytes each
///     facts    │ frame 0  │ frame 1  │ frame 2  │ …    40 bytes each
///     notes    │ of frame 2 │ …                        for fragments and ICMP errors
package struct DecodedFrames: Sendable {
    // INVARIANT: as many as `facts`.
    package private(set) var headers: [PacketHeader] = []
    package private(set) var facts: [FrameFacts] = []
    private var notes: [FrameNote] = []

    /// None.
    package init() {}

    /// A packet that comes from no capture.
    package init(_ packet: Packet, at time: FrameTime) {
        headers = [PacketHeader(packet)]
        let place = note(
            packet, fragmentProtocol: packet.fragment == nil ? nil : packet.ipProtocol)
        facts = [FrameFacts(at: time, note: place)]
    }

    /// How many there are.
    package var count: Int { facts.count }

    /// Makes room for `count` frames.
    package mutating func reserveCapacity(_ count: Int) {
        headers.reserveCapacity(count)
        facts.reserveCapacity(count)
    }

    /// Removes all, and keeps the memory.
    package mutating func removeAll() {
        headers.removeAll(keepingCapacity: true)
        facts.removeAll(keepingCapacity: true)
        notes.removeAll(keepingCapacity: true)
    }

    /// Whether there can be fragments, or packets that quote others.
    package var hasNotes: Bool { !notes.isEmpty }

    /// What the header of the packet at `index` does not hold.
    package func note(at index: Int) -> FrameNote? {
        let place = facts[index].note
        return place == FrameFacts.noNote ? nil : notes[Int(place)]
    }

    /// The packet at `index`; `nil` if the frame holds none.
    package func packet(at index: Int) -> Packet? {
        guard headers[index].has(PacketHeader.Trait.packet) else { return nil }
        let note = note(at: index)
        return Packet(headers[index], fragment: note?.fragment, quoted: note?.quoted)
    }

    /// Decodes the frames of `records`, whose bytes lie in `bytes`, and appends what they hold.
    package mutating func append(
        _ records: Span<FrameRecord>, in bytes: RawSpan,
        decapsulating encapsulation: Encapsulation?
    ) {
        for index in records.indices {
            let record = records[index]
            append(record.frame, bytes.extracting(record.range), decapsulating: encapsulation)
        }
    }

    /// Moves the frames from place `index` on to `other`, in the place of what is there.
    package mutating func split(at index: Int, into other: inout DecodedFrames) {
        other.removeAll()
        other.headers.append(contentsOf: headers[index...])
        other.facts.append(contentsOf: facts[index...])
        // Places of notes stay what they are.
        other.notes.append(contentsOf: notes)
        headers.removeSubrange(index...)
        facts.removeSubrange(index...)
    }

    /// Appends frames of `other`.
    package mutating func append(_ range: Range<Int>, of other: borrowing DecodedFrames) {
        if other.hasNotes {
            for index in range { append(index, of: other) }
        } else {
            headers.append(contentsOf: other.headers[range])
            facts.append(contentsOf: other.facts[range])
        }
    }

    /// Appends those frames of a range of `other` whose lane is `lane`; `lanes` are those of all its frames.
    package mutating func append(
        _ range: Range<Int>, of other: borrowing DecodedFrames, in lanes: [UInt8],
        where lane: UInt8
    ) {
        for index in range where lanes[index] == lane { append(index, of: other) }
    }

    @inline(__always)
    private mutating func append(_ index: Int, of other: borrowing DecodedFrames) {
        headers.append(other.headers[index])
        guard let note = other.note(at: index) else {
            facts.append(other.facts[index])
            return
        }
        notes.append(note)
        facts.append(other.facts[index].with(note: UInt32(notes.count - 1)))
    }

    /// Decodes and appends the frames of `records` from `position` on that are plain, at most `limit`.
    mutating func append(
        _ records: PlainRecords, in bytes: RawSpan, from position: inout Int, upTo limit: Int
    ) {
        records.decode(bytes, from: &position, &headers, &facts, upTo: limit)
    }

    /// Decodes a frame and appends what it holds.
    @inline(__always)
    mutating func append(
        _ frame: CapturedFrame, _ bytes: RawSpan, decapsulating encapsulation: Encapsulation?
    ) {
        var transportOffset = 0
        if frame.linkType.rawValue == 1, encapsulation == nil,
            let header = PlainPacket.header(in: bytes, transportAt: &transportOffset)
                ?? PlainPacket.taggedHeader(in: bytes)
        {
            headers.append(header)
            facts.append(
                FrameFacts(frame, linkHead: bytes.uint64(at: 0), linkTail: bytes.uint32(at: 8)))
            return
        }
        appendOther(frame, bytes, decapsulating: encapsulation)
    }

    /// Appends a frame that takes a walk over its headers.
    @inline(never)
    private mutating func appendOther(
        _ frame: CapturedFrame, _ bytes: RawSpan, decapsulating encapsulation: Encapsulation?
    ) {
        let decoder = FrameDecoder(linkType: frame.linkType, decapsulating: encapsulation)
        // Without a tunnel to look into it is known not to be plain.
        let decoded =
            encapsulation == nil
            ? decoder.walk(bytes, originalLength: frame.originalLength)
            : decoder.decode(bytes, originalLength: frame.originalLength)
        var place: UInt32?
        if let packet = decoded.packet {
            headers.append(PacketHeader(packet))
            place = note(packet, fragmentProtocol: decoded.fragmentProtocol)
        } else {
            headers.append(.none)
        }
        facts.append(FrameFacts(frame, decoded, note: place))
    }

    private mutating func note(_ packet: Packet, fragmentProtocol: IPProtocol?) -> UInt32? {
        guard packet.fragment != nil || packet.quoted != nil else { return nil }
        notes.append(
            FrameNote(
                fragment: packet.fragment, fragmentProtocol: fragmentProtocol,
                quoted: packet.quoted))
        return UInt32(notes.count - 1)
    }
}

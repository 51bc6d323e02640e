internal import CloudModel
internal import FilterTables

/// What is kept of one flow: 64 bytes, one cache line, without references.
///
///     bytes   40     8        8       8
///            ┌──────┬────────┬───────┬─────────┐
///            │ ends │ facts  │ last  │ last use│
///            │      │        │ time  │         │
///            └──────┴────────┴───────┴─────────┘
///
/// Of the first packet it keeps what rules ask about: the key, which end sent it, its direction, and
/// for ICMP type and code. That is enough to judge it again. How it is found is kept elsewhere: see
/// ``FlowTable``.
struct SessionRecord: Sendable {
    /// What the record stands for.
    enum State: UInt8, Sendable {
        /// Nothing: a place that can be used.
        case free
        /// A live session: its packets are accepted.
        case tracked
        /// A flow of AWS that rules admit packet by packet; the record tells which way it began.
        case untracked
        /// The same, and rules have changed: whether it is still untracked is asked at its next packet.
        case untrackedStale
        /// A session that has ended. It admits nothing; its later packets are not taken for those of a
        /// flow that was never seen. It gives way to whatever needs the room.
        case ended
    }

    private let ends: FlowKey.Ends
    private var facts: RecordFacts
    var lastTime: SessionTime
    /// The count of packets when the flow was last used.
    var lastUse: UInt64

    /// The record of a flow that begins with `packet`.
    init(_ packet: TrackedPacket, use: UInt64, _ state: State) {
        ends = packet.key.ends
        lastTime = packet.time
        lastUse = use
        var first: RecordFacts.FirstPacket = packet.flow.isFromLower ? .isFromLower : []
        if packet.isEgress { first.insert(.isEgress) }
        if packet.flow.hasICMPMessage { first.insert(.hasICMPMessage) }
        facts = RecordFacts(
            kind: packet.key.kind, first, icmpMessage: packet.flow.icmpMessage, state,
            SessionPhase(of: IPProtocol(rawValue: packet.key.ipProtocol)))
        advance(by: packet)
    }

    /// A place that stands for nothing.
    static var free: SessionRecord {
        SessionRecord(
            TrackedPacket(PacketFlow(.none), at: 0, isEgress: false, .zero),
            use: 0, .free)
    }

    @inline(__always)
    var key: FlowKey { FlowKey(ends, kind: facts.kind) }

    /// Whether the record is of the flow with this key.
    @inline(__always)
    func isOf(_ key: FlowKey) -> Bool {
        ends.differences(from: key.ends) | facts.differences(fromKind: key.kind) == 0
    }

    /// The interface's place in the fleet's list.
    @inline(__always)
    var interface: UInt32 { UInt32(truncatingIfNeeded: ends.sides) }

    /// What the record stands for.
    @inline(__always)
    var state: State {
        get { facts.state }
        set { facts.state = newValue }
    }

    /// Where the session stands.
    @inline(__always)
    var phase: SessionPhase { facts.phase }
    /// The phase's number.
    @inline(__always)
    var phaseNumber: Int { facts.phaseNumber }

    /// Whether the flow's packets have anything to do with this record.
    var isRunning: Bool { state != .free && state != .ended }

    /// Follows the flow through one of its packets, the use with this number.
    @inline(__always)
    mutating func use(by packet: TrackedPacket, _ use: UInt64) {
        lastTime = packet.time
        lastUse = use
        advance(by: packet)
    }

    /// Follows the flow through a packet that changes nothing else: see ``isSteady(along:)``.
    @inline(__always)
    mutating func goOn(at time: SessionTime, _ use: UInt64) {
        lastTime = time
        lastUse = use
    }

    @inline(__always)
    private mutating func advance(by packet: TrackedPacket) {
        switch facts.phase {
        case .halfOpen, .open:
            advanceConnection(packet)
        case .exchange:
            if facts.seen.addPacket(isFromLower: packet.flow.isFromLower) { facts.phase = .stream }
        case .closed, .stream, .messages, .datagrams:
            break
        }
        facts.settle()
    }

    /// Source: SEMANTICS A.8, B.5. Where flags are not known they play no part: the connection is open.
    @inline(__always)
    private mutating func advanceConnection(_ packet: TrackedPacket) {
        let flags = packet.flow.flags
        if flags.hasRST {
            facts.phase = .closed
        } else if flags.hasFIN, facts.seen.addFIN(isFromLower: packet.flow.isFromLower) {
            facts.phase = .closed
        } else if !flags.isBareSYN {
            facts.phase = .open
        }
    }

    // MARK: Traces

    /// A trace to the record, which is at place `index`, for packets of its flow from one side.
    @inline(__always)
    func trace(at index: UInt32, shard: UInt8, isFromLower: Bool) -> RecordTrace {
        RecordTrace(
            record: index, shard: shard,
            facts.word & RecordFacts.generationMask
                | (isFromLower ? RecordFacts.fromLower : RecordFacts.fromHigher))
    }

    /// Whether a trace leads to the flow of this record, and the packets of its side without SYN, FIN and RST change
    /// nothing but the record's times, as long as it is not idle for too long.
    @inline(__always)
    func isSteady(along trace: RecordTrace) -> Bool { facts.isSteady(along: trace.word) }

    /// Has the session be looked at again at its next packet.
    mutating func unsettle() { facts.unsettle() }

    /// Takes the place of `former`. Traces stay good if that was of the same flow, as rules look at it.
    mutating func succeed(_ former: SessionRecord) {
        let isSame = former.isOf(key) && former.isLowerLocal == isLowerLocal
        facts.succeed(former.facts, isSame: isSame)
    }

    // MARK: The first packet

    /// Which way the first packet went.
    var firstDirection: Direction { facts.first.contains(.isEgress) ? .egress : .ingress }

    /// The first packet, as far as rules ask about it.
    var firstPacket: Packet {
        let key = key
        let (lower, higher) = (key.lowerAddress, key.higherAddress)
        let isFromLower = facts.first.contains(.isFromLower)
        return Packet(
            source: isFromLower ? lower : higher, destination: isFromLower ? higher : lower,
            ipProtocol: IPProtocol(rawValue: key.ipProtocol), transport: firstTransport)
    }

    /// What the tables are asked about the first packet.
    var firstQuery: Query { Query(firstPacket, at: Int(interface), firstDirection) }

    /// Whether the end of the key that compares lower is the interface's own.
    @inline(__always)
    var isLowerLocal: Bool {
        facts.first.contains(.isFromLower) == facts.first.contains(.isEgress)
    }

    /// The end of the flow that is the interface's own.
    var localAddress: IPAddress {
        isLowerLocal ? key.lowerAddress : key.higherAddress
    }

    private var firstTransport: Transport {
        let key = key
        if IPProtocol(rawValue: key.ipProtocol).hasFilteredPorts {
            return facts.first.contains(.isFromLower)
                ? .ports(source: key.lowerPort, destination: key.higherPort, tcpFlags: nil)
                : .ports(source: key.higherPort, destination: key.lowerPort, tcpFlags: nil)
        }
        guard facts.first.contains(.hasICMPMessage) else { return .none }
        let message = facts.icmpMessage
        return .icmp(type: UInt8(message >> 8), code: UInt8(truncatingIfNeeded: message))
    }
}

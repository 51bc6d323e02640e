internal import CloudModel
internal import FilterTables

/// What is kept of one flow: 64 bytes, one cache line, without references.
///
///     bytes   42      1       1       1      1       2         8        8
///            ┌───────┬───────┬───────┬──────┬───────┬─────────┬────────┬─────────┐
///            │ key   │ state │ phase │ seen │ first │ ICMP    │ last   │ last use│
///            │       │       │       │      │ facts │ message │ time   │         │
///            └───────┴───────┴───────┴──────┴───────┴─────────┴────────┴─────────┘
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

    static let noIndex = UInt32.max

    var key: FlowKey
    var state: State
    var phase: SessionPhase
    private var seen = SeenFromSides()
    private var firstFacts: FirstFacts
    private var icmpMessage: UInt16
    var lastTime: SessionTime
    /// The count of packets when the flow was last used.
    var lastUse: UInt64

    private struct FirstFacts: OptionSet {
        let rawValue: UInt8
        static let isFromLower = FirstFacts(rawValue: 1)
        static let isEgress = FirstFacts(rawValue: 2)
        static let hasICMPMessage = FirstFacts(rawValue: 4)
    }

    /// The record of a flow that begins with `packet`.
    init(_ packet: TrackedPacket, use: UInt64, _ state: State) {
        key = packet.key
        lastTime = packet.time
        lastUse = use
        icmpMessage = packet.flow.icmpMessage
        self.state = state
        phase = SessionPhase(of: IPProtocol(rawValue: packet.key.ipProtocol))
        firstFacts = packet.flow.isFromLower ? .isFromLower : []
        if packet.isEgress { firstFacts.insert(.isEgress) }
        if packet.flow.hasICMPMessage { firstFacts.insert(.hasICMPMessage) }
        advance(by: packet)
    }

    /// A place that stands for nothing.
    static var free: SessionRecord {
        SessionRecord(
            TrackedPacket(PacketFlow(.none, quoting: nil), at: 0, isEgress: false, .zero),
            use: 0, .free)
    }

    /// Whether the flow's packets have anything to do with this record.
    var isRunning: Bool { state != .free && state != .ended }

    /// Follows the flow through one of its packets, the use with this number.
    @inline(__always)
    mutating func use(by packet: TrackedPacket, _ use: UInt64) {
        lastTime = packet.time
        lastUse = use
        advance(by: packet)
    }

    @inline(__always)
    private mutating func advance(by packet: TrackedPacket) {
        switch phase {
        case .halfOpen, .open:
            advanceConnection(packet)
        case .exchange:
            if seen.addPacket(isFromLower: packet.flow.isFromLower) { phase = .stream }
        case .closed, .stream, .messages, .datagrams:
            break
        }
    }

    /// Source: SEMANTICS A.8, B.5. Where flags are not known they play no part: the connection is open.
    @inline(__always)
    private mutating func advanceConnection(_ packet: TrackedPacket) {
        let flags = packet.flow.flags
        if flags.hasRST {
            phase = .closed
        } else if flags.hasFIN, seen.addFIN(isFromLower: packet.flow.isFromLower) {
            phase = .closed
        } else if !flags.isBareSYN {
            phase = .open
        }
    }

    // MARK: The first packet

    /// Which way the first packet went.
    var firstDirection: Direction { firstFacts.contains(.isEgress) ? .egress : .ingress }

    /// The first packet, as far as rules ask about it.
    var firstPacket: Packet {
        let (lower, higher) = (lowerAddress, higherAddress)
        let isFromLower = firstFacts.contains(.isFromLower)
        return Packet(
            source: isFromLower ? lower : higher, destination: isFromLower ? higher : lower,
            ipProtocol: IPProtocol(rawValue: key.ipProtocol), transport: firstTransport)
    }

    /// What the tables are asked about the first packet.
    var firstQuery: Query { Query(firstPacket, at: Int(key.interface), firstDirection) }

    /// Whether the end of the key that compares lower is the interface's own.
    @inline(__always)
    var isLowerLocal: Bool {
        firstFacts.contains(.isFromLower) == firstFacts.contains(.isEgress)
    }

    /// The end of the flow that is the interface's own.
    var localAddress: IPAddress { isLowerLocal ? lowerAddress : higherAddress }

    private var firstTransport: Transport {
        if IPProtocol(rawValue: key.ipProtocol).hasFilteredPorts {
            return firstFacts.contains(.isFromLower)
                ? .ports(source: key.lowerPort, destination: key.higherPort, tcpFlags: nil)
                : .ports(source: key.higherPort, destination: key.lowerPort, tcpFlags: nil)
        }
        guard firstFacts.contains(.hasICMPMessage) else { return .none }
        return .icmp(
            type: UInt8(icmpMessage >> 8), code: UInt8(truncatingIfNeeded: icmpMessage))
    }

    private var lowerAddress: IPAddress { address(key.lowerHigh, key.lowerLow) }
    private var higherAddress: IPAddress { address(key.higherHigh, key.higherLow) }

    private func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
        IPAddress(family: key.isIPv6 ? .ipv6 : .ipv4, high: high, low: low)
    }
}

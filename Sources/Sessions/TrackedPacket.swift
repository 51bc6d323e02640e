package import CloudModel
internal import FilterTables

/// A packet at one interface, as far as sessions look at it: 64 bytes.
package struct TrackedPacket: Sendable {
    let key: FlowKey
    let flow: PacketFlow.Facts
    let isEgress: Bool
    let bucketHash: UInt32
    let time: SessionTime

    /// Looks at `packet`, which passes the interface at place `interface` of the fleet's list.
    package init(
        _ packet: Packet, at interface: Int, _ direction: Direction, _ time: SessionTime = .zero
    ) {
        let header = PacketHeader(packet)
        self.init(
            packet.quoted.map { PacketFlow(header, quoting: $0) } ?? PacketFlow(header),
            at: UInt32(interface), isEgress: direction == .egress, time)
    }

    /// Looks at the packet of `flow`.
    @inline(__always)
    init(_ flow: PacketFlow, at interface: UInt32, isEgress: Bool, _ time: SessionTime) {
        key = flow.key.at(interface)
        self.flow = flow.facts
        self.isEgress = isEgress
        bucketHash = key.bucketHash(flow.addressHash)
        self.time = time
    }

    /// Looks at the packet of `header`, which quotes `quoted`, where it passes.
    @inline(__always)
    init(_ header: PacketHeader, quoting quoted: QuotedPacket?, _ passage: Passage) {
        guard let quoted else {
            self.init(header, passage)
            return
        }
        self.init(
            PacketFlow(header, quoting: quoted), at: passage.interface,
            isEgress: passage.isEgress, passage.time)
    }

    /// Looks at the packet of `header`, which quotes none that is known, where it passes.
    @inline(__always)
    init(_ header: PacketHeader, _ passage: Passage) {
        self.init(
            PacketFlow(header), at: passage.interface, isEgress: passage.isEgress, passage.time)
    }

    /// Looks at a packet of a flow that was traced, to compare it with a record: no hash is needed.
    @inline(__always)
    init(following passage: Passage, _ header: PacketHeader) {
        let flow = PacketFlow(header, following: passage.trace)
        key = flow.key.at(passage.interface)
        self.flow = flow.facts
        isEgress = passage.isEgress
        bucketHash = 0
        time = passage.time
    }

    var direction: Direction { isEgress ? .egress : .ingress }

    /// Whether the end of ``key`` that compares lower is the interface's own.
    @inline(__always)
    var isLowerLocal: Bool { flow.isFromLower == isEgress }
}

/// What a packet tells of its flow, whatever interfaces it passes.
struct PacketFlow: Sendable {
    /// What the packet has to do with sessions.
    enum Role: UInt8, Sendable {
        /// It belongs to the flow of ``PacketFlow/key``.
        case member
        /// It is an ICMP error about a packet of that flow.
        case error
        /// No flow can be told: a later fragment, a packet without the fields that tell flows apart,
        /// an error that quotes such a packet.
        case stranger
    }

    /// What is not in the key.
    struct Facts: Sendable {
        let role: Role
        /// Whether the packet comes from the end of the key that compares lower.
        let isFromLower: Bool
        let flags: ConnectionFlags
        let hasICMPMessage: Bool
        /// Type and code, if they are known, and of ICMP only.
        let icmpMessage: UInt16
        /// The shard where the packet's flow is; for an error, that of the packet that it quotes.
        let shard: UInt8
    }

    /// At the interface at place 0.
    let key: FlowKey
    let addressHash: UInt64
    let facts: Facts

    /// Looks at the packet of `header`, which quotes none that is known.
    @inline(__always)
    init(_ header: PacketHeader) {
        let ends = FlowEnds(header)
        let (key, isFromLower) = FlowKey.key(of: header, ends ?? .unknown)
        self.init(key, ends == nil ? .stranger : .member, isFromLower: isFromLower, header)
    }

    /// Looks at the packet of `header`, which quotes `quoted`.
    init(_ header: PacketHeader, quoting quoted: QuotedPacket) {
        let quotedHeader = PacketHeader(quoted.packet)
        guard let ends = FlowEnds(quotedHeader) else {
            let (key, isFromLower) = FlowKey.key(of: header, .unknown)
            self.init(key, .stranger, isFromLower: isFromLower, header)
            return
        }
        let (key, isFromLower) = FlowKey.key(of: quotedHeader, ends)
        self.init(key, .error, isFromLower: isFromLower, header)
    }

    @inline(__always)
    private init(_ key: FlowKey, _ role: Role, isFromLower: Bool, _ header: PacketHeader) {
        self.key = key
        addressHash = key.addressHash
        let isMessage = header.has(PacketHeader.Trait.message)
        facts = Facts(
            role: role, isFromLower: isFromLower, flags: ConnectionFlags(header),
            hasICMPMessage: isMessage, icmpMessage: isMessage ? header.destinationPort : 0,
            shard: FlowKey.shard(ofHash: addressHash))
    }

    /// Looks at the packet of `header`, which is a member of the flow of `trace`.
    @inline(__always)
    init(_ header: PacketHeader, following trace: RecordTrace) {
        key = FlowKey(
            of: header, FlowEnds(ofMember: header), isFromLower: trace.isFromLower)
        addressHash = 0
        facts = Facts(
            role: .member, isFromLower: trace.isFromLower, flags: ConnectionFlags(header),
            hasICMPMessage: false, icmpMessage: 0, shard: trace.shard)
    }
}

/// TCP's flags: none where they are not known, and for all but TCP. Bits in a word of this target's
/// own, for it to test them in place: `TCPFlags` takes calls.
struct ConnectionFlags: Sendable {
    private let bits: UInt8

    /// The flags of a packet.
    @inline(__always)
    init(_ header: PacketHeader) {
        bits = header.has(PacketHeader.Trait.tcpFlags) ? header.tcpFlags : 0
    }

    /// Whether a packet has SYN, FIN or RST. Flags that are not known are 0.
    @inline(__always)
    static func canChangePhase(_ header: PacketHeader) -> Bool { header.tcpFlags & 7 != 0 }

    // Source: RFC 9293, 3.1.
    @inline(__always) var hasFIN: Bool { bits & 1 != 0 }
    @inline(__always) var hasRST: Bool { bits & 4 != 0 }
    /// Whether this is how a connection begins: SYN without ACK.
    @inline(__always) var isBareSYN: Bool { bits & 18 == 2 }
}

/// What tells the flows between two addresses apart: ports, or an identifier in the place of both.
struct FlowEnds {
    let source: UInt16
    let destination: UInt16

    private init(source: UInt16, destination: UInt16) {
        self.source = source
        self.destination = destination
    }

    /// Of packets that tell no flow.
    static var unknown: FlowEnds { FlowEnds(source: 0, destination: 0) }

    /// Of a packet that tells its flow, without a branch for each kind.
    @inline(__always)
    init(ofMember header: PacketHeader) {
        let isMessage = header.has(PacketHeader.Trait.icmp)
        let isKnown = isMessage || header.has(PacketHeader.Trait.filteredPorts)
        source = isKnown ? header.sourcePort : 0
        destination = isMessage ? source : isKnown ? header.destinationPort : 0
    }

    /// `nil` if the packet, which quotes none, does not tell its flow. Source: SEMANTICS A.8.
    @inline(__always)
    init?(_ header: PacketHeader) {
        if header.has(PacketHeader.Trait.laterFragment) { return nil }
        if header.has(PacketHeader.Trait.filteredPorts) {
            guard header.has(PacketHeader.Trait.ports) else { return nil }
            self.init(source: header.sourcePort, destination: header.destinationPort)
        } else if header.has(PacketHeader.Trait.icmp) {
            let isKnown = header.has(PacketHeader.Trait.icmpIdentifier)
            let identifier = isKnown ? header.sourcePort : 0
            self.init(source: identifier, destination: identifier)
        } else {
            self = .unknown
        }
    }
}

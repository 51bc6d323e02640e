package import CloudModel

/// A packet at one interface, as far as sessions look at it.
package struct TrackedPacket: Sendable {
    /// What the packet has to do with sessions.
    enum Role: Sendable {
        /// It belongs to the flow of ``TrackedPacket/key``.
        case member
        /// It is an ICMP error about a packet of that flow.
        case error
        /// No flow can be told: a later fragment, a packet without the fields that tell flows apart,
        /// an error that quotes such a packet.
        case stranger
    }

    let role: Role
    let key: FlowKey
    /// Whether the packet comes from the end of ``key`` that compares lower.
    let isFromLower: Bool
    let direction: Direction
    /// `nil` if they are not known, and for all but TCP.
    let tcpFlags: TCPFlags?
    /// Type and code; `nil` if they are not known, and for all but ICMP.
    let icmpMessage: UInt16?

    /// The shard where the packet's flow is; for an error, that of the packet that it quotes.
    package let shard: Int
    let bucketHash: UInt32

    /// Looks at `packet`, which passes the interface at place `interface` of the fleet's list.
    package init(_ packet: Packet, at interface: Int, _ direction: Direction) {
        self.init(PacketHeader(packet), quoting: packet.quoted, at: interface, direction)
    }

    /// Looks at the packet of `header`, which quotes `quoted`.
    @inline(__always)
    package init(
        _ header: PacketHeader, quoting quoted: QuotedPacket?, at interface: Int,
        _ direction: Direction
    ) {
        self.direction = direction
        tcpFlags =
            header.has(PacketHeader.Trait.tcpFlags) ? TCPFlags(rawValue: header.tcpFlags) : nil
        icmpMessage = header.has(PacketHeader.Trait.message) ? header.destinationPort : nil
        if let quoted {
            let quotedHeader = PacketHeader(quoted.packet)
            if let ends = FlowEnds(quotedHeader) {
                role = .error
                (key, isFromLower) = FlowKey.key(of: quotedHeader, ends, at: interface)
            } else {
                role = .stranger
                (key, isFromLower) = FlowKey.key(of: header, .unknown, at: interface)
            }
        } else if let ends = FlowEnds(header) {
            role = .member
            (key, isFromLower) = FlowKey.key(of: header, ends, at: interface)
        } else {
            role = .stranger
            (key, isFromLower) = FlowKey.key(of: header, .unknown, at: interface)
        }
        (shard, bucketHash) = key.place
    }

    /// Whether the packet asks for a new TCP connection.
    var isBareSYN: Bool { tcpFlags?.isBareSYN ?? false }
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

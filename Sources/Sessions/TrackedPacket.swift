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
        let ends = FlowEnds(packet)
        let quotedEnds = ends == nil ? packet.quoted.flatMap { FlowEnds($0.packet) } : nil
        let quoted = quotedEnds == nil ? nil : packet.quoted
        role = ends != nil ? .member : quoted != nil ? .error : .stranger
        let ports = ends ?? quotedEnds ?? FlowEnds(source: 0, destination: 0)
        (key, isFromLower) = FlowKey.key(
            from: quoted?.source ?? packet.source, ports.source,
            to: quoted?.destination ?? packet.destination, ports.destination,
            quoted?.ipProtocol ?? packet.ipProtocol, at: interface)
        (shard, bucketHash) = key.place
        self.direction = direction
        switch packet.transport {
        case .ports(_, _, let flags):
            tcpFlags = packet.ipProtocol == .tcp ? flags : nil
            icmpMessage = nil
        case .icmp(let type, let code):
            tcpFlags = nil
            icmpMessage = UInt16(type) << 8 | UInt16(code)
        case .none:
            tcpFlags = nil
            icmpMessage = nil
        }
    }

    /// Whether the packet asks for a new TCP connection.
    var isBareSYN: Bool { tcpFlags?.isBareSYN ?? false }
}

/// What tells the flows between two addresses apart: ports, or an identifier in the place of both.
private struct FlowEnds {
    let source: UInt16
    let destination: UInt16

    init(source: UInt16, destination: UInt16) {
        self.source = source
        self.destination = destination
    }

    /// `nil` if the packet does not tell its flow. Source: SEMANTICS A.8.
    init?(_ packet: Packet) {
        if packet.isLaterFragment { return nil }
        if packet.ipProtocol.hasFilteredPorts {
            guard case .ports(let source, let destination, _) = packet.transport else {
                return nil
            }
            self.init(source: source, destination: destination)
        } else if packet.ipProtocol.isICMP {
            // An error belongs to the packet that it quotes. If it shows none it is like any message.
            if packet.quoted != nil { return nil }
            let identifier = packet.icmpIdentifier ?? 0
            self.init(source: identifier, destination: identifier)
        } else {
            self.init(source: 0, destination: 0)
        }
    }
}

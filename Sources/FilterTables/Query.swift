public import CloudModel

/// One packet at one interface: what the tables are asked, in a fixed 48 bytes.
///
///     byte  0        16           32          36         38          40        41
///          ┌────────┬────────────┬───────────┬──────────┬───────────┬─────────┬───────┐
///          │ source │ destination│ interface │ source   │ destin.   │ protocol│ flags │
///          │ 16     │ 16         │ 4         │ port 2   │ port 2    │ 1       │ 1     │
///          └────────┴────────────┴───────────┴──────────┴───────────┴─────────┴───────┘
///
/// For ICMP and ICMPv6 the destination port holds `type << 8 | code`. Public as ``PacketHeader`` is.
public struct Query: Sendable {
    /// Facts about a packet that are one bit each.
    @usableFromInline
    struct Flags: OptionSet, Sendable {
        @usableFromInline let rawValue: UInt8
        @inlinable init(rawValue: UInt8) { self.rawValue = rawValue }

        static let egress = Flags(rawValue: 1)
        static let ipv6 = Flags(rawValue: 2)
        /// The ports, or the ICMP type and code, are known.
        static let hasTransport = Flags(rawValue: 4)
        static let laterFragment = Flags(rawValue: 8)
        /// The peer's address counts as one that no rule names.
        static let unnamedPeer = Flags(rawValue: 16)
    }

    @usableFromInline let sourceHigh: UInt64
    @usableFromInline let sourceLow: UInt64
    @usableFromInline let destinationHigh: UInt64
    @usableFromInline let destinationLow: UInt64
    /// The interface's place in the fleet's list.
    @usableFromInline let interface: UInt32
    @usableFromInline let sourcePort: UInt16
    @usableFromInline let destinationPort: UInt16
    @usableFromInline let ipProtocol: UInt8
    @usableFromInline private(set) var flags: Flags

    /// The source of a packet of IPv4.
    @inline(__always)
    var sourceWord: UInt32 { UInt32(truncatingIfNeeded: sourceHigh &>> 32) }

    /// The destination of a packet of IPv4.
    @inline(__always)
    var destinationWord: UInt32 { UInt32(truncatingIfNeeded: destinationHigh &>> 32) }

    /// Asks about `packet` passing the interface at place `interface` of the fleet's list.
    package init(_ packet: Packet, at interface: Int, _ direction: Direction) {
        sourceHigh = packet.source.high
        sourceLow = packet.source.low
        destinationHigh = packet.destination.high
        destinationLow = packet.destination.low
        self.interface = UInt32(interface)
        ipProtocol = packet.ipProtocol.rawValue
        var flags: Flags = direction == .egress ? .egress : []
        if packet.family == .ipv6 { flags.insert(.ipv6) }
        if packet.isLaterFragment { flags.insert(.laterFragment) }
        switch packet.transport {
        case .ports(let source, let destination, _) where packet.ipProtocol.hasFilteredPorts:
            sourcePort = source
            destinationPort = destination
            flags.insert(.hasTransport)
        case .icmp(let type, let code):
            sourcePort = 0
            destinationPort = UInt16(type) << 8 | UInt16(code)
            flags.insert(.hasTransport)
        case .none, .ports:
            sourcePort = 0
            destinationPort = 0
        }
        self.flags = flags
    }

    /// Asks about the packet of `header` passing the interface at place `interface` of the fleet's
    /// list.
    @inlinable
    public init(_ header: PacketHeader, at interface: UInt32, isEgress: Bool) {
        sourceHigh = header.sourceHigh
        sourceLow = header.sourceLow
        destinationHigh = header.destinationHigh
        destinationLow = header.destinationLow
        self.interface = interface
        ipProtocol = header.ipProtocol
        var flags: UInt8 = isEgress ? 1 : 0
        if header.has(PacketHeader.Trait.ipv6) { flags |= 2 }
        if header.has(PacketHeader.Trait.laterFragment) { flags |= 8 }
        let isMessage = header.has(PacketHeader.Trait.message)
        let isKnown =
            isMessage
            || header.has(PacketHeader.Trait.ports) && header.has(PacketHeader.Trait.filteredPorts)
        if isKnown { flags |= 4 }
        // Of a message the header holds the identifier there, which no rule asks about.
        sourcePort = isKnown && !isMessage ? header.sourcePort : 0
        destinationPort = isKnown ? header.destinationPort : 0
        self.flags = Flags(rawValue: flags)
    }

    /// The same question with a peer that no rule names: only rules whose peer is every address of the
    /// family match. With rules that all accept, as AWS's do, it tells whether an open one is among
    /// those that match the packet.
    package var withUnnamedPeer: Query {
        var query = self
        query.flags.insert(.unnamedPeer)
        return query
    }

    /// What packets that ask the same tables in the same trie have in common.
    @inline(__always)
    var runKey: UInt64 {
        UInt64(interface) << 8 | UInt64(flags.rawValue & ~Flags.hasTransport.rawValue)
    }

    /// Asks about a plain IPv4 5-tuple, whose ports count whatever its protocol, for tables compiled
    /// from an ordered rule list.
    package init(_ quintuple: Quintuple) {
        sourceHigh = UInt64(quintuple.source) << 32
        sourceLow = 0
        destinationHigh = UInt64(quintuple.destination) << 32
        destinationLow = 0
        interface = 0
        sourcePort = quintuple.sourcePort
        destinationPort = quintuple.destinationPort
        ipProtocol = quintuple.ipProtocol
        flags = .hasTransport
    }
}

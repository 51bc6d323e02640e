package import CloudModel

/// One packet at one interface: what the tables are asked, in a fixed 48 bytes.
///
///     byte  0        16           32          36         38          40        41
///          ┌────────┬────────────┬───────────┬──────────┬───────────┬─────────┬───────┐
///          │ source │ destination│ interface │ source   │ destin.   │ protocol│ flags │
///          │ 16     │ 16         │ 4         │ port 2   │ port 2    │ 1       │ 1     │
///          └────────┴────────────┴───────────┴──────────┴───────────┴─────────┴───────┘
///
/// For ICMP and ICMPv6 the destination port holds `type << 8 | code`.
package struct Query: Sendable {
    /// Facts about a packet that are one bit each.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        static let egress = Flags(rawValue: 1)
        static let ipv6 = Flags(rawValue: 2)
        /// The ports, or the ICMP type and code, are known.
        static let hasTransport = Flags(rawValue: 4)
        static let laterFragment = Flags(rawValue: 8)
        /// The peer's address counts as one that no rule names.
        static let unnamedPeer = Flags(rawValue: 16)
    }

    let sourceHigh: UInt64
    let sourceLow: UInt64
    let destinationHigh: UInt64
    let destinationLow: UInt64
    /// The interface's place in the fleet's list.
    let interface: UInt32
    let sourcePort: UInt16
    let destinationPort: UInt16
    let ipProtocol: UInt8
    private(set) var flags: Flags

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

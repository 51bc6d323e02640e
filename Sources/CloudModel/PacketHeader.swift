/// A packet in a fixed 40 bytes without optionals: what stages that handle many packets pass on.
///
///     byte  0        16           32
///          ┌────────┬────────────┬───────────────────────────────────────────────────────────────┐
///          │ source │ destination│ rest: 8                                                       │
///          │ 16     │ 16         │ source port │ destination port │ protocol │ TCP flags │ traits │
///          └────────┴────────────┴───────────────────────────────────────────────────────────────┘
///                            bits of the rest 48            32         24          16        0
///
/// Of an ICMP message the source port holds the identifier, the destination port `type << 8 | code`. The
/// place of a fragment and the packet that an ICMP error quotes are not there, only whether there is
/// one: see ``Packet``. What is not known is 0.
///
/// Public, like few types here: only of public ones other targets inline what is `@inlinable`, and calls
/// for single bits took a tenth of a replay.
public struct PacketHeader: Hashable, Sendable {
    /// The source, left-aligned as in ``IPAddress``.
    public let sourceHigh: UInt64
    /// The source's other half, 0 in IPv4.
    public let sourceLow: UInt64
    /// The destination, left-aligned.
    public let destinationHigh: UInt64
    /// The destination's other half.
    public let destinationLow: UInt64
    /// Ports, protocol, TCP's flags and traits: one word, which is written, compared and hashed in one step.
    public let rest: UInt64

    /// Facts about a packet that are one bit each.
    public enum Trait {
        /// There is a packet: the others are 0 without this one.
        @inlinable public static var packet: UInt16 { 1 }
        /// Its addresses are of IPv6.
        @inlinable public static var ipv6: UInt16 { 2 }
        /// The ports are known.
        @inlinable public static var ports: UInt16 { 4 }
        /// Type and code of an ICMP message are known.
        @inlinable public static var message: UInt16 { 8 }
        /// TCP's flags are known.
        @inlinable public static var tcpFlags: UInt16 { 16 }
        /// The identifier of an ICMP message is known.
        @inlinable public static var icmpIdentifier: UInt16 { 32 }
        /// It is a fragment, be it the first.
        @inlinable public static var fragment: UInt16 { 64 }
        /// It is a fragment but the first.
        @inlinable public static var laterFragment: UInt16 { 128 }
        /// It quotes a packet.
        @inlinable public static var quote: UInt16 { 256 }
        /// TCP or UDP, whose ports rules test.
        @inlinable public static var filteredPorts: UInt16 { 512 }
        /// ICMP or ICMPv6.
        @inlinable public static var icmp: UInt16 { 1024 }
    }

    /// A header of these numbers; `traits` say which of them mean something.
    @inlinable
    public init(
        source: (high: UInt64, low: UInt64), destination: (high: UInt64, low: UInt64),
        sourcePort: UInt16, destinationPort: UInt16, ipProtocol: UInt8, tcpFlags: UInt8,
        traits: UInt16
    ) {
        sourceHigh = source.high
        sourceLow = source.low
        destinationHigh = destination.high
        destinationLow = destination.low
        let ports = UInt64(sourcePort) &<< 48 | UInt64(destinationPort) &<< 32
        let last = UInt64(ipProtocol) &<< 24 | UInt64(tcpFlags) &<< 16
        rest = ports | last | UInt64(traits)
    }

    /// The source port, or an ICMP message's identifier.
    @inlinable public var sourcePort: UInt16 { UInt16(truncatingIfNeeded: rest &>> 48) }
    /// The destination port, or an ICMP message's type and code.
    @inlinable public var destinationPort: UInt16 { UInt16(truncatingIfNeeded: rest &>> 32) }
    /// The IP protocol number.
    @inlinable public var ipProtocol: UInt8 { UInt8(truncatingIfNeeded: rest &>> 24) }
    /// TCP's flags as they are in its header.
    @inlinable public var tcpFlags: UInt8 { UInt8(truncatingIfNeeded: rest &>> 16) }
    /// The sum of ``Trait``s.
    @inlinable public var traits: UInt16 { UInt16(truncatingIfNeeded: rest) }

    /// ``rest`` but for TCP's flags, which are 0 there: with the addresses, what packets of a flow have in common.
    @inlinable public var flowRest: UInt64 { rest & ~0xFF_0000 }

    /// No packet.
    @inlinable public static var none: PacketHeader {
        PacketHeader(
            source: (0, 0), destination: (0, 0), sourcePort: 0, destinationPort: 0, ipProtocol: 0,
            tcpFlags: 0, traits: 0)
    }

    /// Whether the packet has a trait.
    @inlinable
    public func has(_ trait: UInt16) -> Bool { traits & trait != 0 }
}

extension PacketHeader {
    /// The header of `packet`.
    package init(_ packet: Packet) {
        var traits = Trait.packet
        if packet.source.family == .ipv6 { traits |= Trait.ipv6 }
        if packet.fragment != nil { traits |= Trait.fragment }
        if packet.isLaterFragment { traits |= Trait.laterFragment }
        if packet.quoted != nil { traits |= Trait.quote }
        if packet.ipProtocol.hasFilteredPorts { traits |= Trait.filteredPorts }
        if packet.ipProtocol.isICMP { traits |= Trait.icmp }
        if packet.icmpIdentifier != nil { traits |= Trait.icmpIdentifier }
        var (sourcePort, destinationPort) = (packet.icmpIdentifier ?? 0, UInt16(0))
        var knownFlags: TCPFlags?
        switch packet.transport {
        case .ports(let source, let destination, let tcpFlags):
            traits |= Trait.ports
            (sourcePort, destinationPort, knownFlags) = (source, destination, tcpFlags)
        case .icmp(let type, let code):
            traits |= Trait.message
            destinationPort = UInt16(type) << 8 | UInt16(code)
        case .none:
            break
        }
        if knownFlags != nil { traits |= Trait.tcpFlags }
        self.init(
            source: (packet.source.high, packet.source.low),
            destination: (packet.destination.high, packet.destination.low),
            sourcePort: sourcePort, destinationPort: destinationPort,
            ipProtocol: packet.ipProtocol.rawValue, tcpFlags: knownFlags?.rawValue ?? 0,
            traits: traits)
    }

    /// The two ends.
    package var source: IPAddress { address(sourceHigh, sourceLow) }
    package var destination: IPAddress { address(destinationHigh, destinationLow) }

    /// What follows the IP header.
    package var transport: Transport {
        if has(Trait.ports) {
            return .ports(
                source: sourcePort, destination: destinationPort,
                tcpFlags: has(Trait.tcpFlags) ? TCPFlags(rawValue: tcpFlags) : nil)
        }
        guard has(Trait.message) else { return .none }
        return .icmp(
            type: UInt8(destinationPort >> 8), code: UInt8(truncatingIfNeeded: destinationPort))
    }

    private func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
        IPAddress(family: has(Trait.ipv6) ? .ipv6 : .ipv4, high: high, low: low)
    }
}

extension Packet {
    /// The packet of a header, with what the header does not hold.
    package init(_ header: PacketHeader, fragment: Fragment?, quoted: QuotedPacket?) {
        self.init(
            source: header.source, destination: header.destination,
            ipProtocol: IPProtocol(rawValue: header.ipProtocol), transport: header.transport,
            fragment: fragment,
            icmpIdentifier: header.has(PacketHeader.Trait.icmpIdentifier)
                ? header.sourcePort : nil,
            quoted: quoted)
    }
}

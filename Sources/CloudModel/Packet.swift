/// The TCP header's flag bits, lowest first: FIN, SYN, RST, PSH, ACK, URG, ECE, CWR.
package struct TCPFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let fin = TCPFlags(rawValue: 1)
    package static let syn = TCPFlags(rawValue: 2)
    package static let rst = TCPFlags(rawValue: 4)
    package static let ack = TCPFlags(rawValue: 16)

    /// Whether this is how a connection begins: SYN without ACK.
    package var isBareSYN: Bool { contains(.syn) && !contains(.ack) }

    /// tcpdump's letters in bit order: `F` FIN, `S` SYN, `R` RST, `P` PSH, `.` ACK, `U` URG, `E` ECE,
    /// `W` CWR.
    private static let letters = Array("FSRP.UEW")

    /// Reads tcpdump's letters in any order; `nil` if one is unknown or repeated. `none` is no flag.
    package init?(_ text: String) {
        self = []
        if text == "none" { return }
        for letter in text {
            guard let bit = TCPFlags.letters.firstIndex(of: letter) else { return nil }
            let (inserted, _) = insert(TCPFlags(rawValue: 1 << UInt8(bit)))
            guard inserted else { return nil }
        }
    }

    /// tcpdump's letters, or `none`.
    package var description: String {
        rawValue == 0
            ? "none"
            : String(
                TCPFlags.letters.indices.filter { rawValue >> UInt8($0) & 1 == 1 }
                    .map { TCPFlags.letters[$0] })
    }
}

/// What follows the IP header, as far as filters and sessions look at it.
package enum Transport: Hashable, Sendable {
    /// Nothing is known: a fragment but the first, or a protocol without ports.
    case none
    /// TCP, UDP and the other protocols that begin with two ports. Flags are for TCP only.
    case ports(source: UInt16, destination: UInt16, tcpFlags: TCPFlags?)
    case icmp(type: UInt8, code: UInt8)

    /// What the packets of one flow have in common: ports, but no flags.
    package var withoutFlags: Transport {
        guard case .ports(let source, let destination, _) = self else { return self }
        return .ports(source: source, destination: destination, tcpFlags: nil)
    }
}

/// The place of a fragment in its datagram.
package struct Fragment: Hashable, Sendable {
    /// The datagram's identification: 16 bits in IPv4, 32 in IPv6.
    package var identification: UInt32
    /// In bytes.
    package var offset: UInt16
    /// Whether other fragments follow.
    package var hasMore: Bool

    package init(identification: UInt32, offset: UInt16, hasMore: Bool) {
        self.identification = identification
        self.offset = offset
        self.hasMore = hasMore
    }

    /// Whether this is the first fragment, the one with the transport header.
    package var isFirst: Bool { offset == 0 }
}

/// What a filter looks at in one IP packet: the outermost header's addresses and protocol, and the
/// transport fields behind it. A value without heap storage.
package struct Packet: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    package var ipProtocol: IPProtocol
    package var transport: Transport
    /// `nil` for a whole datagram.
    package var fragment: Fragment?
    /// The identifier of an ICMP request or reply; `nil` if the message has none, or if it is not
    /// known. In files it is `icmpId`.
    package var icmpIdentifier: UInt16?
    /// The packet that an ICMP error is about, as far as the error holds it.
    package var quoted: QuotedPacket?

    package init(
        source: IPAddress, destination: IPAddress, ipProtocol: IPProtocol,
        transport: Transport = .none, fragment: Fragment? = nil, icmpIdentifier: UInt16? = nil,
        quoted: QuotedPacket? = nil
    ) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.transport = transport
        self.fragment = fragment
        self.icmpIdentifier = icmpIdentifier
        self.quoted = quoted
    }

    /// The version of both addresses.
    package var family: AddressFamily { source.family }

    /// Whether this is a fragment without a transport header.
    package var isLaterFragment: Bool { fragment.map { !$0.isFirst } ?? false }

    /// The interface's own address and the other one.
    package func addresses(
        seen direction: Direction
    ) -> (local: IPAddress, peer: IPAddress) {
        direction == .ingress ? (destination, source) : (source, destination)
    }
}

/// The packet that an ICMP error quotes: one that was sent earlier, mostly the other way.
///
/// A value of its own, so that a packet needs no heap storage. An error inside an error quotes
/// nothing.
package struct QuotedPacket: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    package var ipProtocol: IPProtocol
    /// `none` if the quote ends before the transport fields.
    package var transport: Transport
    package var fragment: Fragment?
    package var icmpIdentifier: UInt16?

    package init(
        source: IPAddress, destination: IPAddress, ipProtocol: IPProtocol,
        transport: Transport = .none, fragment: Fragment? = nil, icmpIdentifier: UInt16? = nil
    ) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.transport = transport
        self.fragment = fragment
        self.icmpIdentifier = icmpIdentifier
    }

    /// What an error that is about `packet` can quote.
    package init(_ packet: Packet) {
        self.init(
            source: packet.source, destination: packet.destination,
            ipProtocol: packet.ipProtocol, transport: packet.transport,
            fragment: packet.fragment, icmpIdentifier: packet.icmpIdentifier)
    }

    /// The quoted packet as it was on its way.
    package var packet: Packet {
        Packet(
            source: source, destination: destination, ipProtocol: ipProtocol,
            transport: transport, fragment: fragment, icmpIdentifier: icmpIdentifier)
    }
}

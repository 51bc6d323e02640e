internal import CloudModel

/// The most common frames, read in a straight line: Ethernet; IPv4 without options, or IPv6 with any extension
/// headers but the fragment header; not a fragment, nor an ICMP error with what it quotes.
///
///      0 destination(6)  source(6)  type(2)
///     14 45  type(1)  total length(2)  identification(2)  flags(2)  time to live(1)  protocol(1)  …
///     26 source(4)  destination(4)                                                    34 ports(4)
///
///     14 6…(4)  payload length(2)  next header(1)  hop limit(1)
///     22 source(16)  destination(16)                              54 extension headers …  ports(4)
///
/// What it says is what the walk over the headers finds: `DecodeFuzz` compares them. It only takes a
/// third of the time. Whatever is cut off, or too short, is left to the walk.
enum PlainPacket {
    /// The frame with its offsets; `nil` if it is any other kind of frame, or too short.
    @inline(__always)
    static func decoded(_ frame: RawSpan) -> DecodedFrame? {
        var transportOffset = 0
        guard let header = header(in: frame, transportAt: &transportOffset) else { return nil }
        let isIPv6 = header.has(PacketHeader.Trait.ipv6)
        let length = isIPv6 ? 40 + Int(frame.uint16(at: 18)) : Int(frame.uint16(at: 16))
        return DecodedFrame(
            outcome: .packet(Packet(header, fragment: nil, quoted: nil)),
            sourceMAC: MACAddress(frame.uint64(at: 6) >> 16),
            destinationMAC: MACAddress(frame.uint64(at: 0) >> 16), networkOffset: 14,
            transportOffset: transportOffset, packetEnd: min(14 + length, frame.byteCount),
            fragmentProtocol: nil)
    }

    /// The header of the packet in `frame`, and where its transport header begins; `nil` if it is any
    /// other kind of frame, or too short.
    @inline(__always)
    static func header(in frame: RawSpan, transportAt offset: inout Int) -> PacketHeader? {
        guard frame.byteCount >= 34 else { return nil }
        let word = frame.uint32(at: 12)
        if word & 0xFFFF_FF00 == 0x0800_4500 {
            offset = 34
            return ipv4Header(in: frame)
        }
        guard word & 0xFFFF_F000 == 0x86DD_6000, frame.byteCount >= 54 else { return nil }
        return ipv6Header(in: frame, transportAt: &offset)
    }

    /// The header of the packet in an Ethernet `frame` behind VLAN tags, or labels of MPLS; `nil` if there are none, or
    /// if it is any other kind of frame, or too short.
    @inline(never)
    static func taggedHeader(in frame: RawSpan) -> PacketHeader? {
        var offset = 12
        while frame.byteCount >= offset + 6 {
            let etherType = frame.uint16(at: offset)
            switch etherType {
            case EtherType.vlan, EtherType.providerVLAN, EtherType.oldVLAN, EtherType.oldVLAN2:
                offset += 4
                continue
            case EtherType.mpls, EtherType.mplsMulticast:
                offset += 2
                guard passLabels(in: frame, from: &offset) else { return nil }
            default:
                offset += 2
            }
            // The offsets below are those of a frame without tags.
            let untagged = frame.extracting((offset - 14)...)
            var transportOffset = 0
            switch (etherType, untagged.uint8(at: 14)) {
            case (EtherType.ipv4, 0x45), (EtherType.mpls, 0x45), (EtherType.mplsMulticast, 0x45):
                return untagged.byteCount >= 34 ? ipv4Header(in: untagged) : nil
            case (EtherType.ipv6, 0x60...0x6F), (EtherType.mpls, 0x60...0x6F),
                (EtherType.mplsMulticast, 0x60...0x6F):
                return untagged.byteCount >= 54
                    ? ipv6Header(in: untagged, transportAt: &transportOffset) : nil
            default:
                return nil
            }
        }
        return nil
    }

    /// Passes the stack of labels at `offset`; the result is whether a byte is there behind it.
    private static func passLabels(in frame: RawSpan, from offset: inout Int) -> Bool {
        var isBottom = false
        while !isBottom {
            guard frame.byteCount > offset + 4 else { return false }
            isBottom = frame.uint8(at: offset + 2) & 1 == 1
            offset += 4
        }
        return true
    }

    /// - Precondition: 34 bytes are there.
    @inline(__always)
    private static func ipv4Header(in frame: RawSpan) -> PacketHeader? {
        guard frame.uint16(at: 20) & 0x3FFF == 0 else { return nil }
        let addresses = frame.uint64(at: 26)
        let transport = Transport(
            ipProtocol: frame.uint8(at: 23), offset: 34,
            end: min(14 + Int(frame.uint16(at: 16)), frame.byteCount))
        return header(
            in: frame, source: (addresses & 0xFFFF_FFFF_0000_0000, 0),
            destination: (addresses << 32, 0), transport, icmp: ProtocolNumber.icmp, traits: 0)
    }

    /// - Precondition: 54 bytes are there.
    @inline(__always)
    private static func ipv6Header(
        in frame: RawSpan, transportAt offset: inout Int
    ) -> PacketHeader? {
        // A length of 0 is none: the packet reaches to the frame's end, and takes a walk.
        let payloadLength = Int(frame.uint16(at: 18))
        guard payloadLength > 0 else { return nil }
        var transport = Transport(
            ipProtocol: frame.uint8(at: 20), offset: 54,
            end: min(54 + payloadLength, frame.byteCount))
        while transport.isExtension {
            guard transport.passExtension(in: frame) else { return nil }
        }
        offset = transport.offset
        return header(
            in: frame, source: (frame.uint64(at: 22), frame.uint64(at: 30)),
            destination: (frame.uint64(at: 38), frame.uint64(at: 46)), transport,
            icmp: ProtocolNumber.icmpv6, traits: PacketHeader.Trait.ipv6)
    }

    /// The header of a packet with these addresses; `icmp` is the number that ICMP has in its version of IP.
    @inline(__always)
    private static func header(
        in frame: RawSpan, source: (UInt64, UInt64), destination: (UInt64, UInt64),
        _ transport: Transport, icmp: UInt8, traits: UInt16
    ) -> PacketHeader? {
        var traits = traits | PacketHeader.Trait.packet
        var (sourcePort, destinationPort, tcpFlags) = (UInt16(0), UInt16(0), UInt8(0))
        if transport.ipProtocol == ProtocolNumber.tcp {
            guard transport.holds(14) else { return nil }
            traits |= portTraits | PacketHeader.Trait.tcpFlags
            sourcePort = frame.uint16(at: transport.offset)
            destinationPort = frame.uint16(at: transport.offset + 2)
            tcpFlags = frame.uint8(at: transport.offset + 13)
        } else if transport.ipProtocol == ProtocolNumber.udp {
            guard transport.holds(4) else { return nil }
            traits |= portTraits
            sourcePort = frame.uint16(at: transport.offset)
            destinationPort = frame.uint16(at: transport.offset + 2)
        } else {
            guard let message = transport.message(in: frame, icmp: icmp) else { return nil }
            traits |= message.traits
            (sourcePort, destinationPort) = (message.identifier, message.typeAndCode)
        }
        return PacketHeader(
            source: source, destination: destination, sourcePort: sourcePort,
            destinationPort: destinationPort, ipProtocol: transport.ipProtocol,
            tcpFlags: tcpFlags, traits: traits)
    }

    static var portTraits: UInt16 {
        PacketHeader.Trait.ports | PacketHeader.Trait.filteredPorts
    }
}

extension PlainPacket {
    /// Where a packet's transport header is, and what it is.
    private struct Transport {
        var ipProtocol: UInt8
        var offset: Int
        /// The end of the packet's bytes, all of which are there.
        let end: Int

        @inline(__always)
        func holds(_ count: Int) -> Bool { offset + count <= end }

        /// Hop-by-hop options, routing, fragment, authentication, destination options.
        private static let extensions: UInt64 =
            1 | 1 << 43 | 1 << 44 | 1 << 51 | 1 << 60

        /// Whether an extension header of IPv6 is there instead.
        @inline(__always)
        var isExtension: Bool {
            ipProtocol < 64 && Transport.extensions >> UInt64(ipProtocol) & 1 == 1
        }

        /// Passes an extension header; `false` when that takes a walk.
        mutating func passExtension(in frame: RawSpan) -> Bool {
            guard ipProtocol != ProtocolNumber.fragment, holds(2) else { return false }
            let count = Int(frame.uint8(at: offset + 1))
            let isAuthentication = ipProtocol == ProtocolNumber.authentication
            let length = isAuthentication ? 4 * (count + 2) : 8 * (count + 1)
            guard holds(length) else { return false }
            ipProtocol = frame.uint8(at: offset)
            offset += length
            return true
        }

        /// What there is of a packet that is neither TCP nor UDP.
        struct Message {
            var traits: UInt16 = 0
            var identifier: UInt16 = 0
            var typeAndCode: UInt16 = 0
        }

        /// What a header holds beside addresses and protocol; `nil` when that takes a walk.
        @inline(never)
        func message(in frame: RawSpan, icmp: UInt8) -> Message? {
            switch ipProtocol {
            case icmp: break
            case ProtocolNumber.icmp, ProtocolNumber.icmpv6, ProtocolNumber.dccp,
                ProtocolNumber.sctp, ProtocolNumber.udpLite:
                return nil
            default: return holds(0) ? Message() : nil
            }
            guard holds(6) else { return nil }
            var message = Message(
                traits: PacketHeader.Trait.message | PacketHeader.Trait.icmp,
                typeAndCode: frame.uint16(at: offset))
            switch IPProtocol(rawValue: icmp).icmpKind(ofType: frame.uint8(at: offset)) {
            case .request, .reply:
                message.traits |= PacketHeader.Trait.icmpIdentifier
                message.identifier = frame.uint16(at: offset + 4)
            case .error: return nil
            case .notice, nil: break
            }
            return message
        }
    }
}

internal import CloudModel

/// The most common frames, read in a straight line: Ethernet without tags; IPv4 without options, not a
/// fragment, or IPv6 without extension headers; TCP or UDP.
///
///      0 destination(6)  source(6)  type(2)
///     14 45  type(1)  total length(2)  identification(2)  flags(2)  time to live(1)  protocol(1)  …
///     26 source(4)  destination(4)                                                    34 ports(4)
///
///     14 6…(4)  payload length(2)  next header(1)  hop limit(1)
///     22 source(16)  destination(16)                                                  54 ports(4)
///
/// What it says is what the walk over the headers finds: `DecodeFuzz` compares them. It only takes a
/// third of the time.
enum PlainPacket {
    /// The frame with its offsets; `nil` if it is any other kind of frame, or too short.
    @inline(__always)
    static func decoded(_ frame: RawSpan) -> DecodedFrame? {
        guard let header = header(in: frame) else { return nil }
        let isIPv6 = header.has(PacketHeader.Trait.ipv6)
        let length = isIPv6 ? 40 + Int(frame.uint16(at: 18)) : Int(frame.uint16(at: 16))
        return DecodedFrame(
            outcome: .packet(Packet(header, fragment: nil, quoted: nil)),
            sourceMAC: MACAddress(frame.uint64(at: 6) >> 16),
            destinationMAC: MACAddress(frame.uint64(at: 0) >> 16), networkOffset: 14,
            transportOffset: isIPv6 ? 54 : 34, packetEnd: min(14 + length, frame.byteCount),
            fragmentProtocol: nil)
    }

    /// The header of the packet in `frame`; `nil` if it is any other kind of frame, or too short.
    @inline(__always)
    static func header(in frame: RawSpan) -> PacketHeader? {
        guard frame.byteCount >= 38 else { return nil }
        let word = frame.uint32(at: 12)
        if word & 0xFFFF_FF00 == 0x0800_4500 { return ipv4Header(in: frame) }
        guard word & 0xFFFF_F000 == 0x86DD_6000, frame.byteCount >= 58 else { return nil }
        return ipv6Header(in: frame)
    }

    /// - Precondition: 38 bytes are there.
    @inline(__always)
    private static func ipv4Header(in frame: RawSpan) -> PacketHeader? {
        let totalLength = Int(frame.uint16(at: 16))
        let ipProtocol = frame.uint8(at: 23)
        let isTCP =
            ipProtocol == ProtocolNumber.tcp && totalLength >= 34 && frame.byteCount >= 48
        guard totalLength >= 24, frame.uint16(at: 20) & 0x3FFF == 0,
            isTCP || ipProtocol == ProtocolNumber.udp
        else { return nil }
        let (addresses, ports) = (frame.uint64(at: 26), frame.uint32(at: 34))
        return PacketHeader(
            source: (addresses & 0xFFFF_FFFF_0000_0000, 0), destination: (addresses << 32, 0),
            sourcePort: UInt16(truncatingIfNeeded: ports >> 16),
            destinationPort: UInt16(truncatingIfNeeded: ports), ipProtocol: ipProtocol,
            tcpFlags: isTCP ? frame.uint8(at: 47) : 0,
            traits: usualTraits | (isTCP ? PacketHeader.Trait.tcpFlags : 0))
    }

    /// - Precondition: 58 bytes are there.
    @inline(__always)
    private static func ipv6Header(in frame: RawSpan) -> PacketHeader? {
        let payloadLength = Int(frame.uint16(at: 18))
        let ipProtocol = frame.uint8(at: 20)
        let isTCP =
            ipProtocol == ProtocolNumber.tcp && payloadLength >= 14 && frame.byteCount >= 68
        guard payloadLength >= 4, isTCP || ipProtocol == ProtocolNumber.udp else { return nil }
        let ports = frame.uint32(at: 54)
        return PacketHeader(
            source: (frame.uint64(at: 22), frame.uint64(at: 30)),
            destination: (frame.uint64(at: 38), frame.uint64(at: 46)),
            sourcePort: UInt16(truncatingIfNeeded: ports >> 16),
            destinationPort: UInt16(truncatingIfNeeded: ports), ipProtocol: ipProtocol,
            tcpFlags: isTCP ? frame.uint8(at: 67) : 0,
            traits: usualTraits | PacketHeader.Trait.ipv6
                | (isTCP ? PacketHeader.Trait.tcpFlags : 0))
    }

    /// What all packets that are read here have in common.
    private static var usualTraits: UInt16 {
        PacketHeader.Trait.packet | PacketHeader.Trait.ports | PacketHeader.Trait.filteredPorts
    }
}

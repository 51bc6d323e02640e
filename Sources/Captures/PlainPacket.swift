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
struct PlainPacket {
    let sourceMAC: MACAddress
    let destinationMAC: MACAddress
    let packet: Packet
    let transportOffset: Int
    let packetEnd: Int

    /// The packet in `frame`; `nil` if it is any other kind of frame, or too short.
    @inline(__always)
    init?(_ frame: RawSpan) {
        guard frame.byteCount >= 38 else { return nil }
        let word = frame.uint32(at: 12)
        if word & 0xFFFF_FF00 == 0x0800_4500 {
            self.init(ipv4: frame)
        } else if word & 0xFFFF_F000 == 0x86DD_6000, frame.byteCount >= 58 {
            self.init(ipv6: frame)
        } else {
            return nil
        }
    }

    /// - Precondition: 38 bytes are there.
    @inline(__always)
    private init?(ipv4 frame: RawSpan) {
        let totalLength = Int(frame.uint16(at: 16))
        let isWhole = frame.uint16(at: 20) & 0x3FFF == 0
        let ipProtocol = frame.uint8(at: 23)
        packetEnd = min(14 + totalLength, frame.byteCount)
        transportOffset = 34
        guard totalLength >= 24, isWhole,
            ipProtocol == ProtocolNumber.udp || ipProtocol == ProtocolNumber.tcp && packetEnd >= 48
        else { return nil }
        (sourceMAC, destinationMAC) = PlainPacket.macAddresses(frame)
        let (addresses, ports) = (frame.uint64(at: 26), frame.uint32(at: 34))
        packet = Packet(
            ipv4Source: UInt32(truncatingIfNeeded: addresses >> 32),
            destination: UInt32(truncatingIfNeeded: addresses), ipProtocol: ipProtocol,
            sourcePort: UInt16(truncatingIfNeeded: ports >> 16),
            destinationPort: UInt16(truncatingIfNeeded: ports),
            tcpFlags: ipProtocol == ProtocolNumber.tcp ? frame.uint8(at: 47) : nil)
    }

    /// - Precondition: 58 bytes are there.
    @inline(__always)
    private init?(ipv6 frame: RawSpan) {
        let payloadLength = Int(frame.uint16(at: 18))
        let ipProtocol = frame.uint8(at: 20)
        packetEnd = min(54 + payloadLength, frame.byteCount)
        transportOffset = 54
        guard payloadLength >= 4,
            ipProtocol == ProtocolNumber.udp || ipProtocol == ProtocolNumber.tcp && packetEnd >= 68
        else { return nil }
        (sourceMAC, destinationMAC) = PlainPacket.macAddresses(frame)
        let ports = frame.uint32(at: 54)
        packet = Packet(
            ipv6Source: (frame.uint64(at: 22), frame.uint64(at: 30)),
            destination: (frame.uint64(at: 38), frame.uint64(at: 46)), ipProtocol: ipProtocol,
            sourcePort: UInt16(truncatingIfNeeded: ports >> 16),
            destinationPort: UInt16(truncatingIfNeeded: ports),
            tcpFlags: ipProtocol == ProtocolNumber.tcp ? frame.uint8(at: 67) : nil)
    }

    /// Sender and receiver.
    ///
    /// - Precondition: 14 bytes are there.
    @inline(__always)
    private static func macAddresses(_ frame: RawSpan) -> (MACAddress, MACAddress) {
        (MACAddress(frame.uint64(at: 6) >> 16), MACAddress(frame.uint64(at: 0) >> 16))
    }
}

import Captures
import CloudModel

/// Frames written byte by byte, from the inside out: `ethernet(0x0800, ipv4(17, udp()))`.
enum FrameBytes {
    static let sourceMAC: [UInt8] = [0x02, 0, 0, 0, 0, 0x0A]
    static let destinationMAC: [UInt8] = [0x02, 0, 0, 0, 0, 0x0B]

    // MARK: Transport

    static func udp(_ source: UInt16 = 40_000, _ destination: UInt16 = 53) -> [UInt8] {
        big(source) + big(destination) + big(12) + big(0) + [1, 2, 3, 4]
    }

    static func tcp(
        _ source: UInt16 = 40_000, _ destination: UInt16 = 443, flags: UInt8 = 0x12
    ) -> [UInt8] {
        big(source) + big(destination) + [0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags] + big(1024)
            + [0, 0, 0, 0]
    }

    static func icmp(
        _ type: UInt8, _ code: UInt8, _ payload: [UInt8] = [], identifier: UInt16 = 0
    ) -> [UInt8] {
        [type, code, 0, 0] + big(identifier) + [0, 0] + payload
    }

    // MARK: IP

    /// 192.0.2.1 to 198.51.100.2.
    static func ipv4(
        _ ipProtocol: UInt8, _ payload: [UInt8], options: [UInt8] = [], totalLength: Int? = nil,
        fragmentField: UInt16 = 0
    ) -> [UInt8] {
        let headerLength = 20 + options.count
        let length = totalLength ?? headerLength + payload.count
        var header: [UInt8] = [0x40 | UInt8(headerLength / 4), 0] + big(UInt16(length))
        header += big(0x1234) + big(fragmentField)
        header += [64, ipProtocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]
        return header + options + payload
    }

    /// 2001:db8::1 to 2001:db8::2.
    static func ipv6(
        _ next: UInt8, _ payload: [UInt8], payloadLength: Int? = nil
    ) -> [UInt8] {
        let prefix: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        return [0x60, 0, 0, 0] + big(UInt16(payloadLength ?? payload.count)) + [next, 64]
            + prefix + [1] + prefix + [2] + payload
    }

    /// A hop-by-hop, routing or destination options header of eight bytes.
    static func options(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [next, 0, 1, 4, 0, 0, 0, 0] + payload
    }

    static func fragmentHeader(
        _ next: UInt8, offset: UInt16, hasMore: Bool, _ payload: [UInt8]
    ) -> [UInt8] {
        [next, 0] + big(offset | (hasMore ? 1 : 0)) + [0xAA, 0xBB, 0xCC, 0xDD] + payload
    }

    // MARK: Link

    static func ethernet(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
        destinationMAC + sourceMAC + big(type) + payload
    }

    /// A tag's control word and the type behind it, to follow the tag's own EtherType.
    static func tag(_ next: UInt16, _ payload: [UInt8]) -> [UInt8] {
        big(7) + big(next) + payload
    }

    static func snap(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [0xAA, 0xAA, 0x03, 0, 0, 0] + big(type) + payload
    }

    static func pppoe(_ pppProtocol: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        let content = pppProtocol + payload
        return [0x11, 0] + big(1) + big(UInt16(content.count)) + content
    }

    static func mplsLabel(isBottom: Bool, _ payload: [UInt8]) -> [UInt8] {
        [0, 1, isBottom ? 1 : 0, 64] + payload
    }

    static func cooked(
        _ number: UInt16, deviceType: UInt16 = 1, _ payload: [UInt8]
    ) -> [UInt8] {
        big(0) + big(deviceType) + big(6) + sourceMAC + [0, 0] + big(number) + payload
    }

    static func cooked2(
        _ number: UInt16, deviceType: UInt16 = 1, _ payload: [UInt8]
    ) -> [UInt8] {
        big(number) + [0, 0, 0, 0, 0, 1] + big(deviceType) + [0, 6] + sourceMAC + [0, 0] + payload
    }

    /// A number's two bytes in network order.
    static func big(_ number: UInt16) -> [UInt8] {
        [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
    }
}

/// What the decoder says of `bytes`; `originalLength` is their number unless the capture cut them.
func decode(
    _ bytes: [UInt8], _ linkType: LinkType = .ethernet, originalLength: Int? = nil
) -> DecodedFrame {
    bytes.withRawSpan {
        FrameDecoder(linkType: linkType).decode($0, originalLength: originalLength ?? bytes.count)
    }
}

extension [UInt8] {
    /// The result of `body` on the bytes.
    func withRawSpan<Result>(_ body: (RawSpan) -> Result) -> Result {
        // SAFETY: bytes have no padding, so all that the span shows is initialized.
        body(unsafe span.bytes)
    }
}

extension RawSpan {
    /// The bytes, for comparison.
    var copied: [UInt8] {
        // SAFETY: every bit pattern is a byte, and the load checks the offset.
        (0..<byteCount).map { unsafe unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}

extension MACAddress {
    static let ofSource = MACAddress(0x02_00_00_00_00_0A)
    static let ofDestination = MACAddress(0x02_00_00_00_00_0B)
}

extension Packet {
    /// The packet that `FrameBytes.ipv4` writes.
    static func ipv4(
        _ ipProtocol: IPProtocol, _ transport: Transport, fragment: Fragment? = nil,
        icmpIdentifier: UInt16? = nil, quoted: QuotedPacket? = nil
    ) -> Packet {
        Packet(
            source: IPAddress(ipv4: 0xC000_0201), destination: IPAddress(ipv4: 0xC633_6402),
            ipProtocol: ipProtocol, transport: transport, fragment: fragment,
            icmpIdentifier: icmpIdentifier, quoted: quoted)
    }

    /// The packet that `FrameBytes.ipv6` writes.
    static func ipv6(
        _ ipProtocol: IPProtocol, _ transport: Transport, fragment: Fragment? = nil,
        icmpIdentifier: UInt16? = nil, quoted: QuotedPacket? = nil
    ) -> Packet {
        Packet(
            source: IPAddress(ipv6High: 0x2001_0DB8_0000_0000, low: 1),
            destination: IPAddress(ipv6High: 0x2001_0DB8_0000_0000, low: 2),
            ipProtocol: ipProtocol, transport: transport, fragment: fragment,
            icmpIdentifier: icmpIdentifier, quoted: quoted)
    }
}

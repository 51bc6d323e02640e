package import CloudModel

/// A pcap file being put together in memory: Ethernet, microseconds, little-endian.
///
///     var capture = CaptureBytes()
///     capture.append(try Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443"), at: 1.5)
///     capture.bytes                                     // the whole file
package struct CaptureBytes {
    /// The file.
    package private(set) var bytes: [UInt8] = []

    /// A capture without frames.
    package init() {
        append(UInt32(0xA1B2_C3D4), littleEndian: 4)
        append(UInt32(2), littleEndian: 2)
        append(UInt32(4), littleEndian: 2)
        for field in [UInt32(0), 0, 65_535, 1] { append(field, littleEndian: 4) }
    }

    /// Appends a frame that carries `packet`, an IPv4 one, captured so many microseconds after 1970.
    ///
    /// - Returns: The frame's length.
    @discardableResult
    package mutating func append(_ packet: Packet, atMicroseconds time: Int) -> Int {
        append(frame: CaptureBytes.frame(packet), atMicroseconds: time)
    }

    /// An Ethernet frame that carries `packet`, an IPv4 one.
    package static func frame(_ packet: Packet) -> [UInt8] { ethernetHeader + ipv4(packet) }

    /// A frame that carries another one in VXLAN, from 198.51.100.1 to 198.51.100.2.
    package static func vxlan(_ inner: [UInt8]) throws -> [UInt8] {
        let outer = try frame(Packet("udp 198.51.100.1:50000 > 198.51.100.2:4789"))
        let length = octets(UInt16(20 + 8 + 8 + inner.count))
        // Ethernet, IPv4, UDP; and in the place of the eight bytes behind these, VXLAN's header.
        return outer.prefix(16) + length + outer[18..<42] + [8, 0, 0, 0, 0, 0, 5, 0] + inner
    }

    /// Appends a frame with these bytes.
    ///
    /// - Returns: The frame's length.
    @discardableResult
    package mutating func append(frame: [UInt8], atMicroseconds time: Int) -> Int {
        append(UInt32(time / 1_000_000), littleEndian: 4)
        append(UInt32(time % 1_000_000), littleEndian: 4)
        append(UInt32(frame.count), littleEndian: 4)
        append(UInt32(frame.count), littleEndian: 4)
        bytes += frame
        return frame.count
    }

    /// An ARP request, which no group filters.
    package static let arpFrame: [UInt8] =
        Array(repeating: 0xFF, count: 6) + [2, 0, 0, 0, 0, 1, 0x08, 0x06]
        + [UInt8](repeating: 0, count: 28)

    private static let ethernetHeader: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00]

    private mutating func append(_ value: UInt32, littleEndian byteCount: Int) {
        for index in 0..<byteCount {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * index)))
        }
    }

    /// An IPv4 packet with the transport header of `packet`, and eight bytes behind it.
    private static func ipv4(_ packet: Packet) -> [UInt8] {
        let payload = transportHeader(packet) + [UInt8](repeating: 0, count: 8)
        let fragment = packet.fragment
        let flagsAndOffset =
            UInt16((fragment?.offset ?? 0) / 8) | (fragment?.hasMore == true ? 0x2000 : 0)
        return [0x45, 0] + octets(UInt16(20 + payload.count))
            + octets(UInt16(truncatingIfNeeded: fragment?.identification ?? 0))
            + octets(flagsAndOffset) + [64, packet.ipProtocol.rawValue, 0, 0]
            + octets(packet.source) + octets(packet.destination) + payload
    }

    private static func transportHeader(_ packet: Packet) -> [UInt8] {
        switch packet.transport {
        case .none:
            return []
        case .ports(let source, let destination, let tcpFlags):
            let ports = octets(source) + octets(destination)
            guard packet.ipProtocol == .tcp else { return ports + [0, 16, 0, 0] }
            return ports + [UInt8](repeating: 0, count: 8) + [0x50, tcpFlags?.rawValue ?? 0x10]
                + [UInt8](repeating: 0, count: 6)
        case .icmp(let type, let code):
            // The quote of an error is a packet like any other.
            return [type, code, 0, 0] + octets(packet.icmpIdentifier ?? 0) + [0, 0]
                + (packet.quoted.map { ipv4($0.packet) } ?? [])
        }
    }

    private static func octets(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    private static func octets(_ address: IPAddress) -> [UInt8] {
        octets(UInt16(address.ipv4Value >> 16))
            + octets(UInt16(truncatingIfNeeded: address.ipv4Value))
    }
}

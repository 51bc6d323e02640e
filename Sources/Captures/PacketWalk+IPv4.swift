internal import CloudModel

/// IPv4 (RFC 791).
///
///      0 version·length(1)  type(1)  total length(2)
///      4 identification(2)  0·don't·more fragments, offset/8 (3+13 bits)
///      8 time to live(1)  protocol(1)  checksum(2)
///     12 source(4)
///     16 destination(4)
///     20 options, to the header's length
extension PacketWalk {
    mutating func ipv4(
        _ frame: RawSpan, at offset: Int, within extent: inout Extent
    ) throws(Undecodable) -> Packet {
        try extent.require(20, at: offset, .ipv4)
        let headerLength = try ipv4HeaderLength(frame, at: offset)
        let totalLength = Int(frame.uint16(at: offset + 2))
        // 0 is what a segment of 64 KiB and more has before the network card divides it.
        if totalLength != 0 {
            guard totalLength >= headerLength else {
                throw .wrongLength(layer: .ipv4, found: totalLength, offset: offset)
            }
            extent.narrow(to: offset + totalLength)
        }
        try extent.requireOnWire(headerLength, at: offset, .ipv4)
        let number = frame.uint8(at: offset + 9)
        let ipProtocol = IPProtocol(rawValue: number)
        let fragment = ipv4Fragment(frame, at: offset)
        fragmentProtocol = fragment == nil ? nil : ipProtocol
        let transport = try transport(
            frame, of: number, icmp: ProtocolNumber.icmp, fragment, at: offset + headerLength,
            within: extent)
        return Packet(
            source: IPAddress(ipv4: frame.uint32(at: offset + 12)),
            destination: IPAddress(ipv4: frame.uint32(at: offset + 16)), ipProtocol: ipProtocol,
            transport: transport, fragment: fragment, icmpIdentifier: icmpIdentifier,
            quoted: quoted)
    }

    private func ipv4HeaderLength(_ frame: RawSpan, at offset: Int) throws(Undecodable) -> Int {
        let first = frame.uint8(at: offset)
        guard first >> 4 == 4 else {
            throw .wrongVersion(layer: .ipv4, found: first >> 4, offset: offset)
        }
        let length = Int(first & 0xF) * 4
        guard length >= 20 else {
            throw .wrongLength(layer: .ipv4, found: length, offset: offset)
        }
        return length
    }

    private func ipv4Fragment(_ frame: RawSpan, at offset: Int) -> Fragment? {
        let field = frame.uint16(at: offset + 6)
        let (isLast, place) = (field & 0x2000 == 0, field & 0x1FFF)
        if isLast && place == 0 { return nil }
        return Fragment(
            identification: UInt32(frame.uint16(at: offset + 4)), offset: place * 8,
            hasMore: !isLast)
    }
}

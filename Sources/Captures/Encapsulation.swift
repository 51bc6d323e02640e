internal import CloudModel

/// A tunnel whose inner packets are to be judged instead of the outer ones: clouds deliver mirrored
/// traffic in VXLAN, for instance.
package enum Encapsulation: String, Hashable, Sendable, CaseIterable {
    /// RFC 7348: UDP port 4789, and an Ethernet frame inside.
    case vxlan
    /// RFC 8926: UDP port 6081, and an Ethernet frame or an IP packet inside.
    case geneve
    /// RFC 2784 and 2890: IP protocol 47, and an Ethernet frame or an IP packet inside.
    case gre
}

extension Encapsulation {
    /// What is inside of `outer`, which was found in `frame`; `nil` if that is not this kind of tunnel.
    ///
    /// A tunnel inside of the tunnel is left as it is. A fragment of a tunnel's packet is none: its
    /// inner packet is not there as a whole.
    func inner(
        of outer: DecodedFrame, in frame: RawSpan, originalLength: Int
    ) -> DecodedFrame? {
        guard let packet = outer.packet, packet.fragment == nil,
            let offset = outer.transportOffset
        else { return nil }
        let bytes = frame.extracting(0..<outer.packetEnd)
        guard let payload = payload(bytes, behind: packet, at: offset) else { return nil }
        // Bytes that the capture cut off are missing inside as well.
        let isCut = outer.packetEnd == frame.byteCount && frame.byteCount < originalLength
        let innerLength = isCut ? originalLength : outer.packetEnd
        switch payload {
        case .ethernet(let start):
            return FrameDecoder.decode(bytes, asEthernetAt: start, originalLength: innerLength)
        case .ip(let start):
            return FrameDecoder.decode(bytes, asIPAt: start, originalLength: innerLength)
        }
    }

    /// What a tunnel carries, and where it begins.
    private enum Payload {
        case ethernet(Int)
        case ip(Int)

        /// By the EtherType that tunnels use; `nil` for anything that is neither.
        init?(etherType: UInt16, at offset: Int) {
            switch etherType {
            case 0x6558: self = .ethernet(offset)
            case EtherType.ipv4, EtherType.ipv6: self = .ip(offset)
            default: return nil
            }
        }
    }

    private func payload(_ bytes: RawSpan, behind packet: Packet, at offset: Int) -> Payload? {
        switch (self, packet.transport) {
        case (.vxlan, .ports(_, 4789, _)): vxlanPayload(bytes, at: offset + 8)
        case (.geneve, .ports(_, 6081, _)): genevePayload(bytes, at: offset + 8)
        case (.gre, _) where packet.ipProtocol.rawValue == 47: grePayload(bytes, at: offset)
        default: nil
        }
    }

    ///     flags(1), of which 08 says that there is a network  0(3)  network(3)  0(1)
    private func vxlanPayload(_ bytes: RawSpan, at offset: Int) -> Payload? {
        guard bytes.byteCount - offset >= 8, bytes.uint8(at: offset) & 0x08 != 0 else {
            return nil
        }
        return .ethernet(offset + 8)
    }

    ///     version(2 bits) options' length/4 (6 bits)  flags(1)  type(2)  network(3)  0(1)  options
    private func genevePayload(_ bytes: RawSpan, at offset: Int) -> Payload? {
        guard bytes.byteCount - offset >= 8, bytes.uint8(at: offset) >> 6 == 0 else { return nil }
        let optionLength = Int(bytes.uint8(at: offset) & 0x3F) * 4
        return Payload(
            etherType: bytes.uint16(at: offset + 2), at: offset + 8 + optionLength)
    }

    ///     checksum? 0 key? number?  0(9 bits)  version(3 bits)  type(2)  and four bytes for each that is there
    private func grePayload(_ bytes: RawSpan, at offset: Int) -> Payload? {
        guard bytes.byteCount - offset >= 4 else { return nil }
        let flags = bytes.uint16(at: offset)
        // Version 1 is PPTP's; routing (bit 1) was withdrawn.
        guard flags & 0x4007 == 0 else { return nil }
        let fieldCount = (flags & 0xB000).nonzeroBitCount
        return Payload(etherType: bytes.uint16(at: offset + 2), at: offset + 4 + 4 * fieldCount)
    }
}

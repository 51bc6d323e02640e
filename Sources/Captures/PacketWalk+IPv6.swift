internal import CloudModel

/// IPv6 (RFC 8200) and the extension headers before the transport header.
///
///      0 version·class·flow label(4)
///      4 payload length(2)  next header(1)  hop limit(1)
///      8 source(16)
///     24 destination(16)
///
///     next header(1)  length/8 - 1 (1)  …                 hop-by-hop, routing, destination options
///     next header(1)  length/4 - 2 (1)  …                 authentication (RFC 4302)
///     next header(1)  0(1)  offset/8·0·more (13+2+1 bits)  identification(4)             fragment
extension PacketWalk {
    mutating func ipv6(
        _ frame: RawSpan, at offset: Int, within extent: inout Extent
    ) throws(Undecodable) -> Packet {
        try extent.require(40, at: offset, .ipv6)
        let version = frame.uint8(at: offset) >> 4
        guard version == 6 else {
            throw .wrongVersion(layer: .ipv6, found: version, offset: offset)
        }
        let payloadLength = Int(frame.uint16(at: offset + 4))
        // 0 is a jumbogram's (RFC 2675), or a segment's before the network card divides it.
        if payloadLength != 0 { extent.narrow(to: offset + 40 + payloadLength) }

        var chain = ExtensionChain(
            next: frame.uint8(at: offset + 6), offset: offset + 40)
        try chain.follow(frame, within: extent)
        fragmentProtocol = chain.fragment == nil ? nil : chain.fragmentProtocol
        let transport = try transport(
            frame, of: chain.next, icmp: ProtocolNumber.icmpv6, chain.fragment, at: chain.offset,
            within: extent)
        return Packet(
            source: ipv6Address(frame, at: offset + 8),
            destination: ipv6Address(frame, at: offset + 24),
            ipProtocol: IPProtocol(rawValue: chain.next), transport: transport,
            fragment: chain.fragment, icmpIdentifier: icmpIdentifier, quoted: quoted)
    }

    private func ipv6Address(_ frame: RawSpan, at offset: Int) -> IPAddress {
        IPAddress(ipv6High: frame.uint64(at: offset), low: frame.uint64(at: offset + 8))
    }
}

/// The extension headers of one IPv6 packet, passed one after another.
///
/// Encryption, mobility, HIP, shim6 and "no next header" end the chain: what is behind them is not
/// for a filter, or not there.
private struct ExtensionChain {
    /// What is at ``offset``: in the end the packet's protocol.
    var next: UInt8
    var offset: Int
    /// The place in the datagram. A fragment header that says "offset 0, none follows" (an atomic
    /// fragment, RFC 6946) leaves it `nil`: the datagram is whole.
    var fragment: Fragment?
    /// The fragment header's next header.
    var fragmentProtocol: IPProtocol?

    /// Passes all headers; behind that of a later fragment there are none.
    ///
    /// - Throws: that the chain ends early, so that the packet's protocol is not known.
    mutating func follow(_ frame: RawSpan, within extent: Extent) throws(Undecodable) {
        while true {
            switch next {
            case ProtocolNumber.hopByHop, ProtocolNumber.routing, ProtocolNumber.destinationOptions:
                try pass(frame, unit: 8, uncounted: 1, within: extent)
            case ProtocolNumber.authentication:
                try pass(frame, unit: 4, uncounted: 2, within: extent)
            case ProtocolNumber.fragment:
                try passFragmentHeader(frame, within: extent)
                if let fragment, fragment.offset != 0 { return }
            default:
                return
            }
        }
    }

    /// Passes a header whose second byte counts its length in units, but for the first few.
    private mutating func pass(
        _ frame: RawSpan, unit: Int, uncounted: Int, within extent: Extent
    ) throws(Undecodable) {
        try extent.require(2, at: offset, .ipv6Extension)
        let length = (Int(frame.uint8(at: offset + 1)) + uncounted) * unit
        try extent.requireOnWire(length, at: offset, .ipv6Extension)
        next = frame.uint8(at: offset)
        offset += length
    }

    private mutating func passFragmentHeader(
        _ frame: RawSpan, within extent: Extent
    ) throws(Undecodable) {
        try extent.require(8, at: offset, .ipv6Extension)
        next = frame.uint8(at: offset)
        let field = frame.uint16(at: offset + 2)
        let (hasMore, place) = (field & 1 == 1, field & 0xFFF8)
        if hasMore || place != 0 {
            fragment = Fragment(
                identification: frame.uint32(at: offset + 4), offset: place, hasMore: hasMore)
            fragmentProtocol = IPProtocol(rawValue: next)
        }
        offset += 8
    }
}

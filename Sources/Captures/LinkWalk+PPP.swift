/// PPP with and without its framings, and MPLS.
///
///     version/type(1) code(1) session(2) length(2)                       PPPoE (RFC 2516)
///     [FF 03] protocol(1 or 2)                                           PPP (RFC 1661, 1662)
///     0F or 8F, 00, EtherType(2)                                         Cisco's HDLC (RFC 1547)
///     label(20 bits) class(3) bottom(1) time to live(8), repeated        MPLS (RFC 3032)
extension LinkWalk {
    mutating func pppoe(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(6, at: offset, .pppoe)
        extent.narrow(to: offset + 6 + Int(frame.uint16(at: offset + 4)))
        offset += 6
        return .ppp
    }

    mutating func ppp(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(1, at: offset, .ppp)
        if frame.uint8(at: offset) == 0xFF {
            try extent.require(2, at: offset, .ppp)
            if frame.uint8(at: offset + 1) == 0x03 { offset += 2 }
        }
        switch try pppProtocol(frame) {
        case 0x0021: return .ip(.ipv4)
        case 0x0057: return .ip(.ipv6)
        case 0x0281, 0x0283: return .mpls
        case let number: throw .notIP(layer: .ppp, number: UInt32(number))
        }
    }

    /// The protocol's number: one byte if that is odd (RFC 1661, 6.5), else two.
    private mutating func pppProtocol(_ frame: RawSpan) throws(Undecodable) -> UInt16 {
        try extent.require(1, at: offset, .ppp)
        let first = frame.uint8(at: offset)
        if first & 1 == 1 {
            offset += 1
            return UInt16(first)
        }
        try extent.require(2, at: offset, .ppp)
        offset += 2
        return frame.uint16(at: offset - 2)
    }

    mutating func hdlc(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(1, at: offset, .ppp)
        let address = frame.uint8(at: offset)
        guard address == 0x0F || address == 0x8F else { return .ppp }
        try extent.require(4, at: offset, .ppp)
        offset += 4
        return .etherType(frame.uint16(at: offset - 2))
    }

    /// Passes the stack of labels. No label says what it carries, so the first four bits behind the
    /// stack do, as in routers; a pseudowire's control word (RFC 4385) begins with 0 or 1.
    mutating func mpls(_ frame: RawSpan) throws(Undecodable) -> Step {
        var isBottom = false
        while !isBottom {
            try extent.require(4, at: offset, .mpls)
            isBottom = frame.uint8(at: offset + 2) & 1 == 1
            offset += 4
        }
        try extent.require(1, at: offset, .mpls)
        switch frame.uint8(at: offset) >> 4 {
        case 4: return .ip(.ipv4)
        case 6: return .ip(.ipv6)
        default: throw .notIP(layer: .mpls, number: nil)
        }
    }
}

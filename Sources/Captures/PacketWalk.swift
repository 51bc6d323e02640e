internal import CloudModel

/// The way through the IP headers to the transport header, and what is noted on it.
struct PacketWalk {
    var networkOffset: Int?
    var transportOffset: Int?
    var fragmentProtocol: IPProtocol?

    /// Reads the packet whose IP header is at `offset`.
    ///
    /// - Throws: why there is none: the bytes end early or contradict themselves.
    mutating func read(
        _ frame: RawSpan, as network: NetworkLayer, at offset: Int, within extent: inout Extent
    ) throws(Undecodable) -> Packet {
        switch network {
        case .ipv4: return try ipv4(frame, at: offset, within: &extent)
        case .ipv6: return try ipv6(frame, at: offset, within: &extent)
        case .byVersion:
            try extent.require(1, at: offset, .ip)
            switch frame.uint8(at: offset) >> 4 {
            case 4: return try ipv4(frame, at: offset, within: &extent)
            case 6: return try ipv6(frame, at: offset, within: &extent)
            case let version: throw .wrongVersion(layer: .ip, found: version, offset: offset)
            }
        }
    }

    /// What a filter looks at behind the IP headers, from `offset` on; nothing in a later fragment.
    ///
    /// - Throws: for TCP, UDP and ICMP, without whose fields no rule can be tried, that they are not
    ///   there.
    mutating func transport(
        _ frame: RawSpan, of ipProtocol: IPProtocol, over family: AddressFamily,
        _ fragment: Fragment?, at offset: Int, within extent: Extent
    ) throws(Undecodable) -> Transport {
        transportOffset = extent.holds(0, at: offset) ? offset : nil
        if let fragment, !fragment.isFirst { return .none }
        switch ipProtocol {
        case .tcp:
            try extent.require(4, at: offset, .tcp)
            return ports(frame, at: offset, tcpFlags: tcpFlags(frame, at: offset, within: extent))
        case .udp:
            try extent.require(4, at: offset, .udp)
            return ports(frame, at: offset, tcpFlags: nil)
        case .icmp where family == .ipv4, .icmpv6 where family == .ipv6:
            try extent.require(2, at: offset, .icmp)
            return .icmp(type: frame.uint8(at: offset), code: frame.uint8(at: offset + 1))
        case .dccp, .sctp, .udpLite:
            // No rule tests these ports, so a packet without them is a packet all the same.
            return extent.holds(4, at: offset) ? ports(frame, at: offset, tcpFlags: nil) : .none
        default:
            return .none
        }
    }

    private func ports(_ frame: RawSpan, at offset: Int, tcpFlags: TCPFlags?) -> Transport {
        .ports(
            source: frame.uint16(at: offset), destination: frame.uint16(at: offset + 2),
            tcpFlags: tcpFlags)
    }

    private func tcpFlags(_ frame: RawSpan, at offset: Int, within extent: Extent) -> TCPFlags? {
        extent.holds(14, at: offset) ? TCPFlags(rawValue: frame.uint8(at: offset + 13)) : nil
    }
}

internal import CloudModel

/// The way through the IP headers to the transport header, and what is noted on it.
struct PacketWalk {
    var networkOffset: Int?
    var transportOffset: Int?
    var fragmentProtocol: IPProtocol?
    /// What an ICMP message says beyond type and code.
    private(set) var icmpIdentifier: UInt16?
    private(set) var quoted: QuotedPacket?
    /// Whether the packet is one that an ICMP error quotes: it may end anywhere behind its IP headers,
    /// and quotes nothing itself.
    private var isQuote = false

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
    /// `icmp` is the number that ICMP has in this version of IP: only there it is ICMP.
    ///
    /// - Throws: for TCP, UDP and ICMP, without whose fields no rule can be tried, that they are not
    ///   there; a quote is then without them.
    mutating func transport(
        _ frame: RawSpan, of number: UInt8, icmp: UInt8, _ fragment: Fragment?, at offset: Int,
        within extent: Extent
    ) throws(Undecodable) -> Transport {
        transportOffset = extent.holds(0, at: offset) ? offset : nil
        if let fragment, fragment.offset != 0 { return .none }
        switch number {
        case ProtocolNumber.tcp:
            guard try holds(4, at: offset, .tcp, within: extent) else { return .none }
            return ports(frame, at: offset, tcpFlags: tcpFlags(frame, at: offset, within: extent))
        case ProtocolNumber.udp:
            guard try holds(4, at: offset, .udp, within: extent) else { return .none }
            return ports(frame, at: offset, tcpFlags: nil)
        case icmp:
            guard try holds(2, at: offset, .icmp, within: extent) else { return .none }
            let type = frame.uint8(at: offset)
            readMessage(frame, of: number, type, at: offset, within: extent)
            return .icmp(type: type, code: frame.uint8(at: offset + 1))
        case ProtocolNumber.dccp, ProtocolNumber.sctp, ProtocolNumber.udpLite:
            // No rule tests these ports, so a packet without them is a packet all the same.
            return extent.holds(4, at: offset) ? ports(frame, at: offset, tcpFlags: nil) : .none
        default:
            return .none
        }
    }

    /// Whether the fields that a rule needs are there.
    ///
    /// - Throws: that they are not, unless this is a quote, of which what is there is used.
    private func holds(
        _ count: Int, at offset: Int, _ layer: Layer, within extent: Extent
    ) throws(Undecodable) -> Bool {
        if !isQuote { try extent.require(count, at: offset, layer) }
        return extent.holds(count, at: offset)
    }

    /// Notes the identifier of a request or a reply, or the packet that an error quotes.
    ///
    ///      0 type(1)  code(1)  checksum(2)
    ///      4 identifier(2)  sequence number(2)            request and reply
    ///      8 IP header and the first bytes behind it      error
    private mutating func readMessage(
        _ frame: RawSpan, of number: UInt8, _ type: UInt8, at offset: Int, within extent: Extent
    ) {
        switch IPProtocol(rawValue: number).icmpKind(ofType: type) {
        case .request, .reply:
            if extent.holds(6, at: offset) { icmpIdentifier = frame.uint16(at: offset + 4) }
        case .error where !isQuote:
            quoted = PacketWalk.quotedPacket(in: frame, at: offset + 8, within: extent)
        case .error, .notice, nil:
            break
        }
    }

    /// The packet whose first bytes begin at `offset`; `nil` if its IP headers are not all there.
    private static func quotedPacket(
        in frame: RawSpan, at offset: Int, within extent: Extent
    ) -> QuotedPacket? {
        var walk = PacketWalk()
        walk.isQuote = true
        // What is missing was left out by whoever sent the error.
        var quote = Extent(capturedLength: extent.end, originalLength: .max)
        do throws(Undecodable) {
            return QuotedPacket(
                try walk.read(frame, as: .byVersion, at: offset, within: &quote))
        } catch {
            return nil
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

/// The numbers of IANA's protocol registry that the decoder tells apart, as bytes: comparing
/// ``IPProtocol`` values of another module costs a call for each candidate.
enum ProtocolNumber {
    static let hopByHop: UInt8 = 0
    static let icmp: UInt8 = 1
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17
    static let dccp: UInt8 = 33
    static let routing: UInt8 = 43
    static let fragment: UInt8 = 44
    static let authentication: UInt8 = 51
    static let icmpv6: UInt8 = 58
    static let destinationOptions: UInt8 = 60
    static let sctp: UInt8 = 132
    static let udpLite: UInt8 = 136
}

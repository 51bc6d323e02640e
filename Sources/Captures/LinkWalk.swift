internal import CloudModel

/// Which IP header follows, as far as the layer below says.
enum NetworkLayer {
    case ipv4, ipv6
    /// The header's own first four bits say.
    case byVersion
}

/// The way through the link layer to the IP header.
///
/// Each step reads one header at ``offset``, moves behind it and says what comes next, until that is
/// IP. Every step but the last moves forward, so the walk ends however headers are nested.
struct LinkWalk {
    /// What the bytes at ``offset`` are.
    enum Step {
        case ethernet
        case etherType(UInt16)
        /// An EtherType, or the length of an 802.3 frame.
        case typeOrLength(UInt16)
        case llc, pppoe, ppp, mpls
        case ip(NetworkLayer)
    }

    /// Where the next header begins.
    var offset: Int
    var extent: Extent
    var sourceMAC: MACAddress?
    var destinationMAC: MACAddress?

    init(_ frame: RawSpan, at offset: Int, originalLength: Int) {
        self.offset = offset
        extent = Extent(capturedLength: frame.byteCount, originalLength: originalLength)
    }

    /// Walks to the IP header of a frame that begins as `linkType` says.
    ///
    /// - Throws: why there is none.
    mutating func findIP(
        in frame: RawSpan, linkType: LinkType
    ) throws(Undecodable) -> NetworkLayer {
        var step = try firstStep(in: frame, linkType: linkType)
        while true {
            switch step {
            case .ip(let network): return network
            case .ethernet: step = try ethernet(frame)
            case .etherType(let type): step = try follow(etherType: type, frame)
            case .typeOrLength(let value): step = try follow(typeOrLength: value)
            case .llc: step = try llc(frame)
            case .pppoe: step = try pppoe(frame)
            case .ppp: step = try ppp(frame)
            case .mpls: step = try mpls(frame)
            }
        }
    }

    /// Reads the header that only the beginning of a frame can have, if there is one.
    private mutating func firstStep(
        in frame: RawSpan, linkType: LinkType
    ) throws(Undecodable) -> Step {
        switch linkType {
        case .ethernet: .ethernet
        case .linuxCooked: try linuxCooked(frame)
        case .linuxCooked2: try linuxCooked2(frame)
        case .raw: .ip(.byVersion)
        case .ipv4: .ip(.ipv4)
        case .ipv6: .ip(.ipv6)
        case .null, .loop: try addressFamily(frame)
        case .ppp: .ppp
        case .pppHDLC: try hdlc(frame)
        case .pppoe: .pppoe
        default: throw .unsupportedLinkType(linkType)
        }
    }

    /// The address at `offset`, of which the caller has made sure.
    func macAddress(_ frame: RawSpan, at offset: Int) -> MACAddress {
        MACAddress(UInt64(frame.uint16(at: offset)) << 32 | UInt64(frame.uint32(at: offset + 2)))
    }
}

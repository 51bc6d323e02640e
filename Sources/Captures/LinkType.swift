/// What a captured frame begins with: a LINKTYPE number of tcpdump.org's registry, as capture files
/// hold it.
package struct LinkType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// BSD loopback: the address family in the byte order of the machine that captured.
    package static let null = LinkType(rawValue: 0)
    package static let ethernet = LinkType(rawValue: 1)
    /// PPP, with or without HDLC's address and control bytes.
    package static let ppp = LinkType(rawValue: 9)
    /// PPP in HDLC-like framing (RFC 1662), or Cisco's PPP with an EtherType (RFC 1547).
    package static let pppHDLC = LinkType(rawValue: 50)
    /// A PPPoE session header and PPP behind it, without Ethernet.
    package static let pppoe = LinkType(rawValue: 51)
    /// IPv4 or IPv6, as the first four bits say.
    package static let raw = LinkType(rawValue: 101)
    /// OpenBSD loopback: the address family in network byte order.
    package static let loop = LinkType(rawValue: 108)
    /// Linux "cooked" capture, version 1: what the interface `any` gives.
    package static let linuxCooked = LinkType(rawValue: 113)
    package static let ipv4 = LinkType(rawValue: 228)
    package static let ipv6 = LinkType(rawValue: 229)
    /// Linux "cooked" capture, version 2.
    package static let linuxCooked2 = LinkType(rawValue: 276)

    /// The type behind a DLT number, which is what libpcap reports for a file.
    ///
    /// libpcap maps the file's number to one of its own platform's where the two differ: 101 becomes
    /// 12 on Linux. Files written on OpenBSD may hold 14, which other platforms pass through; and
    /// some tools write 12 itself.
    package init(dataLinkType: Int32) {
        switch dataLinkType {
        case 11: self.init(rawValue: 100)
        case 12, 14: self = .raw
        case 15: self.init(rawValue: 102)
        case 16: self.init(rawValue: 103)
        case 19: self.init(rawValue: 106)
        default: self.init(rawValue: UInt32(truncatingIfNeeded: dataLinkType))
        }
    }

    /// The type behind the number in a file's header, where 12 and 14 mean raw IP too.
    init(fileNumber: UInt32) {
        self = fileNumber == 12 || fileNumber == 14 ? .raw : LinkType(rawValue: fileNumber)
    }

    /// The link types that ``FrameDecoder`` reads.
    package static let supported: [LinkType] = [
        .null, .ethernet, .ppp, .pppHDLC, .pppoe, .raw, .loop, .linuxCooked, .ipv4, .ipv6,
        .linuxCooked2,
    ]

    /// The most bytes that a frame may have: libpcap's limits. D-Bus and USB transfers are long.
    var longestFrame: Int {
        switch rawValue {
        case 231, 189, 220, 249: 128 << 20
        case 279: 8 << 20
        default: 262_144
        }
    }

    /// The snapshot length that a file means by `claimed`: 0 and numbers beyond 31 bits are none.
    func snapshotLength(claimed: UInt32) -> Int {
        claimed == 0 || claimed > UInt32(Int32.max) ? longestFrame : Int(claimed)
    }
}

import Captures
import CloudModel
import Testing

/// A way to write the link layer around an IP packet.
struct LinkLayout: Sendable, CustomTestStringConvertible {
    let name: String
    let linkType: LinkType
    /// The bytes before the packet.
    let head: [UInt8]
    let isIPv6: Bool
    var hasSourceMAC = false
    var hasDestinationMAC = false

    var testDescription: String { name }

    private static let udp4 = FrameBytes.ipv4(17, FrameBytes.udp())
    private static let udp6 = FrameBytes.ipv6(17, FrameBytes.udp())

    var packetBytes: [UInt8] { isIPv6 ? LinkLayout.udp6 : LinkLayout.udp4 }
    var frame: [UInt8] { head + packetBytes }

    static let all: [LinkLayout] = ethernet + cooked + other

    private static func ethernet(
        _ name: String, _ head: [UInt8], isIPv6: Bool = false
    ) -> LinkLayout {
        LinkLayout(
            name: name, linkType: .ethernet, head: head, isIPv6: isIPv6, hasSourceMAC: true,
            hasDestinationMAC: true)
    }

    private static let ethernet: [LinkLayout] = {
        typealias F = FrameBytes
        let length = UInt16(8 + udp4.count)
        return [
            ethernet("Ethernet II, IPv4", F.ethernet(0x0800, [])),
            ethernet("Ethernet II, IPv6", F.ethernet(0x86DD, []), isIPv6: true),
            ethernet("802.1Q", F.ethernet(0x8100, F.tag(0x0800, []))),
            ethernet("802.1ad", F.ethernet(0x88A8, F.tag(0x8100, F.tag(0x0800, [])))),
            ethernet(
                "four tags",
                F.ethernet(
                    0x9100, F.tag(0x9200, F.tag(0x8100, F.tag(0x8100, F.tag(0x86DD, []))))),
                isIPv6: true),
            ethernet(
                "802.1ah",
                F.ethernet(0x88A8, F.tag(0x88E7, [0, 0, 0, 9] + F.ethernet(0x0800, [])))),
            ethernet("LLC and SNAP", F.ethernet(length, F.snap(0x0800, []))),
            ethernet(
                "SNAP in a tag", F.ethernet(0x8100, F.tag(length, F.snap(0x0800, [])))),
            ethernet("SNAP of 802.1H", F.ethernet(length, [0xAA, 0xAA, 3, 0, 0, 0xF8, 8, 0])),
            ethernet("SNAP in a jumbo frame", F.ethernet(0x8870, F.snap(0x0800, []))),
            ethernet("LLC with IP's own number", F.ethernet(length - 5, [6, 6, 3])),
            ethernet("PPPoE, IPv4", F.ethernet(0x8864, pppoe([0x00, 0x21], udp4))),
            ethernet(
                "PPPoE, IPv6", F.ethernet(0x8864, pppoe([0x00, 0x57], udp6)), isIPv6: true),
            ethernet("PPPoE, protocol of one byte", F.ethernet(0x8864, pppoe([0x21], udp4))),
            ethernet("MPLS", F.ethernet(0x8847, F.mplsLabel(isBottom: true, []))),
            ethernet(
                "MPLS multicast, three labels",
                F.ethernet(
                    0x8848,
                    F.mplsLabel(
                        isBottom: false,
                        F.mplsLabel(isBottom: false, F.mplsLabel(isBottom: true, [])))),
                isIPv6: true),
        ]
    }()

    private static let cooked: [LinkLayout] = [
        LinkLayout(
            name: "Linux cooked", linkType: .linuxCooked, head: FrameBytes.cooked(0x0800, []),
            isIPv6: false, hasSourceMAC: true),
        LinkLayout(
            name: "Linux cooked, tagged", linkType: .linuxCooked,
            head: FrameBytes.cooked(0x8100, FrameBytes.tag(0x86DD, [])), isIPv6: true,
            hasSourceMAC: true),
        LinkLayout(
            name: "Linux cooked, LLC", linkType: .linuxCooked,
            head: FrameBytes.cooked(4, FrameBytes.snap(0x0800, [])), isIPv6: false,
            hasSourceMAC: true),
        LinkLayout(
            name: "Linux cooked 2", linkType: .linuxCooked2, head: FrameBytes.cooked2(0x86DD, []),
            isIPv6: true, hasSourceMAC: true),
    ]

    private static let other: [LinkLayout] = {
        func layout(
            _ name: String, _ linkType: LinkType, _ head: [UInt8], isIPv6: Bool = false
        ) -> LinkLayout {
            LinkLayout(name: name, linkType: linkType, head: head, isIPv6: isIPv6)
        }
        return [
            layout("raw, IPv4", .raw, []), layout("raw, IPv6", .raw, [], isIPv6: true),
            layout("IPv4", .ipv4, []), layout("IPv6", .ipv6, [], isIPv6: true),
            layout("null, little-endian", .null, [2, 0, 0, 0]),
            layout("null, big-endian", .null, [0, 0, 0, 2]),
            layout("loop", .loop, [0, 0, 0, 2]),
            layout("null, IPv6 of Linux", .null, [10, 0, 0, 0], isIPv6: true),
            layout("null, IPv6 of OpenBSD", .null, [0, 0, 0, 24], isIPv6: true),
            layout("null, IPv6 of FreeBSD", .null, [28, 0, 0, 0], isIPv6: true),
            layout("null, IPv6 of macOS", .null, [30, 0, 0, 0], isIPv6: true),
            layout("PPP", .ppp, [0x00, 0x21]),
            layout("PPP in HDLC", .ppp, [0xFF, 0x03, 0x00, 0x57], isIPv6: true),
            layout("PPP, MPLS", .ppp, [0x02, 0x81] + FrameBytes.mplsLabel(isBottom: true, [])),
            layout("PPP serial", .pppHDLC, [0xFF, 0x03, 0x00, 0x21]),
            layout("PPP serial without framing", .pppHDLC, [0x00, 0x21]),
            layout("PPP serial of Cisco", .pppHDLC, [0x0F, 0x00, 0x08, 0x00]),
            layout("PPPoE", .pppoe, pppoe([0x00, 0x21], udp4)),
        ]
    }()

    /// A PPPoE header for `packet`, without it.
    private static func pppoe(_ pppProtocol: [UInt8], _ packet: [UInt8]) -> [UInt8] {
        FrameBytes.pppoe(pppProtocol, packet).dropLast(packet.count)
    }
}

@Suite("Link layers")
struct LinkLayerTests {
    @Test("lead to the packet", arguments: LinkLayout.all)
    func decodes(_ layout: LinkLayout) {
        let decoded = decode(layout.frame, layout.linkType)
        let transport = Transport.ports(source: 40_000, destination: 53, tcpFlags: nil)
        let expected: Packet =
            layout.isIPv6 ? .ipv6(.udp, transport) : .ipv4(.udp, transport)
        #expect(decoded.outcome == .packet(expected))
        #expect(decoded.networkOffset == layout.head.count)
        #expect(decoded.transportOffset == layout.head.count + (layout.isIPv6 ? 40 : 20))
        #expect(decoded.packetEnd == layout.frame.count)
        #expect(decoded.sourceMAC == (layout.hasSourceMAC ? .ofSource : nil))
        #expect(decoded.destinationMAC == (layout.hasDestinationMAC ? .ofDestination : nil))
        #expect(decoded.fragmentProtocol == nil)
    }

    @Test("ignore padding and trailers", arguments: LinkLayout.all)
    func ignoresPadding(_ layout: LinkLayout) {
        let decoded = decode(layout.frame + [0xDE, 0xAD, 0xBE, 0xEF], layout.linkType)
        #expect(decoded.outcome == decode(layout.frame, layout.linkType).outcome)
        #expect(decoded.packetEnd == layout.frame.count)
    }

    @Test("cut at any byte give a reason or the same packet", arguments: LinkLayout.all)
    func truncation(_ layout: LinkLayout) {
        let whole = decode(layout.frame, layout.linkType)
        let portsEnd = layout.head.count + (layout.isIPv6 ? 40 : 20) + 4
        for count in 0..<layout.frame.count {
            let start = Array(layout.frame.prefix(count))
            let cut = decode(start, layout.linkType, originalLength: layout.frame.count)
            let short = decode(start, layout.linkType)
            if count >= portsEnd {
                #expect(cut.outcome == whole.outcome, "cut after \(count) bytes")
                #expect(short.outcome == whole.outcome, "short after \(count) bytes")
            } else {
                #expect(cut.reason == .truncated, "cut after \(count) bytes")
                #expect(short.reason == .malformed, "short after \(count) bytes")
            }
        }
    }

    @Test("DLT numbers of raw IP are one link type", arguments: [12, 14, 101] as [Int32])
    func rawNumbers(number: Int32) {
        #expect(LinkType(dataLinkType: number) == .raw)
    }
}

@Suite("Frames without IP")
struct NotIPTests {
    @Test(
        "name what they carry",
        arguments: [
            (FrameBytes.ethernet(0x0806, []), .ethernet, Layer.ethernet, 0x0806),
            (FrameBytes.ethernet(0x8863, []), .ethernet, .ethernet, 0x8863),
            (FrameBytes.ethernet(1501, []), .ethernet, .ethernet, 1501),
            (FrameBytes.ethernet(0x8100, FrameBytes.tag(0x88CC, [])), .ethernet, .ethernet, 0x88CC),
            (FrameBytes.ethernet(38, [0x42, 0x42, 3]), .ethernet, .llc, 0x4242),
            (FrameBytes.ethernet(38, [0xFF, 0xFF, 0]), .ethernet, .llc, 0xFFFF),
            (FrameBytes.ethernet(38, [0xAA, 0xAA, 3, 0, 0, 12, 32, 0]), .ethernet, .snap, 12),
            (FrameBytes.cooked(1, []), .linuxCooked, .ethernet, 1),
            (FrameBytes.cooked(0x0800, deviceType: 824, []), .linuxCooked, .linuxCooked, 0x0800),
            (FrameBytes.cooked2(0x0800, deviceType: 803, []), .linuxCooked2, .linuxCooked, 0x0800),
            ([0, 0, 0, 7], .null, .null, 7),
            ([0xC0, 0x21], .ppp, .ppp, 0xC021),
            ([0xFF, 0x03, 0x80, 0x21], .pppHDLC, .ppp, 0x8021),
            ([0x8F, 0x00, 0x20, 0x00], .pppHDLC, .ethernet, 0x2000),
        ] as [([UInt8], LinkType, Layer, UInt32)])
    func namesContent(bytes: [UInt8], linkType: LinkType, layer: Layer, number: UInt32) {
        let decoded = decode(bytes, linkType)
        #expect(decoded.outcome == .none(.notIP(layer: layer, number: number)))
        #expect(decoded.reason == .notIP)
        #expect(decoded.networkOffset == nil)
    }

    @Test("include pseudowires", arguments: [0x00, 0x10] as [UInt8])
    func pseudowire(controlWord: UInt8) {
        let bytes = FrameBytes.ethernet(
            0x8847, FrameBytes.mplsLabel(isBottom: true, [controlWord, 0, 0, 0]))
        #expect(decode(bytes).outcome == .none(.notIP(layer: .mpls, number: nil)))
    }

    @Test("of other link types say so", arguments: [105, 127, 147, 195, 0xFFFF_FFFF] as [UInt32])
    func unsupported(number: UInt32) {
        let linkType = LinkType(rawValue: number)
        let decoded = decode([UInt8](repeating: 0x45, count: 64), linkType)
        #expect(decoded.outcome == .none(.unsupportedLinkType(linkType)))
        #expect(decoded.reason == .unsupportedLinkType)
        #expect(!LinkType.supported.contains(linkType))
    }

    @Test("of every supported link type are not unsupported", arguments: LinkType.supported)
    func supported(linkType: LinkType) {
        #expect(decode([], linkType).reason == .malformed)
    }
}

import Captures
import CloudModel
import Testing

@Suite("Transport fields")
struct TransportTests {
    private typealias F = FrameBytes

    @Test(
        "ports are read of every protocol that begins with them",
        arguments: [17, 33, 132, 136] as [UInt8])
    func ports(number: UInt8) {
        let expected = Transport.ports(source: 40_000, destination: 53, tcpFlags: nil)
        let ipProtocol = IPProtocol(rawValue: number)
        #expect(decode(F.ipv4(number, F.udp()), .raw).packet == .ipv4(ipProtocol, expected))
        #expect(decode(F.ipv6(number, F.udp()), .raw).packet == .ipv6(ipProtocol, expected))
    }

    @Test("TCP flags are read when they are there", arguments: 4...20)
    func flags(byteCount: Int) {
        let segment = Array(F.tcp(1, 2, flags: 0xC2).prefix(byteCount))
        let frame = F.ipv4(6, segment, totalLength: 40)
        let expected = byteCount >= 14 ? TCPFlags(rawValue: 0xC2) : nil
        #expect(
            decode(frame, .raw, originalLength: 40).packet
                == .ipv4(.tcp, .ports(source: 1, destination: 2, tcpFlags: expected)))
    }

    @Test("ICMP's type and code belong to its own IP version")
    func icmp() {
        let message = F.icmp(8, 3)
        #expect(
            decode(F.ipv4(1, message), .raw).packet
                == .ipv4(.icmp, .icmp(type: 8, code: 3), icmpIdentifier: 0))
        #expect(decode(F.ipv6(58, message), .raw).packet == .ipv6(.icmpv6, .icmp(type: 8, code: 3)))
        #expect(decode(F.ipv6(1, message), .raw).packet == .ipv6(.icmp, .none))
        #expect(decode(F.ipv4(58, message), .raw).packet == .ipv4(.icmpv6, .none))
        #expect(
            decode(F.ipv4(1, [8]), .raw).outcome
                == .none(.tooShort(layer: .icmp, needed: 2, found: 1, offset: 20)))
    }

    @Test("other protocols need no fields", arguments: [33, 47, 50, 89, 132, 136, 255] as [UInt8])
    func withoutFields(number: UInt8) {
        let decoded = decode(F.ipv4(number, []), .raw)
        #expect(decoded.packet == .ipv4(IPProtocol(rawValue: number), .none))
        #expect(decoded.transportOffset == 20)
    }

    @Test("a capture that ends in IPv4's options still tells protocols without ports")
    func cutInOptions() {
        let packet = F.ipv4(47, [0, 0, 8, 0], options: [1, 1, 1, 1])
        let decoded = decode(Array(packet.prefix(22)), .raw, originalLength: packet.count)
        #expect(decoded.packet == .ipv4(.gre, .none))
        #expect(decoded.transportOffset == nil)
    }

    @Test("addresses are the outermost header's")
    func outermost() {
        let inner = F.ipv4(17, F.udp())
        #expect(decode(F.ipv6(4, inner), .raw).packet == .ipv6(IPProtocol(rawValue: 4), .none))
    }
}

@Suite("Fragments")
struct FragmentTests {
    private typealias F = FrameBytes

    @Test("the first IPv4 fragment has ports")
    func firstIPv4() {
        let decoded = decode(F.ipv4(17, F.udp(), fragmentField: 0x2000), .raw)
        let fragment = Fragment(identification: 0x1234, offset: 0, hasMore: true)
        #expect(
            decoded.packet
                == .ipv4(
                    .udp, .ports(source: 40_000, destination: 53, tcpFlags: nil),
                    fragment: fragment))
        #expect(decoded.fragmentProtocol == .udp)
    }

    @Test("later IPv4 fragments have none", arguments: [0x2001, 0x1FFF] as [UInt16])
    func laterIPv4(field: UInt16) {
        let decoded = decode(F.ipv4(6, F.tcp(), fragmentField: field), .raw)
        let fragment = Fragment(
            identification: 0x1234, offset: (field & 0x1FFF) * 8, hasMore: field & 0x2000 != 0)
        #expect(decoded.packet == .ipv4(.tcp, .none, fragment: fragment))
        #expect(decoded.fragmentProtocol == .tcp)
        #expect(decoded.transportOffset == 20)
    }

    @Test("a later fragment may be empty, a first one may not lack its ports")
    func shortFragments() {
        #expect(decode(F.ipv4(17, [], fragmentField: 1), .raw).packet?.isLaterFragment == true)
        #expect(decode(F.ipv4(17, [1, 2], fragmentField: 0x2000), .raw).reason == .malformed)
    }

    @Test("\"don't fragment\" is no fragment")
    func dontFragment() {
        let decoded = decode(F.ipv4(17, F.udp(), fragmentField: 0x4000), .raw)
        #expect(decoded.packet?.fragment == nil)
        #expect(decoded.fragmentProtocol == nil)
    }

    @Test("the first IPv6 fragment goes on to the ports behind more headers")
    func firstIPv6() {
        let payload = F.fragmentHeader(60, offset: 0, hasMore: true, F.options(17, F.udp()))
        let decoded = decode(F.ipv6(44, payload), .raw)
        let fragment = Fragment(identification: 0xAABB_CCDD, offset: 0, hasMore: true)
        #expect(
            decoded.packet
                == .ipv6(
                    .udp, .ports(source: 40_000, destination: 53, tcpFlags: nil),
                    fragment: fragment))
        #expect(decoded.fragmentProtocol == .init(rawValue: 60))
    }

    @Test("later IPv6 fragments stop at their header")
    func laterIPv6() {
        let payload = F.fragmentHeader(60, offset: 1448, hasMore: false, F.udp())
        let decoded = decode(F.ipv6(0, F.options(44, payload)), .raw)
        let fragment = Fragment(identification: 0xAABB_CCDD, offset: 1448, hasMore: false)
        #expect(
            decoded.packet == .ipv6(IPProtocol(rawValue: 60), .none, fragment: fragment))
        #expect(decoded.fragmentProtocol == .init(rawValue: 60))
        #expect(decoded.transportOffset == 56)
    }

    @Test("an atomic IPv6 fragment is a whole datagram")
    func atomic() {
        let payload = F.fragmentHeader(17, offset: 0, hasMore: false, F.udp())
        let decoded = decode(F.ipv6(44, payload), .raw)
        #expect(
            decoded.packet
                == .ipv6(.udp, .ports(source: 40_000, destination: 53, tcpFlags: nil)))
        #expect(decoded.fragmentProtocol == nil)
    }
}

import Captures
import CloudModel
import Testing

@Suite("ICMP messages")
struct ICMPTests {
    private typealias F = FrameBytes

    @Test("requests and replies have an identifier", arguments: [8, 0, 13, 14, 17, 18] as [UInt8])
    func identifier(type: UInt8) {
        let frame = F.ipv4(1, F.icmp(type, 0, identifier: 0xABCD))
        #expect(decode(frame, .raw).packet?.icmpIdentifier.map(Int.init) ?? -1 == 0xABCD)
    }

    @Test("ICMPv6 has its own", arguments: [(UInt8(128), 7), (129, 7), (135, -1), (2, -1)])
    func identifierIPv6(type: UInt8, expected: Int) {
        let frame = F.ipv6(58, F.icmp(type, 0, identifier: 7))
        #expect(decode(frame, .raw).packet?.icmpIdentifier.map(Int.init) ?? -1 == expected)
    }

    @Test("a capture that ends before the identifier has a packet without one")
    func cutIdentifier() {
        let frame = Array(F.ipv4(1, F.icmp(8, 0, identifier: 7)).prefix(25))
        let decoded = decode(frame, .raw, originalLength: 28)
        #expect(decoded.packet == .ipv4(.icmp, .icmp(type: 8, code: 0)))
    }

    @Test("an error quotes a packet, in both versions")
    func quotes() throws {
        let tcp = try #require(decode(F.ipv4(6, F.tcp(1, 2)), .raw).packet)
        let inIPv4 = decode(F.ipv4(1, F.icmp(3, 1, F.ipv4(6, F.tcp(1, 2)))), .raw)
        #expect(
            inIPv4.packet
                == .ipv4(.icmp, .icmp(type: 3, code: 1), quoted: QuotedPacket(tcp)))
        let echo = try #require(
            decode(F.ipv6(58, F.icmp(128, 0, identifier: 9)), .raw).packet)
        let inIPv6 = decode(
            F.ipv6(58, F.icmp(3, 0, F.ipv6(58, F.icmp(128, 0, identifier: 9)))), .raw)
        #expect(
            inIPv6.packet
                == .ipv6(.icmpv6, .icmp(type: 3, code: 0), quoted: QuotedPacket(echo)))
    }

    @Test("of a quote that is cut, what is there is used", arguments: 0...40)
    func cutQuotes(byteCount: Int) {
        let quote = Array(F.ipv4(6, F.tcp(1, 2, flags: 0x10)).prefix(byteCount))
        let packet = decode(F.ipv4(1, F.icmp(11, 0, quote)), .raw).packet
        let transport: Transport? =
            switch byteCount {
            case ..<20: nil
            case ..<24: Transport.none
            case ..<34: .ports(source: 1, destination: 2, tcpFlags: nil)
            default: .ports(source: 1, destination: 2, tcpFlags: TCPFlags("."))
            }
        #expect(packet?.transport == .icmp(type: 11, code: 0))
        #expect(packet?.quoted?.transport == transport)
    }

    @Test("a quote may be a fragment, and an error within quotes nothing")
    func oddQuotes() {
        let later = F.ipv4(17, F.udp(), fragmentField: 1)
        let ofFragment = decode(F.ipv4(1, F.icmp(3, 3, later)), .raw).packet
        #expect(ofFragment?.quoted?.transport == Transport.none)
        #expect(ofFragment?.quoted?.fragment.map(\.offset).map(Int.init) ?? -1 == 8)
        let inner = F.ipv4(1, F.icmp(3, 3, F.ipv4(17, F.udp())))
        let ofError = decode(F.ipv4(1, F.icmp(3, 3, inner)), .raw).packet
        #expect(ofError?.quoted?.transport == .icmp(type: 3, code: 3))
    }

    @Test("bytes behind an error that are no packet are no quote")
    func noQuote() {
        let packet = decode(F.ipv4(1, F.icmp(3, 1, [1, 2, 3, 4])), .raw).packet
        #expect(packet == .ipv4(.icmp, .icmp(type: 3, code: 1)))
    }
}

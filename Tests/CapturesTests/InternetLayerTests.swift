import Captures
import CloudModel
import Testing

@Suite("IPv4 and IPv6 headers")
struct InternetLayerTests {
    private typealias F = FrameBytes

    @Test("an IPv4 header may have options", arguments: [4, 20, 40])
    func options(byteCount: Int) {
        let options = [UInt8](repeating: 1, count: byteCount)
        let decoded = decode(F.ipv4(17, F.udp(1, 2), options: options), .raw)
        #expect(
            decoded.packet == .ipv4(.udp, .ports(source: 1, destination: 2, tcpFlags: nil)))
        #expect(decoded.transportOffset == 20 + byteCount)
    }

    @Test("a length of 0 means the rest of the frame")
    func offloaded() {
        let ipv4 = decode(F.ipv4(6, F.tcp(), totalLength: 0), .ipv4)
        #expect(
            ipv4.packet?.transport
                == .ports(source: 40_000, destination: 443, tcpFlags: .init("S.")))
        #expect(ipv4.packetEnd == 40)
        let ipv6 = decode(F.ipv6(17, F.udp(), payloadLength: 0), .ipv6)
        #expect(ipv6.packet?.transport == .ports(source: 40_000, destination: 53, tcpFlags: nil))
    }

    @Test("a length that ends before the ports makes the packet malformed, cut or not")
    func totalLengthBeforePorts() {
        let ipv4 = F.ipv4(17, F.udp(), totalLength: 23)
        let ipv6 = F.ipv6(17, F.udp(), payloadLength: 3)
        for extra in [0, 100] {
            let found4 = decode(ipv4, .raw, originalLength: ipv4.count + extra)
            #expect(
                found4.outcome
                    == .none(.tooShort(layer: .udp, needed: 4, found: 3, offset: 20)))
            let found6 = decode(ipv6, .raw, originalLength: ipv6.count + extra)
            #expect(
                found6.outcome
                    == .none(.tooShort(layer: .udp, needed: 4, found: 3, offset: 40)))
        }
    }

    @Test("a length beyond the frame is bounded by it")
    func totalLengthBeyondFrame() {
        let decoded = decode(F.ipv4(17, F.udp(), totalLength: 1500), .raw)
        #expect(decoded.packet?.transport == .ports(source: 40_000, destination: 53, tcpFlags: nil))
        #expect(decoded.packetEnd == 32)
    }

    @Test("headers that contradict themselves are malformed")
    func contradictions() {
        let valid = F.ipv4(17, F.udp())
        #expect(
            decode([0x44] + valid.dropFirst(), .raw).outcome
                == .none(.wrongLength(layer: .ipv4, found: 16, offset: 0)))
        #expect(
            decode(F.ipv4(17, F.udp(), totalLength: 19), .raw).outcome
                == .none(.wrongLength(layer: .ipv4, found: 19, offset: 0)))
        #expect(
            decode([0x4F] + F.ipv4(47, []).dropFirst(), .raw).outcome
                == .none(.wrongLength(layer: .ipv4, found: 20, offset: 0)))
        #expect(
            decode([0x4F] + F.ipv4(47, [], totalLength: 0).dropFirst(), .raw).outcome
                == .none(.tooShort(layer: .ipv4, needed: 60, found: 20, offset: 0)))
    }

    @Test("the version must be the one announced")
    func versions() {
        #expect(
            decode([0x55] + F.ipv4(17, F.udp()).dropFirst(), .raw).outcome
                == .none(.wrongVersion(layer: .ip, found: 5, offset: 0)))
        #expect(
            decode(F.ethernet(0x0800, F.ipv6(17, F.udp()))).outcome
                == .none(.wrongVersion(layer: .ipv4, found: 6, offset: 14)))
        #expect(
            decode(F.ethernet(0x86DD, F.ipv4(17, F.udp() + F.udp()))).outcome
                == .none(.wrongVersion(layer: .ipv6, found: 4, offset: 14)))
    }

    @Test("IPv6 extension headers lead to the transport header")
    func extensionHeaders() {
        let authentication: [UInt8] = [6, 4, 0, 0] + [UInt8](repeating: 9, count: 20)
        let chain = F.options(43, F.options(60, F.options(51, authentication + F.tcp())))
        let decoded = decode(F.ipv6(0, chain), .raw)
        #expect(
            decoded.packet
                == .ipv6(.tcp, .ports(source: 40_000, destination: 443, tcpFlags: .init("S."))))
        #expect(decoded.transportOffset == 40 + 24 + 24)
    }

    @Test(
        "headers for the far end are the packet's protocol",
        arguments: [50, 59, 135, 139, 140] as [UInt8])
    func finalHeaders(number: UInt8) {
        let decoded = decode(
            F.ipv6(0, F.options(number, [17, 0, 0, 0, 0, 0, 0, 0] + F.udp())), .raw)
        #expect(decoded.packet == .ipv6(IPProtocol(rawValue: number), .none))
        #expect(decoded.transportOffset == 48)
    }

    @Test("IPv4's authentication header stays protocol 51")
    func authenticationInIPv4() {
        let decoded = decode(F.ipv4(51, [6, 4, 0, 0] + [UInt8](repeating: 0, count: 40)), .raw)
        #expect(decoded.packet == .ipv4(IPProtocol(rawValue: 51), .none))
    }

    @Test("an extension header that is not there leaves no packet")
    func missingExtensionHeader() {
        let bytes = F.ipv6(43, [17])
        #expect(
            decode(bytes, .raw).outcome
                == .none(.tooShort(layer: .ipv6Extension, needed: 2, found: 1, offset: 40)))
        let cut = F.ipv6(43, [17], payloadLength: 60)
        #expect(decode(cut, .raw, originalLength: 100).reason == .truncated)
        let long = F.ipv6(60, [50, 9, 0, 0, 0, 0, 0, 0])
        #expect(
            decode(long, .raw).outcome
                == .none(.tooShort(layer: .ipv6Extension, needed: 80, found: 8, offset: 40)))
    }

    @Test("a long chain of extension headers ends")
    func longChain() {
        let chain = (0..<8000).reduce(into: [UInt8]()) { chain, _ in chain += F.options(60, []) }
        #expect(decode(F.ipv6(60, chain), .raw).reason == .malformed)
    }
}

import Captures
import CloudModel
import Testing

@Suite("Packets inside packets")
struct DecapsulationTests {
    private typealias F = FrameBytes

    @Test("the packet that an ICMP error quotes", arguments: [20 + 8, 20 + 4, 20 + 3])
    func quoted(byteCount: Int) throws {
        let sent = F.ipv4(17, F.udp(1, 2))
        let frame = F.ethernet(0x0800, F.ipv4(1, F.icmp(3, 1, Array(sent.prefix(byteCount)))))
        let outer = decode(frame)
        #expect(outer.packet?.transport == .icmp(type: 3, code: 1))
        let offset = try #require(outer.transportOffset) + 8
        let quoted = frame.withRawSpan {
            FrameDecoder.decode(
                $0.extracting(0..<outer.packetEnd), asIPAt: offset, originalLength: frame.count + 1)
        }
        if byteCount >= 24 {
            #expect(
                quoted.packet == .ipv4(.udp, .ports(source: 1, destination: 2, tcpFlags: nil)))
        } else {
            #expect(quoted.reason == .truncated)
        }
        #expect(quoted.networkOffset == offset)
    }

    @Test("the Ethernet frame that VXLAN carries")
    func vxlan() throws {
        let inner = F.ethernet(0x86DD, F.ipv6(6, F.tcp()))
        let frame = F.ethernet(
            0x0800, F.ipv4(17, F.udp(1, 4789).prefix(8) + [8, 0, 0, 0, 0, 0, 5, 0] + inner))
        let offset = try #require(decode(frame).transportOffset) + 16
        let decoded = frame.withRawSpan {
            FrameDecoder.decode($0, asEthernetAt: offset, originalLength: frame.count)
        }
        #expect(decoded.packet?.family == .ipv6)
        #expect(decoded.sourceMAC == .ofSource)
        #expect(decoded.networkOffset == offset + 14)
    }

    @Test("an offset outside of the frame is a short packet", arguments: [20, 21, 5000])
    func outside(offset: Int) {
        let decoded = F.ipv4(4, []).withRawSpan {
            FrameDecoder.decode($0, asIPAt: offset, originalLength: 20)
        }
        #expect(
            decoded.outcome
                == .none(.tooShort(layer: .ip, needed: 1, found: 0, offset: offset)))
    }
}

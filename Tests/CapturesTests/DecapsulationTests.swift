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

    // MARK: Tunnels looked into

    private static let inner = F.ipv4(6, F.tcp(1, 443))
    private static let innerFrame = F.ethernet(0x0800, inner)
    private static let innerPacket = Packet.ipv4(
        .tcp, .ports(source: 1, destination: 443, tcpFlags: TCPFlags(rawValue: 0x12)))

    /// Frames of tunnels that hold `innerPacket`.
    private static let tunnels: [(Encapsulation, [UInt8])] = [
        (.vxlan, udp(4789, [8, 0, 0, 0, 0, 0, 5, 0] + innerFrame)),
        (.geneve, udp(6081, [0, 0, 0x65, 0x58, 0, 0, 5, 0] + innerFrame)),
        (.geneve, udp(6081, [2, 0, 0x08, 0x00, 0, 0, 5, 0] + [1, 2, 3, 4, 5, 6, 7, 8] + inner)),
        (.gre, F.ethernet(0x0800, F.ipv4(47, [0, 0, 0x08, 0] + inner))),
        (.gre, F.ethernet(0x0800, F.ipv4(47, [0xB0, 0, 0x65, 0x58] + key + innerFrame))),
        (.gre, F.ethernet(0x86DD, F.ipv6(47, [0x20, 0, 0x08, 0] + key.prefix(4) + inner))),
    ]
    private static let key = [UInt8](repeating: 9, count: 12)

    private static func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
        F.ethernet(0x0800, F.ipv4(17, F.udp(5, port).prefix(8) + payload))
    }

    @Test("the inner packet of a tunnel is found, and only in its own kind", arguments: tunnels)
    func tunnel(kind: Encapsulation, frame: [UInt8]) {
        for asked in Encapsulation.allCases {
            let decoded = decapsulate(frame, asked)
            if asked == kind {
                #expect(decoded.packet == Self.innerPacket)
            } else {
                #expect(decoded == decode(frame))
            }
        }
        // Cut, a frame says less, and never another thing.
        for count in 0..<frame.count {
            let cut = decapsulate(Array(frame.prefix(count)), kind, originalLength: frame.count)
            guard let packet = cut.packet, packet.ipProtocol == .tcp else { continue }
            #expect(packet.source == Self.innerPacket.source)
        }
    }

    @Test("what is no tunnel is left as it is")
    func noTunnel() {
        let frames = [
            Self.udp(4789, [0, 0, 0, 0, 0, 0, 5, 0] + Self.innerFrame),
            Self.udp(4789, [8, 0, 0]), Self.udp(6081, [0x40, 0, 0x65, 0x58, 0, 0, 0, 0, 1]),
            Self.udp(6081, [0, 0, 0x11, 0x11, 0, 0, 0, 0, 1]),
            F.ethernet(0x0800, F.ipv4(47, [0, 1, 0x08, 0] + Self.inner)),
            F.ethernet(0x0800, F.ipv4(47, [0, 0, 0x08, 0] + Self.inner, fragmentField: 0x2000)),
            F.ethernet(0x0806, [0, 1]),
        ]
        for frame in frames {
            for kind in Encapsulation.allCases {
                #expect(decapsulate(frame, kind) == decode(frame))
            }
        }
    }

    @Test("an inner packet that is cut is truncated, one that is short malformed")
    func innerFailures() {
        let frame = Self.udp(4789, [8, 0, 0, 0, 0, 0, 5, 0] + Self.innerFrame)
        let cut = decapsulate(Array(frame.prefix(70)), .vxlan, originalLength: frame.count)
        #expect(cut.reason == .truncated)
        let short = Self.udp(4789, [8, 0, 0, 0, 0, 0, 5, 0] + Self.innerFrame.prefix(20))
        #expect(decapsulate(short, .vxlan).reason == .malformed)
    }

    private func decapsulate(
        _ frame: [UInt8], _ kind: Encapsulation, originalLength: Int? = nil
    ) -> DecodedFrame {
        frame.withRawSpan {
            FrameDecoder(linkType: .ethernet, decapsulating: kind)
                .decode($0, originalLength: originalLength ?? frame.count)
        }
    }
}

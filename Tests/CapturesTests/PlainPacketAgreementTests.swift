@testable import Captures
import CloudModel
import Foundation
import TestSupport
import Testing

/// Common frames are read in a straight line; the walk over the headers must say the same.
@Suite("Plain packets")
struct PlainPacketAgreementTests {
    private typealias F = FrameBytes

    private static let samples: [[UInt8]] = [
        F.ethernet(0x0800, F.ipv4(17, F.udp())),
        F.ethernet(0x0800, F.ipv4(6, F.tcp())),
        F.ethernet(0x86DD, F.ipv6(17, F.udp())),
        F.ethernet(0x86DD, F.ipv6(6, F.tcp())),
        // Almost plain: options, fragments, lengths that say 0, too little or too much.
        F.ethernet(0x0800, F.ipv4(17, F.udp(), options: [1, 1, 1, 1])),
        F.ethernet(0x0800, F.ipv4(17, F.udp(), fragmentField: 0x2000)),
        F.ethernet(0x0800, F.ipv4(17, F.udp(), fragmentField: 0x4000)),
        F.ethernet(0x0800, F.ipv4(17, F.udp(), fragmentField: 3)),
        F.ethernet(0x0800, F.ipv4(6, F.tcp(), totalLength: 0)),
        F.ethernet(0x0800, F.ipv4(6, F.tcp(), totalLength: 23)),
        F.ethernet(0x0800, F.ipv4(6, F.tcp(), totalLength: 24)),
        F.ethernet(0x0800, F.ipv4(6, F.tcp(), totalLength: 33)),
        F.ethernet(0x0800, F.ipv4(6, F.tcp(), totalLength: 1500)),
        F.ethernet(0x86DD, F.ipv6(6, F.tcp(), payloadLength: 0)),
        F.ethernet(0x86DD, F.ipv6(6, F.tcp(), payloadLength: 4)),
        F.ethernet(0x86DD, F.ipv6(6, F.tcp(), payloadLength: 1400)),
        // Extension headers, one behind the other.
        F.ethernet(0x86DD, F.ipv6(0, F.options(17, F.udp()))),
        F.ethernet(0x86DD, F.ipv6(0, F.options(43, F.options(60, F.options(6, F.tcp()))))),
        F.ethernet(0x86DD, F.ipv6(51, [58, 4] + zeros(22) + F.icmp(128, 0, identifier: 7))),
        F.ethernet(0x86DD, F.ipv6(51, [17, 255] + zeros(1026) + F.udp())),
        F.ethernet(0x86DD, F.ipv6(60, [6, 2] + zeros(6) + F.tcp())),
        F.ethernet(0x86DD, F.ipv6(44, F.fragmentHeader(17, offset: 0, hasMore: true, F.udp()))),
        F.ethernet(
            0x86DD,
            F.ipv6(0, F.options(44, F.fragmentHeader(6, offset: 0, hasMore: false, F.tcp())))),
        F.ethernet(0x86DD, F.ipv6(0, F.options(59, []))),
    ]

    /// Protocols without ports, and ICMP's kinds of messages.
    private static let others: [[UInt8]] = [
        F.ethernet(0x0800, F.ipv4(1, F.icmp(8, 0, identifier: 0x1234))),
        F.ethernet(0x0800, F.ipv4(1, F.icmp(0, 0, identifier: 0x1234))),
        F.ethernet(0x0800, F.ipv4(1, F.icmp(3, 1, F.ipv4(17, F.udp())))),
        F.ethernet(0x0800, F.ipv4(1, F.icmp(9, 0))),
        F.ethernet(0x86DD, F.ipv6(58, F.icmp(129, 0, identifier: 9))),
        F.ethernet(0x86DD, F.ipv6(58, F.icmp(1, 4, F.ipv6(17, F.udp())))),
        F.ethernet(0x86DD, F.ipv6(58, F.icmp(135, 0))),
        F.ethernet(0x0800, F.ipv4(58, F.icmp(128, 0))),
        F.ethernet(0x86DD, F.ipv6(1, F.icmp(8, 0))),
        F.ethernet(0x0800, F.ipv4(51, [6, 4] + zeros(22) + F.tcp())),
        F.ethernet(0x0800, F.ipv4(47, zeros(8))), F.ethernet(0x0800, F.ipv4(103, [])),
        F.ethernet(0x0800, F.ipv4(33, F.udp())), F.ethernet(0x0800, F.ipv4(132, F.udp())),
        F.ethernet(0x86DD, F.ipv6(136, F.udp())), F.ethernet(0x86DD, F.ipv6(50, zeros(8))),
        F.ethernet(0x86DD, F.ipv6(59, [])),
    ]

    /// Tags and labels before the packet, and what only looks like them.
    private static let tagged: [[UInt8]] = [
        F.ethernet(0x8100, F.tag(0x0800, F.ipv4(6, F.tcp()))),
        F.ethernet(0x88A8, F.tag(0x8100, F.tag(0x86DD, F.ipv6(17, F.udp())))),
        F.ethernet(0x9100, F.tag(0x9200, F.tag(0x0800, F.ipv4(1, F.icmp(8, 0))))),
        F.ethernet(0x8100, F.tag(0x0800, F.ipv4(17, F.udp(), options: [1, 1, 1, 1]))),
        F.ethernet(0x8100, F.tag(0x0800, F.ipv4(17, F.udp(), fragmentField: 0x2000))),
        F.ethernet(0x8100, F.tag(0x0800, F.ipv6(17, F.udp()))),
        F.ethernet(0x8100, F.tag(0x86DD, F.ipv4(17, F.udp()))),
        F.ethernet(0x8100, F.tag(0x0806, zeros(28))),
        F.ethernet(0x8100, F.tag(35, [0x06, 0x06, 0x03] + F.ipv4(17, F.udp()))),
        F.ethernet(0x8847, F.mplsLabel(isBottom: true, F.ipv4(6, F.tcp()))),
        F.ethernet(
            0x8848,
            F.mplsLabel(
                isBottom: false,
                F.mplsLabel(isBottom: true, F.ipv6(0, F.options(17, F.udp()))))),
        F.ethernet(
            0x8100, F.tag(0x8847, F.mplsLabel(isBottom: true, F.ipv4(17, F.udp())))),
        F.ethernet(
            0x8847,
            F.mplsLabel(isBottom: true, zeros(4) + F.ethernet(0x0800, F.ipv4(17, F.udp())))),
        F.ethernet(0x8847, zeros(40)),
        F.ethernet(0x8864, F.pppoe([0, 0x21], F.ipv4(17, F.udp()))),
    ]

    @Test("a frame of any length, padded or cut", arguments: samples + others + tagged)
    func frames(_ frame: [UInt8]) {
        for count in 0...frame.count {
            expectAgreement(Array(frame.prefix(count)), originalLength: count)
            expectAgreement(Array(frame.prefix(count)), originalLength: frame.count)
        }
        expectAgreement(frame + [1, 2, 3, 4], originalLength: frame.count + 4)
    }

    @Test("recorded frames", arguments: ["web-and-db.pcap", "ipv6.pcap", "dns-and-fragments.pcap"])
    func recorded(name: String) throws {
        let path = SharedFolder.packageRoot.appendingPathComponent("captures/\(name)").path
        for frame in try Reading(path).frames {
            expectAgreement(frame.bytes, originalLength: frame.frame.originalLength)
        }
    }

    private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

    private func expectAgreement(_ frame: [UInt8], originalLength: Int) {
        let decoded = decode(frame, originalLength: originalLength)
        let walked = frame.withRawSpan {
            FrameDecoder.decode($0, asEthernetAt: 0, originalLength: originalLength)
        }
        #expect(decoded == walked)
        expectColumns(of: frame, originalLength: originalLength, say: walked)
        expectRecord(of: frame, originalLength: originalLength, says: walked)
    }

    @Test(
        "packets of TCP and UDP in a file are read by words, or behind tags",
        arguments: samples.prefix(4) + tagged.prefix(3))
    func areRead(_ frame: [UInt8]) {
        #expect(plainRecord(of: frame, originalLength: 1500).headers.count == 1)
    }

    /// What a frame of a file is, read by words, if it is: whatever bytes come behind it.
    private func plainRecord(
        of frame: [UInt8], originalLength: Int
    ) -> (headers: [PacketHeader], facts: [FrameFacts], position: Int) {
        let record = CaptureFileBytes.pcapRecord(
            seconds: 1, fraction: 2, frame, originalLength: UInt32(originalLength))
        let records = PlainRecords(nanosecondsPerUnit: 1000, digits: 6, longestFrame: 4096)
        var (headers, facts, position) = ([PacketHeader](), [FrameFacts](), 0)
        (record + [UInt8](repeating: 0x45, count: 100)).withRawSpan { bytes in
            records.decode(bytes, from: &position, &headers, &facts, upTo: 1)
        }
        return (headers, facts, position)
    }

    private func expectRecord(
        of frame: [UInt8], originalLength: Int, says walked: DecodedFrame
    ) {
        let read = plainRecord(of: frame, originalLength: originalLength)
        guard let header = read.headers.first, let facts = read.facts.first else {
            #expect(read.position == 0)
            return
        }
        #expect(header == walked.packet.map { PacketHeader($0) })
        #expect(facts.time == FrameTime(seconds: 1, nanoseconds: 2000))
        #expect(facts.originalLength == UInt32(originalLength))
        #expect(facts.sourceMAC == walked.sourceMAC)
        #expect(facts.destinationMAC == walked.destinationMAC)
        #expect(read.position == frame.count + 16)
    }

    /// What the columns hold is what the walk finds.
    private func expectColumns(
        of frame: [UInt8], originalLength: Int, say walked: DecodedFrame
    ) {
        let record = FrameRecord(
            CapturedFrame(
                time: FrameTime(seconds: 1, nanoseconds: 2), timestampDigits: 6,
                capturedLength: frame.count, originalLength: originalLength, linkType: .ethernet),
            at: 0)
        var columns = DecodedFrames()
        frame.withRawSpan { bytes in
            columns.append([record].span, in: bytes, decapsulating: nil)
        }
        #expect(columns.headers == [walked.packet.map { PacketHeader($0) } ?? .none])
        #expect(columns.packet(at: 0) == walked.packet)
        #expect(columns.facts[0].failure == walked.reason)
    }
}

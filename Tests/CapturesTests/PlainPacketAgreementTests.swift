import Captures
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
        F.ethernet(0x86DD, F.ipv6(0, F.options(17, F.udp()))),
    ]

    @Test("a frame of any length, padded or cut", arguments: samples)
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

    private func expectAgreement(_ frame: [UInt8], originalLength: Int) {
        let decoded = decode(frame, originalLength: originalLength)
        let walked = frame.withRawSpan {
            FrameDecoder.decode($0, asEthernetAt: 0, originalLength: originalLength)
        }
        #expect(decoded == walked)
    }
}

@testable import Captures
import CloudModel
import Foundation
import TestSupport
import Testing

/// Frames that are decoded while the file is read are those that are read and then decoded.
@Suite("Decoded batches")
struct DecodedBatchAgreementTests {
    private typealias C = CaptureFileBytes

    @Test(
        "of recorded files",
        arguments: [
            "web-and-db.pcap", "ipv6.pcap", "scan-dropped.pcap", "dns-and-fragments.pcap",
            "database.pcapng",
        ])
    func recorded(name: String) throws {
        try expectAgreement(
            SharedFolder.packageRoot.appendingPathComponent("captures/\(name)").path)
    }

    @Test("of files cut short, with records of no byte and of 256 KiB, and too long ones")
    func made() throws {
        let plain = FrameBytes.ethernet(0x0800, FrameBytes.ipv4(6, FrameBytes.tcp()))
        let records = [[], plain, [UInt8](repeating: 7, count: 262_144), plain, []]
            .map { C.pcapRecord(seconds: 7, fraction: 8, $0) }
        let bytes = C.pcapHeader() + records.joined()
        for cut in [0, 1, 16, 17, plain.count + 40, 262_200] {
            try expectAgreement(bytes: Array(bytes.dropLast(cut)))
        }
        let tooLong = C.pcapRecord(seconds: 9, fraction: 0, [UInt8](repeating: 7, count: 262_145))
        try expectAgreement(bytes: bytes + tooLong + records[1])
        // Empty but for its header.
        try expectAgreement(bytes: C.pcapHeader())
    }

    @Test("of other link types, and in other windows", arguments: [16, 100, 4096])
    func windows(windowByteCount: Int) throws {
        let packet = FrameBytes.ipv4(17, FrameBytes.udp(), fragmentField: 0x2000)
        let record = C.pcapRecord(seconds: 1, fraction: 2, packet, isBigEndian: true)
        let header = C.pcapHeader(linkType: 101, isBigEndian: true)
        let bytes = header + Array(repeating: record, count: 700).joined()
        try expectAgreement(bytes: bytes, ReaderFootprint(windowByteCount: windowByteCount))
    }

    private func expectAgreement(bytes: [UInt8], _ footprint: ReaderFootprint = .alone) throws {
        let file = try TemporaryFile(bytes)
        try expectAgreement(file.path, footprint)
    }

    private func expectAgreement(_ path: String, _ footprint: ReaderFootprint = .alone) throws {
        let reading = try Reading(path, footprint)
        var reader = try CaptureReader(path: path, footprint: footprint)
        var decoded = DecodedFrames()
        var status = CaptureStatus.open
        while status == .open {
            let countBefore = decoded.count
            status = reader.decodeBatch(upTo: 100, into: &decoded, decapsulating: nil)
            #expect(decoded.count <= countBefore + 100)
            #expect(decoded.count > countBefore || status != .open)
        }
        #expect(status == reading.status)
        #expect(reader.frameCount == reading.frames.count)
        #expect(reader.firstTime == reading.frames.first?.frame.time)
        try #require(decoded.count == reading.frames.count)
        for (index, read) in reading.frames.enumerated() {
            let frame = read.bytes.withRawSpan {
                FrameDecoder(linkType: read.frame.linkType)
                    .decode($0, originalLength: read.frame.originalLength)
            }
            #expect(decoded.packet(at: index) == frame.packet)
            #expect(decoded.facts[index].time == read.frame.time)
            #expect(decoded.facts[index].sourceMAC == frame.sourceMAC)
            #expect(decoded.facts[index].failure == frame.reason)
        }
    }
}

import Captures
import Foundation
import TestSupport
import Testing

/// Written captures, read back.
@Suite("Written captures")
struct CaptureEncoderTests {
    private static let readers = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"]
    private static let tcpdump = readers.first(where: FileManager.default.isExecutableFile)

    @Test("pcap keeps frames of its own kind, and refuses others", arguments: [6, 9])
    func pcap(digits: Int) throws {
        let frames = [
            frame(seconds: 0, nanoseconds: 0, digits: digits, count: 0),
            frame(seconds: 1_700_000_000, nanoseconds: 999_999_000, digits: digits, count: 60),
            frame(seconds: 0xFFFF_FFFF, nanoseconds: 1000, digits: digits, count: 262_144),
        ]
        let encoder = PcapEncoder(like: frames[0])
        var bytes: [UInt8] = []
        encoder.appendHeader(to: &bytes)
        for frame in frames { encoder.append(frame, content(of: frame), to: &bytes) }
        let reading = try Reading(bytes: bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.frame) == frames)
        #expect(reading.frames.map(\.bytes) == frames.map { Array(content(of: $0)) })
        let others = [
            frame(seconds: -1, nanoseconds: 0, digits: digits),
            frame(seconds: 1 << 32, nanoseconds: 0, digits: digits),
            frame(seconds: 1, nanoseconds: 0, digits: 15 - digits),
            frame(seconds: 1, nanoseconds: 0, digits: digits, linkType: .raw),
        ]
        #expect(!others.contains(where: encoder.holds))
    }

    @Test("pcapng keeps frames of any kind, whatever their times", arguments: UInt64(1)...20)
    func pcapng(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var encoder = PcapngEncoder()
        var bytes: [UInt8] = []
        var frames: [CapturedFrame] = []
        for _ in 0..<100 {
            let digits = random.pick([6, 9])
            let frame = frame(
                seconds: random.pick([
                    1_700_000_000, 0, -1, 1 << 33, .min, .max,
                    Int64.random(in: .min ... .max, using: &random),
                ]),
                nanoseconds: UInt64.random(in: 0..<1_000_000, using: &random)
                    * (digits == 6 ? 1000 : 1),
                digits: digits, count: Int.random(in: 0...70, using: &random),
                linkType: random.pick([.ethernet, .raw, .linuxCooked]))
            frames.append(frame)
            encoder.append(
                frame, content(of: frame), from: random.pick([nil, "a.pcap", "b"]),
                comment: random.pick([[], Array("drop: default".utf8)]), to: &bytes)
        }
        let reading = try Reading(bytes: bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.map { withoutInterface($0.frame) } == frames)
        #expect(reading.frames.map(\.bytes) == frames.map { Array(content(of: $0)) })
    }

    @Test("a comment that is too long is cut between characters")
    func longComment() throws {
        var encoder = PcapngEncoder()
        var bytes: [UInt8] = []
        let frame = frame(seconds: 1, nanoseconds: 0, digits: 6)
        let comment = "a" + String(repeating: "é", count: 40_000)
        encoder.append(frame, content(of: frame), comment: Array(comment.utf8), to: &bytes)
        #expect(try Reading(bytes: bytes).frames.map(\.frame) == [frame])
        let kept = Array(("a" + String(repeating: "é", count: 32_766)).utf8)
        #expect(bytes.firstRange(of: kept) != nil)
        // Of 65,535 bytes one would be the first half of a character, or none: fewer are kept then.
        #expect(bytes.firstRange(of: Array(comment.utf8.prefix(65_536))) == nil)
    }

    @Test("sources without end are described in several sections")
    func manyInterfaces() throws {
        var encoder = PcapngEncoder()
        var bytes: [UInt8] = []
        let frame = frame(seconds: 1, nanoseconds: 0, digits: 6, count: 2)
        for number in 0..<70_000 {
            encoder.append(frame, content(of: frame), from: "\(number)", to: &bytes)
        }
        let reading = try Reading(bytes: bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.count == 70_000)
    }

    @Test("files without frames are captures")
    func empty() throws {
        for bytes in [PcapEncoder.emptyFile, PcapngEncoder.emptyFile] {
            let file = try TemporaryFile(bytes)
            let readings = [try Reading(file.path), try Reading(throughLibpcap: file.path)]
            for reading in readings {
                #expect(reading.isComplete)
                #expect(reading.frames.isEmpty)
            }
        }
    }

    @Test(
        "tcpdump reads what was written",
        .enabled(if: CaptureEncoderTests.tcpdump != nil, "tcpdump is not installed"))
    func readByTcpdump() throws {
        var (pcap, pcapng, encoder) = ([UInt8](), [UInt8](), PcapngEncoder())
        let url = SharedFolder.packageRoot.appendingPathComponent("captures/web-and-db.pcap")
        let reading = try Reading(url.path)
        let pcapEncoder = PcapEncoder(like: reading.frames[0].frame)
        pcapEncoder.appendHeader(to: &pcap)
        for frame in reading.frames {
            pcapEncoder.append(frame.frame, frame.bytes[...], to: &pcap)
            encoder.append(frame.frame, frame.bytes[...], comment: [0x61], to: &pcapng)
        }
        let expected = try listing(of: url.path)
        #expect(expected.count > 100_000)
        for bytes in [pcap, pcapng] {
            let file = try TemporaryFile(bytes)
            #expect(try listing(of: file.path) == expected)
        }
    }

    private func listing(of path: String) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(CaptureEncoderTests.tcpdump))
        process.arguments = ["-n", "-tt", "-r", path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }

    private func frame(
        seconds: Int64, nanoseconds: UInt64, digits: Int, count: Int = 4,
        linkType: LinkType = .ethernet
    ) -> CapturedFrame {
        CapturedFrame(
            time: FrameTime(seconds: seconds, nanoseconds: nanoseconds), timestampDigits: digits,
            capturedLength: count, originalLength: count + 7, linkType: linkType)
    }

    private func content(of frame: CapturedFrame) -> ArraySlice<UInt8> {
        [UInt8](repeating: UInt8(frame.capturedLength % 251), count: frame.capturedLength)[...]
    }

    private func withoutInterface(_ frame: CapturedFrame) -> CapturedFrame {
        CapturedFrame(
            time: frame.time, timestampDigits: frame.timestampDigits,
            capturedLength: frame.capturedLength, originalLength: frame.originalLength,
            linkType: frame.linkType)
    }
}

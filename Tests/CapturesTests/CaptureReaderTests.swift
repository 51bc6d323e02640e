import Captures
import CloudModel
import Foundation
import Glibc
import Testing

@Suite("Capture files")
struct CaptureReaderTests {
    private typealias C = CaptureFileBytes
    private let frame = FrameBytes.ethernet(0x0800, FrameBytes.ipv4(17, FrameBytes.udp()))

    @Test("a pcap file gives its frames and ends complete", arguments: [false, true])
    func pcap(isBigEndian: Bool) throws {
        let file = try TemporaryFile(
            C.pcapHeader(isBigEndian: isBigEndian)
                + C.pcapRecord(
                    seconds: 1_700_000_000, fraction: 250_000, frame, isBigEndian: isBigEndian)
                + C.pcapRecord(
                    seconds: 1_700_000_001, fraction: 7, Array(frame.prefix(20)),
                    originalLength: 1514, isBigEndian: isBigEndian))
        let result = try read(file.path)
        #expect(result.status == .end(complete: true, error: nil))
        #expect(result.times == ["1700000000.250000", "1700000001.000007"])
        #expect(result.frames.map(\.capturedLength) == [frame.count, 20])
        #expect(result.frames.map(\.originalLength) == [frame.count, 1514])
        #expect(result.frames.map(\.linkType) == [.ethernet, .ethernet])
        #expect(result.bytes == [frame, Array(frame.prefix(20))])
    }

    @Test("a nanosecond file keeps its digits", arguments: [false, true])
    func nanoseconds(isBigEndian: Bool) throws {
        let file = try TemporaryFile(
            C.pcapHeader(magic: 0xA1B2_3C4D, isBigEndian: isBigEndian)
                + C.pcapRecord(
                    seconds: 1, fraction: 123_456_789, frame, isBigEndian: isBigEndian))
        let result = try read(file.path)
        #expect(result.times == ["1.123456789"])
    }

    @Test("times are unsigned, and too many fractions carry over")
    func strangeTimes() throws {
        let file = try TemporaryFile(
            C.pcapHeader()
                + C.pcapRecord(seconds: 4_000_000_000, fraction: 5, frame)
                + C.pcapRecord(seconds: 10, fraction: 3_000_001, frame)
                + C.pcapRecord(seconds: 10, fraction: .max, frame))
        #expect(
            try read(file.path).times == ["4000000000.000005", "13.000001", "4304.967295"])
    }

    @Test(
        "a pcapng file's digits are its interface's",
        arguments: [(nil, 6), (3, 6), (6, 6), (9, 9), (0x9E, 9)] as [(UInt8?, Int)])
    func pcapng(resolution: UInt8?, digits: Int) throws {
        let file = try TemporaryFile(
            C.pcapngHead(resolution: resolution) + C.pcapngPacket(ticks: 0, frame))
        let result = try read(file.path)
        #expect(result.frames.map(\.timestampDigits) == [digits])
        #expect(result.status == .end(complete: true, error: nil))
        #expect(result.bytes == [frame])
    }

    @Test("pcapng times are exact, whatever stands before the interface")
    func pcapngTimes() throws {
        let file = try TemporaryFile(
            C.pcapngHead(resolution: 9, comment: 400)
                + C.pcapngPacket(ticks: 1_700_000_000_123_456_789, frame))
        let result = try read(file.path)
        #expect(result.times == ["1700000000.123456789"])
    }

    @Test("a file cut short gives what is there, and says so", arguments: [1, 15, 16, 30])
    func cutShort(missing: Int) throws {
        let record = C.pcapRecord(seconds: 1, fraction: 2, frame)
        let file = try TemporaryFile(C.pcapHeader() + record + record.dropLast(missing))
        let result = try read(file.path)
        #expect(result.frames.count == 1)
        guard case .end(complete: false, error: let error?) = result.status else {
            Issue.record("ended with \(result.status)")
            return
        }
        #expect(error.contains("cut short in the record at byte \(24 + record.count):"))
    }

    @Test("the end stays the end")
    func endStays() throws {
        let file = try TemporaryFile(C.pcapHeader())
        var reader = try CaptureReader(path: file.path)
        for _ in 0..<3 {
            let status = reader.readFrames(upTo: 10) { _, _ in }
            #expect(status == .end(complete: true, error: nil))
        }
        #expect(reader.frameCount == 0)
    }

    @Test("batches stop at their limit, and progress is known")
    func batches() throws {
        let record = C.pcapRecord(seconds: 1, fraction: 2, frame)
        let file = try TemporaryFile(C.pcapHeader() + record + record + record)
        var reader = try CaptureReader(path: file.path)
        #expect(reader.byteCount == 24 + 3 * record.count)
        var counts: [Int] = []
        var status = CaptureStatus.open
        while status == .open {
            status = reader.readFrames(upTo: 2) { _, _ in }
            counts.append(reader.frameCount)
        }
        #expect(counts == [2, 3])
        #expect(reader.byteOffset == reader.byteCount)
    }

    @Test("a pipe is read like a file, without progress", arguments: [6, 9])
    func pipe(digits: Int) throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("captures-tests-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try #require(unsafe mkfifo(path, 0o600) == 0)
        let bytes =
            C.pcapngHead(resolution: UInt8(digits), comment: 6000)
            + C.pcapngPacket(ticks: 12, frame) + C.pcapngPacket(ticks: 13, frame)
        // A few bytes at a time, so that the head comes in many reads.
        Thread.detachNewThread {
            guard let pipe = FileHandle(forWritingAtPath: path) else { return }
            for start in stride(from: 0, to: bytes.count, by: 1000) {
                pipe.write(Data(bytes[start..<min(start + 1000, bytes.count)]))
            }
            pipe.closeFile()
        }

        var reader = try CaptureReader(path: path)
        var (count, foundDigits) = (0, Set<Int>())
        let status = reader.readFrames(upTo: .max) { frame, bytes in
            count += bytes.byteCount
            foundDigits.insert(frame.timestampDigits)
        }
        #expect(status == .end(complete: true, error: nil))
        #expect(count == 2 * frame.count)
        #expect(foundDigits == [digits])
        #expect(reader.byteOffset == nil)
        #expect(reader.byteCount == nil)
    }

    @Test("a file that is not there, or no capture, is an error that names it")
    func openingFails() throws {
        #expect(
            throws: CaptureError.cannotOpen(
                path: "/nowhere/x.pcap", cause: "no such file or directory")
        ) { _ = try CaptureReader(path: "/nowhere/x.pcap") }
        let text = try TemporaryFile(Array("not a capture, though long enough".utf8))
        #expect(throws: CaptureError.notACapture(path: text.path, cause: "unknown file format")) {
            _ = try CaptureReader(path: text.path)
        }
        let empty = try TemporaryFile([])
        let directory = FileManager.default.temporaryDirectory.path
        for path in [empty.path, directory] {
            #expect {
                _ = try CaptureReader(path: path)
            } throws: { error in
                guard case CaptureError.notACapture(path, let cause) = error else { return false }
                return !cause.isEmpty && "\(error)".contains("`\(path)`")
            }
        }
    }

    private struct ReadFrames {
        var status = CaptureStatus.open
        var frames: [CapturedFrame] = []
        var bytes: [[UInt8]] = []
        var times: [String] { frames.map { $0.time.text(digits: $0.timestampDigits) } }
    }

    private func read(_ path: String) throws -> ReadFrames {
        var reader = try CaptureReader(path: path)
        var result = ReadFrames()
        result.status = reader.readFrames(upTo: .max) { frame, bytes in
            result.frames.append(frame)
            result.bytes.append(
                bytes.copied)
        }
        return result
    }
}

import Captures
import Foundation
import TestSupport
import Testing

/// Files cut at every byte, and with every byte changed.
@Suite("Damaged captures")
struct DamagedCaptureTests {
    /// What is cut and changed: small files of every kind.
    struct Sample: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
    }

    private static let recordings: [Sample] =
        ["web-and-db.pcap", "dns-and-fragments.pcap", "database.pcapng"].map { name in
            let url = SharedFolder.packageRoot.appendingPathComponent("captures/\(name)")
            let head = (try? Data(contentsOf: url).prefix(700)) ?? Data()
            return Sample(testDescription: "the beginning of \(name)", bytes: Array(head))
        }

    /// The fuzzer's seeds.
    private static let seeds: [Sample] =
        [
            "pcap-big", "pcap-kuznetzov", "pcapng", "pcapng-sections", "gzip-stored", "gzip",
            "zstd-frames",
        ]
        .map { name in
            let url = SharedFolder.packageRoot.appendingPathComponent("Fuzz/Corpus/capture/\(name)")
            return Sample(
                testDescription: name, bytes: (try? Data(contentsOf: url)).map(Array.init) ?? [])
        }

    @Test("cut at any byte, a file gives a beginning of its frames", arguments: recordings + seeds)
    func truncation(sample: Sample) throws {
        let whole = try Reading(bytes: sample.bytes)
        #expect(whole.frames.count >= 2)
        let file = try ChangingFile(sample.bytes)
        for count in sample.bytes.indices.reversed() {
            file.truncate(to: count)
            guard let reading = try? Reading(file.path) else {
                // Too little to know the file by.
                #expect(count < 128)
                continue
            }
            #expect(whole.difference(from: reading) == nil)
            expectAgreement(reading, withLibpcapAt: file.path)
            #expect(reading.frames.count <= whole.frames.count)
            #expect(reading.frames.count < whole.frames.count || count > whole.frames.count * 16)
        }
    }

    @Test(
        "with any byte changed, a file ends, and no frame is longer than the file",
        arguments: recordings.prefix(2) + seeds.suffix(5))
    func flips(sample: Sample) throws {
        let file = try ChangingFile(sample.bytes)
        for (offset, byte) in sample.bytes.enumerated() {
            for bit in [0, 3, 7] {
                file.write(byte ^ 1 << UInt8(bit), at: offset)
                guard let reading = try? Reading(file.path) else { continue }
                #expect(reading.status != .open)
                #expect(reading.frames.count <= sample.bytes.count)
                #expect(reading.frames.allSatisfy { $0.bytes.count <= sample.bytes.count })
                expectAgreement(reading, withLibpcapAt: file.path)
            }
            file.write(byte, at: offset)
        }
    }

    /// What libpcap reads of the file, if it reads something, is read here too.
    private func expectAgreement(_ reading: Reading, withLibpcapAt path: String) {
        guard let libpcaps = try? Reading(throughLibpcap: path) else { return }
        #expect(reading.frames.count >= libpcaps.frames.count)
        #expect(zip(reading.frames, libpcaps.frames).allSatisfy { $0.resembles($1) })
    }

    @Test("the fuzzer's seeds and finds are read alike, however much of them is in memory")
    func windows() throws {
        let folder = SharedFolder.packageRoot.appendingPathComponent("Fuzz/Corpus/capture")
        let urls = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        #expect(urls.count >= 20)
        for url in urls {
            let reading = try? Reading(url.path)
            for byteCount in [16, 17, 61, 256] {
                let footprint = ReaderFootprint(
                    windowByteCount: byteCount, keepsFileOpen: byteCount == 256)
                let other = try? Reading(url.path, footprint)
                #expect(other?.status == reading?.status, "\(url.lastPathComponent)")
                #expect(other?.frames == reading?.frames, "\(url.lastPathComponent)")
            }
        }
    }

    @Test("a file that shrinks while it is read ends as cut short")
    func shrinking() throws {
        let record = CaptureFileBytes.pcapRecord(
            seconds: 1, fraction: 2, [UInt8](repeating: 7, count: 1000))
        let bytes =
            CaptureFileBytes.pcapHeader() + [[UInt8]](repeating: record, count: 1000).joined()
        let file = try ChangingFile(bytes)
        // At the end of a record, where the bytes alone do not show it.
        let remaining = 24 + 500 * record.count
        var reader = try CaptureReader(path: file.path)
        #expect(reader.readFrames(upTo: 10) { _, _ in } == .open)
        file.truncate(to: remaining)
        let status = reader.readFrames(upTo: .max) { _, _ in }
        #expect(reader.frameCount >= 250)
        #expect(
            status
                == .end(
                    complete: false,
                    error: "the file shrank: \(remaining) of \(bytes.count) bytes could be read"))
    }

    @Test("a file that is replaced between reads ends as cut short")
    func replaced() throws {
        let record = CaptureFileBytes.pcapRecord(seconds: 1, fraction: 2, [1, 2, 3])
        let bytes = CaptureFileBytes.pcapHeader() + record + record + record + record
        let file = try ChangingFile(bytes)
        var reader = try CaptureReader(
            path: file.path, footprint: ReaderFootprint(windowByteCount: 32, keepsFileOpen: false))
        #expect(reader.readFrames(upTo: 1) { _, _ in } == .open)
        try FileManager.default.removeItem(atPath: file.path)
        try Data(bytes).write(to: URL(fileURLWithPath: file.path))
        guard
            case .end(complete: false, error: let error?) = reader.readFrames(upTo: 9, { _, _ in })
        else {
            Issue.record("it goes on")
            return
        }
        #expect(error.hasPrefix("it cannot be opened again: "))
    }
}

/// A temporary file that a test changes in place.
private final class ChangingFile {
    private let file: TemporaryFile
    private let handle: FileHandle

    var path: String { file.path }

    init(_ bytes: [UInt8]) throws {
        file = try TemporaryFile(bytes)
        handle = try #require(FileHandle(forUpdatingAtPath: file.path))
    }

    deinit { try? handle.close() }

    func truncate(to count: Int) {
        #expect(throws: Never.self) { try handle.truncate(atOffset: UInt64(count)) }
    }

    func write(_ byte: UInt8, at offset: Int) {
        #expect(throws: Never.self) {
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: [byte])
        }
    }
}

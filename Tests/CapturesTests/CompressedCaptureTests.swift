import Captures
import Testing

@Suite("Compressed captures")
struct CompressedCaptureTests {
    private typealias C = CaptureFileBytes
    private static let frame = FrameBytes.ethernet(
        0x0800, FrameBytes.ipv4(17, FrameBytes.udp()))
    /// More than a window holds.
    private static let capture =
        C.pcapHeader()
        + [[UInt8]](
            repeating: C.pcapRecord(seconds: 1, fraction: 2, frame), count: 6000
        ).joined()

    enum Compression: CaseIterable {
        case gzip, zstd

        func compress(_ bytes: [UInt8]) -> [UInt8] {
            self == .gzip ? CompressedBytes.gzip(bytes) : CompressedBytes.zstd(bytes)
        }
    }

    @Test("are read as what is inside", arguments: Compression.allCases)
    func inside(compression: Compression) throws {
        let bytes = compression.compress(Self.capture)
        let reading = try Reading(bytes: bytes)
        #expect(reading.isComplete)
        #expect(reading.frames == (try Reading(bytes: Self.capture)).frames)
        let file = try TemporaryFile(bytes)
        let reader = try CaptureReader(path: file.path)
        #expect(reader.byteCount == bytes.count)
    }

    @Test("may come in several members or frames", arguments: Compression.allCases)
    func members(compression: Compression) throws {
        let (first, second) = (Array(Self.capture.prefix(777)), Array(Self.capture.dropFirst(777)))
        let bytes = compression.compress(first) + compression.compress(second)
        let reading = try Reading(bytes: bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.count == 6000)
    }

    @Test("zeros behind a gzip stream are padding")
    func padding() throws {
        let padded = CompressedBytes.gzip(Self.capture) + [UInt8](repeating: 0, count: 1000)
        #expect(try Reading(bytes: padded).isComplete)
    }

    @Test("end as cut short where the stream does", arguments: Compression.allCases)
    func cut(compression: Compression) throws {
        let bytes = compression.compress(Self.capture)
        for missing in [1, 3, 8, 9, 5000, 300_000] {
            let reading = try Reading(bytes: Array(bytes.dropLast(missing)))
            #expect(
                reading.status
                    == .end(complete: false, error: "the \(compression) stream is cut short"))
            #expect(reading.frames.count > 0)
        }
    }

    @Test("a damaged stream says so, behind what could be read")
    func damaged() throws {
        let gzip = try Reading(bytes: CompressedBytes.gzip(Self.capture, checksum: 1))
        #expect(gzip.frames.count == 6000)
        #expect(
            gzip.status
                == .end(
                    complete: false, error: "the gzip stream is damaged: incorrect data check"))
        let garbage = try Reading(bytes: CompressedBytes.gzip(Self.capture) + [1, 2, 3])
        #expect(garbage.frames.count == 6000)
        #expect(!garbage.isComplete)
        var block = CompressedBytes.zstd(Self.capture)
        // The fifth block's kind becomes the one that is reserved.
        block[6 + 4 * (3 + 65_536)] |= 6
        let zstd = try Reading(bytes: block)
        #expect(zstd.frames.count > 2000)
        #expect(
            zstd.status
                == .end(
                    complete: false,
                    error: "the zstd stream is damaged: data corruption detected"))
    }

    @Test("what is inside must be a capture", arguments: Compression.allCases)
    func noCapture(compression: Compression) throws {
        let bytes = compression.compress(Array("a text, long enough to be looked at".utf8))
        #expect {
            _ = try Reading(bytes: bytes)
        } throws: { error in
            "\(error)".hasSuffix("unknown file format")
        }
    }
}

/// Compressed files whose content is stored as it is: no compressor is needed to write them.
enum CompressedBytes {
    /// A gzip member (RFC 1952) with stored blocks (RFC 1951, 3.2.4).
    static func gzip(_ content: [UInt8], checksum: UInt32? = nil) -> [UInt8] {
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(start + 65_535, content.count)
            let count = UInt16(end - start)
            bytes.append(end == content.count ? 1 : 0)
            bytes += little(UInt32(count), 2) + little(UInt32(~count), 2) + content[start..<end]
            start = end
        } while start < content.count
        return bytes + little(checksum ?? crc32(content), 4) + little(UInt32(content.count), 4)
    }

    /// A zstd frame (RFC 8878) with raw blocks.
    static func zstd(_ content: [UInt8]) -> [UInt8] {
        // A window of 1 MiB, no length, no checksum.
        var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 0x50]
        var start = 0
        repeat {
            let end = min(start + 65_536, content.count)
            let isLast = end == content.count
            bytes += little(UInt32(end - start) << 3 | (isLast ? 1 : 0), 3) + content[start..<end]
            start = end
        } while start < content.count
        return bytes
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}

import Foundation

/// Capture files written byte by byte.
enum CaptureFileBytes {
    /// A pcap file's header: version 2.4, snapshot length 65,535.
    static func pcapHeader(
        magic: UInt32 = 0xA1B2_C3D4, linkType: UInt32 = 1, isBigEndian: Bool = false
    ) -> [UInt8] {
        number(magic, isBigEndian)
            + number(UInt32(isBigEndian ? 0x0002_0004 : 0x0004_0002), isBigEndian)
            + number(0, isBigEndian) + number(0, isBigEndian) + number(65_535, isBigEndian)
            + number(linkType, isBigEndian)
    }

    /// A record of a pcap file.
    static func pcapRecord(
        seconds: UInt32, fraction: UInt32, _ frame: [UInt8], originalLength: UInt32? = nil,
        isBigEndian: Bool = false
    ) -> [UInt8] {
        number(seconds, isBigEndian) + number(fraction, isBigEndian)
            + number(UInt32(frame.count), isBigEndian)
            + number(originalLength ?? UInt32(frame.count), isBigEndian) + frame
    }

    /// A pcapng section with a comment of `comment` bytes (a multiple of four), and one Ethernet
    /// interface with that option `if_tsresol`.
    static func pcapngHead(resolution: UInt8? = nil, comment: Int = 0) -> [UInt8] {
        let text = [UInt8](repeating: UInt8(ascii: "A"), count: comment)
        let option = comment == 0 ? [] : [1, 0] + short(comment) + text + [0, 0, 0, 0]
        let section = block(
            0x0A0D_0D0A,
            number(0x1A2B_3C4D) + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8) + option)
        let options: [UInt8] = resolution.map { [9, 0, 1, 0, $0, 0, 0, 0, 0, 0, 0, 0] } ?? []
        return section + block(1, [1, 0, 0, 0] + number(65_535) + options)
    }

    /// An enhanced packet block.
    static func pcapngPacket(ticks: UInt64, _ frame: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
        return block(
            6,
            number(0) + number(UInt32(ticks >> 32)) + number(UInt32(truncatingIfNeeded: ticks))
                + number(UInt32(frame.count)) + number(UInt32(frame.count)) + frame + padding)
    }

    private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        let length = number(UInt32(body.count + 12))
        return number(type) + length + body + length
    }

    private static func short(_ value: Int) -> [UInt8] {
        [UInt8(value & 0xFF), UInt8(value >> 8)]
    }

    private static func number(_ value: UInt32, _ isBigEndian: Bool = false) -> [UInt8] {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
        return isBigEndian ? bytes : bytes.reversed()
    }
}

/// A file of the temporary folder that goes with the value.
struct TemporaryFile: ~Copyable {
    let path: String

    init(_ bytes: [UInt8]) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("captures-tests-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

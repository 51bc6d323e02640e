/// A pcapng file written block by block, in either byte order.
struct PcapngBytes {
    private let isBigEndian: Bool
    private(set) var bytes: [UInt8] = []

    init(isBigEndian: Bool = false) { self.isBigEndian = isBigEndian }

    mutating func appendSection(major: UInt16 = 1, minor: UInt16 = 0) {
        appendBlock(
            0x0A0D_0D0A,
            number(0x1A2B_3C4D, 4) + number(UInt64(major), 2) + number(UInt64(minor), 2)
                + number(.max, 8))
    }

    /// `resolution` is option 9, `offset` option 14.
    mutating func appendInterface(
        linkType: UInt16 = 1, snapshotLength: UInt32 = 65_535, resolution: UInt8? = nil,
        offset: Int64? = nil
    ) {
        var options: [UInt8] = []
        if let resolution { options += option(9, [resolution]) }
        if let offset { options += option(14, number(UInt64(bitPattern: offset), 8)) }
        if !options.isEmpty { options += option(0, []) }
        appendBlock(
            1,
            number(UInt64(linkType), 2) + number(0, 2) + number(UInt64(snapshotLength), 4) + options
        )
    }

    /// An enhanced packet block, with a comment behind the frame.
    mutating func appendEnhanced(
        _ frame: [UInt8], interface: UInt32 = 0, ticks: UInt64 = 0, originalLength: Int? = nil
    ) {
        appendBlock(
            6,
            number(UInt64(interface), 4) + halves(ticks) + number(UInt64(frame.count), 4)
                + number(UInt64(originalLength ?? frame.count), 4) + padded(frame)
                + option(1, Array("a comment".utf8)) + option(0, []))
    }

    mutating func appendSimple(_ frame: [UInt8], originalLength: Int) {
        appendBlock(3, number(UInt64(originalLength), 4) + frame)
    }

    /// The packet block of old files.
    mutating func appendObsolete(_ frame: [UInt8], interface: UInt16 = 0, ticks: UInt64 = 0) {
        appendBlock(
            2,
            number(UInt64(interface), 2) + number(7, 2) + halves(ticks)
                + number(UInt64(frame.count), 4) + number(UInt64(frame.count), 4) + frame)
    }

    /// A block of any type; its last length is `claimed` if that is given.
    mutating func appendBlock(_ type: UInt32, _ body: [UInt8], claimed: Int? = nil) {
        let content = padded(body)
        bytes += number(UInt64(type), 4) + number(UInt64(content.count + 12), 4) + content
        bytes += number(UInt64(claimed ?? content.count + 12), 4)
    }

    /// The number's lowest `count` bytes.
    func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        return isBigEndian ? little.reversed() : little
    }

    private func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        number(UInt64(code), 2) + number(UInt64(value.count), 2) + padded(value)
    }

    private func halves(_ ticks: UInt64) -> [UInt8] {
        number(ticks >> 32, 4) + number(ticks & 0xFFFF_FFFF, 4)
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
}

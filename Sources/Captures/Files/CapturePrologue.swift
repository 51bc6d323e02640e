/// The first bytes of a capture file, read for what libpcap does not tell: how many digits the
/// times have.
///
///     pcap      magic(4) …                                  a1b2c3d4 µs, a1b23c4d ns
///     pcapng    section header block, then interface blocks, whose option 9 is the resolution
struct CapturePrologue: Equatable {
    enum Format: Equatable { case pcap, pcapng }

    var format: Format
    /// 6 or 9.
    var timestampDigits: Int

    /// No interface description lies further in than this, or the digits are taken to be 6: a
    /// section header may carry comments of any length.
    static let byteLimit = 65_536

    /// Reads what `peek` gives: the first so many bytes of the file, fewer if it ends before.
    ///
    /// Asks for no byte that a reader of the file would not need before the first frame, so it never
    /// waits on a pipe for longer than the reader itself.
    init(peek: (Int) -> [UInt8]) {
        let magic = peek(4)
        if magic == [0x0A, 0x0D, 0x0D, 0x0A] {
            self.init(format: .pcapng, timestampDigits: Self.pcapngDigits(peek: peek) ?? 6)
        } else {
            let isNanosecond =
                magic == [0xA1, 0xB2, 0x3C, 0x4D] || magic == [0x4D, 0x3C, 0xB2, 0xA1]
            self.init(format: .pcap, timestampDigits: isNanosecond ? 9 : 6)
        }
    }

    init(format: Format, timestampDigits: Int) {
        self.format = format
        self.timestampDigits = timestampDigits
    }

    /// The digits of the first interface's times; `nil` if there is no interface in reach.
    private static func pcapngDigits(peek: (Int) -> [UInt8]) -> Int? {
        let start = peek(12)
        guard start.count == 12 else { return nil }
        let isBigEndian = start[8...11].elementsEqual([0x1A, 0x2B, 0x3C, 0x4D])
        func number(_ bytes: ArraySlice<UInt8>) -> Int {
            let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
            return ordered.reduce(0) { $0 << 8 | Int($1) }
        }
        var offset = 0
        while offset < byteLimit {
            let head = peek(offset + 8)
            guard head.count == offset + 8 else { return nil }
            let type = number(head[offset..<offset + 4])
            let length = number(head[offset + 4..<offset + 8])
            guard length >= 12, length % 4 == 0, length <= byteLimit else { return nil }
            if type == 1 {
                return interfaceDigits(peek(offset + length).dropFirst(offset), number)
            }
            // Behind the section header only interfaces and blocks about no frame may come first.
            guard offset == 0 || type != 6 else { return nil }
            offset += length
        }
        return nil
    }

    /// The digits that an interface description block asks for.
    private static func interfaceDigits(
        _ block: ArraySlice<UInt8>, _ number: (ArraySlice<UInt8>) -> Int
    ) -> Int {
        var options = block.dropFirst(16).dropLast(4)
        while options.count >= 4 {
            let code = number(options.prefix(2))
            let length = number(options.dropFirst(2).prefix(2))
            let value = options.dropFirst(4).prefix(length)
            if code == 0 { break }
            if code == 9, let resolution = value.first {
                // The top bit makes it a power of two; all of those in use are finer than 1 µs.
                return resolution <= 6 ? 6 : 9
            }
            options = options.dropFirst(4 + (length + 3) / 4 * 4)
        }
        return 6
    }
}

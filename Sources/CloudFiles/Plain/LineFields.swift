internal import CloudModel

/// The fields of one line of text, separated by spaces and tabs, taken from front to back.
struct LineFields {
    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int

    /// The fields of `bytes[range]`.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    /// Whether nothing but white space is left.
    var isAtEnd: Bool {
        mutating get {
            skipWhiteSpace()
            return offset == end
        }
    }

    /// Takes the next field; empty at the end of the line.
    mutating func next() -> Range<Int> {
        skipWhiteSpace()
        let start = offset
        while offset < end, !LineFields.isWhiteSpace(bytes[offset]) { offset += 1 }
        return start..<offset
    }

    /// Takes `byte`, if the next field begins with it.
    mutating func take(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        guard offset < end, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    /// Takes a decimal number up to `limit` and stops behind its digits.
    mutating func takeNumber(upTo limit: UInt64) -> UInt64? {
        skipWhiteSpace()
        var value: UInt64 = 0
        let start = offset
        // Eleven digits exceed every limit there is, and no `UInt64` overflows before.
        while offset < end, offset - start < 11, let digit = bytes[offset].decimalDigit {
            value = value * 10 + UInt64(digit)
            offset += 1
        }
        return offset > start && value <= limit ? value : nil
    }

    /// Whether the byte behind what was taken belongs to no field.
    var isAtFieldEnd: Bool { offset == end || LineFields.isWhiteSpace(bytes[offset]) }

    private mutating func skipWhiteSpace() {
        while offset < end, LineFields.isWhiteSpace(bytes[offset]) { offset += 1 }
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }
}

/// Calls `body` with each line of `bytes` and its number, counted from 1, until it throws.
func forEachLine<Failure: Error>(
    of bytes: [UInt8], _ body: (Range<Int>, Int) throws(Failure) -> Void
) throws(Failure) {
    var start = 0
    var line = 1
    while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        try body(start..<end, line)
        start = end + 1
        line += 1
    }
}

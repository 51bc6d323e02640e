/// Writes JSON text into a buffer of UTF-8 bytes.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.write("ok", true)
///     writer.endObject()            // {"ok":true}
///
/// It is for output of millions of lines: it makes no intermediate values and puts the commas, and
/// nothing more. That keys are not repeated and brackets match is for the caller to see to. A line
/// of JSON Lines ends with ``endLine()``; take ``bytes`` and call ``removeAll()`` when it is large
/// enough.
package struct JSONWriter: Sendable {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []
    // Whether the next key or element follows another one in its object or array.
    private var needsComma = false

    package init() {}

    // MARK: Structure

    /// Begins an object: the root, or an array's next element.
    package mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Begins an object as the value of `key`.
    package mutating func beginObject(_ key: String) {
        write(key: key)
        open(UInt8(ascii: "{"))
    }

    /// Ends the object that was begun last.
    package mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Begins an array: the root, or an array's next element.
    package mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Begins an array as the value of `key`.
    package mutating func beginArray(_ key: String) {
        write(key: key)
        open(UInt8(ascii: "["))
    }

    /// Ends the array that was begun last.
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Ends a line of JSON Lines; the next value begins a new one.
    package mutating func endLine() {
        bytes.append(0x0A)
        needsComma = false
    }

    /// Puts the member or element that comes next on a line of its own.
    package mutating func breakLine() {
        separate()
        endLine()
    }

    /// Forgets what was written and keeps the buffer.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Forgets what was written, but not whether a comma must follow: for a long array that is
    /// printed piece by piece.
    package mutating func emptyBuffer() { bytes.removeAll(keepingCapacity: true) }

    // MARK: Members

    /// Writes a string as the value of `key`.
    package mutating func write(_ key: String, _ value: String) {
        write(key: key)
        appendQuoted(value)
    }

    /// Writes a whole number as the value of `key`.
    package mutating func write(_ key: String, _ value: some FixedWidthInteger) {
        write(key: key)
        appendDigits(of: value)
    }

    /// Writes a truth value as the value of `key`.
    package mutating func write(_ key: String, _ value: Bool) {
        write(key: key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Writes `literal`, which must be the text of a JSON value such as a decimal number, as the
    /// value of `key`.
    package mutating func write(_ key: String, literal: String) {
        write(key: key)
        bytes.append(contentsOf: literal.utf8)
        needsComma = true
    }

    // MARK: Elements

    /// Writes a string as an array's next element.
    package mutating func write(_ element: String) {
        separate()
        appendQuoted(element)
    }

    /// Writes a whole number as an array's next element.
    package mutating func write(_ element: some FixedWidthInteger) {
        separate()
        appendDigits(of: element)
    }

    /// Writes `literal`, which must be the text of a JSON value, as an array's next element.
    package mutating func write(literal: String) {
        separate()
        bytes.append(contentsOf: literal.utf8)
        needsComma = true
    }

    // MARK: Pieces

    /// Begins a member with any key: its value must follow.
    package mutating func write(anyKey key: String) {
        separate()
        appendQuoted(key)
        needsComma = false
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins a member, whose key needs no escapes: its value must follow.
    mutating func write(key: String) {
        separate()
        needsComma = false
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Appends a string whose characters need no escapes, in quotes, piece by piece.
    mutating func appendPlain(_ pieces: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        pieces(&self)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Appends one ASCII character of a plain string.
    mutating func appendByte(_ byte: UInt8) { bytes.append(byte) }

    /// Appends text as it is.
    mutating func appendText(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends the decimal digits of a number that is not negative.
    mutating func appendDecimal(_ value: UInt64) {
        if value >= 10 { appendDecimal(value / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    private mutating func appendDigits(of value: some FixedWidthInteger) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDecimal(UInt64(value.magnitude))
        needsComma = true
    }

    /// Appends a string in quotes. Quotes, backslashes and control characters are escaped (RFC 8259,
    /// section 7), and so is DEL, which terminals act on.
    private mutating func appendQuoted(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        // Nearly every string is an id or a word: one pass to look, one copy.
        if isPlain(string.utf8.span) {
            bytes.append(contentsOf: string.utf8)
        } else {
            string.utf8.forEach { appendEscaped($0) }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index].needsEscape { return false }
        return true
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        guard byte.needsEscape else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexadecimalDigits[Int(byte >> 4)])
            bytes.append(hexadecimalDigits[Int(byte & 15)])
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}

private let hexadecimalDigits = Array("0123456789abcdef".utf8)

extension UInt8 {
    /// Whether the byte may not stand in a string as it is.
    fileprivate var needsEscape: Bool {
        self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") || self == 0x7F
    }
}

/// Why bytes are not JSON text as RFC 8259 defines it, and where.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Cause: Hashable, Sendable {
        /// The text ends where something else was needed.
        case endsBefore(Expectation)
        /// A byte stands where something else was needed.
        case unexpected(UInt8, insteadOf: Expectation)
        /// A control character stands unescaped in a string.
        case controlCharacter(UInt8)
        case invalidUTF8
        case invalidEscape
        /// A `\u` escape gives half of a surrogate pair.
        case unpairedSurrogate
        case malformedNumber
        /// Arrays and objects are nested deeper than the reader goes.
        case tooDeep(limit: Int)
        /// Something other than white space follows the document's value.
        case trailingContent
    }

    /// What would have been right.
    package enum Expectation: String, Hashable, Sendable {
        case value = "a value"
        case key = "a key in quotes"
        case keyOrEnd = "a key in quotes or `}`"
        case colon = "`:`"
        case commaOrObjectEnd = "`,` or `}`"
        case commaOrArrayEnd = "`,` or `]`"
        case closingQuote = "a closing quote"
        case literal = "`true`, `false` or `null`"
    }

    /// What is wrong.
    package let cause: Cause
    /// The place of the first byte that is wrong.
    package let offset: Int
}

extension JSONSyntaxError.Cause: CustomStringConvertible {
    /// The message, without the place.
    package var description: String {
        switch self {
        case .endsBefore(let expected): "the text ends where \(expected.rawValue) should be"
        case .unexpected(let byte, let expected):
            "\(describe(byte)) where \(expected.rawValue) should be"
        case .controlCharacter(let byte): "\(describe(byte)) must be escaped in a string"
        case .invalidUTF8: "the text is not valid utf-8"
        case .invalidEscape: "the escape sequence is not one of json's"
        case .unpairedSurrogate: "the escape sequence is half of a surrogate pair"
        case .malformedNumber: "the number is malformed"
        case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
        case .trailingContent: "more text follows the end of the document"
        }
    }

    private func describe(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte)
            ? "`\(Character(UnicodeScalar(byte)))`"
            : "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

internal import CloudModel

extension JSONReader {
    /// The string that comes next, its syntax checked.
    ///
    /// - Precondition: ``nextKind()`` said that it is one.
    package mutating func readText() throws(JSONSyntaxError) -> JSONText { try scanString() }

    /// The number that comes next, as it is written.
    ///
    /// - Precondition: ``nextKind()`` said that it is one.
    package mutating func readNumber() throws(JSONSyntaxError) -> Range<Int> {
        let start = offset
        if peek == UInt8(ascii: "-") { offset += 1 }
        if peek == UInt8(ascii: "0") {
            offset += 1
        } else {
            try skipDigits()
        }
        if peek == UInt8(ascii: ".") {
            offset += 1
            try skipDigits()
        }
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
            try skipDigits()
        }
        // `01`, `1.2.3` and `0x10` are mistaken numbers, whatever would follow them.
        if let byte = peek, byte == UInt8(ascii: ".") || byte.isASCIIAlphanumeric {
            throw JSONSyntaxError(cause: .malformedNumber, offset: offset)
        }
        return start..<offset
    }

    /// The truth value that comes next.
    ///
    /// - Precondition: ``nextKind()`` said that it is one.
    package mutating func readBoolean() throws(JSONSyntaxError) -> Bool {
        let isTrue = peek == UInt8(ascii: "t")
        try skipWord(isTrue ? "true" : "false")
        return isTrue
    }

    /// Passes over the `null` that comes next.
    ///
    /// - Precondition: ``nextKind()`` said that it is one.
    package mutating func readNull() throws(JSONSyntaxError) { try skipWord("null") }

    /// The string that `text` stands for.
    package func string(_ text: JSONText) -> String {
        text.hasEscapes
            ? String(decoding: unescaped(text.range), as: UTF8.self)
            : String(decoding: bytes[text.range], as: UTF8.self)
    }

    /// Whether `text` stands for exactly the bytes of `word`.
    func text(_ text: JSONText, equals word: [UInt8]) -> Bool {
        if text.hasEscapes { return unescaped(text.range) == word }
        guard text.range.count == word.count else { return false }
        for index in word.indices where bytes[text.range.lowerBound + index] != word[index] {
            return false
        }
        return true
    }

    /// Whether the string that comes next is empty.
    var peekIsEmptyString: Bool {
        offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\"")
    }

    // MARK: Scanning

    /// Passes over a string and checks its characters and escapes.
    mutating func scanString() throws(JSONSyntaxError) -> JSONText {
        let start = offset + 1
        var index = start
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                offset = index + 1
                return JSONText(range: start..<index, hasEscapes: hasEscapes)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index += try escapeLength(at: index)
            } else if byte < 0x20 {
                throw JSONSyntaxError(cause: .controlCharacter(byte), offset: index)
            } else if byte < 0x80 {
                index += 1
            } else {
                index += try characterLength(at: index)
            }
        }
        throw JSONSyntaxError(cause: .endsBefore(.closingQuote), offset: bytes.count)
    }

    /// The length of the escape at `index`, both halves of a surrogate pair included.
    private func escapeLength(at index: Int) throws(JSONSyntaxError) -> Int {
        guard index + 1 < bytes.count else {
            throw JSONSyntaxError(cause: .endsBefore(.closingQuote), offset: bytes.count)
        }
        if bytes[index + 1].unescapedByte != nil { return 2 }
        guard let unit = codeUnit(at: index) else {
            throw JSONSyntaxError(cause: .invalidEscape, offset: index)
        }
        if UTF16.isLeadSurrogate(unit) {
            guard let next = codeUnit(at: index + 6), UTF16.isTrailSurrogate(next) else {
                throw JSONSyntaxError(cause: .unpairedSurrogate, offset: index)
            }
            return 12
        }
        guard !UTF16.isTrailSurrogate(unit) else {
            throw JSONSyntaxError(cause: .unpairedSurrogate, offset: index)
        }
        return 6
    }

    /// The code unit of the escape `\uXXXX` at `index`.
    private func codeUnit(at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for digitIndex in index + 2..<index + 6 {
            guard let digit = bytes[digitIndex].hexadecimalDigit else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The length of the UTF-8 sequence at `index`, whose first byte is not ASCII. Source: RFC 3629,
    /// section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
    private func characterLength(at index: Int) throws(JSONSyntaxError) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[index] {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xE1...0xEC, 0xEE...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw JSONSyntaxError(cause: .invalidUTF8, offset: index)
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]),
            bytes[(index + 2)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw JSONSyntaxError(cause: .invalidUTF8, offset: index) }
        return length
    }

    /// The UTF-8 bytes that a string stands for, whose syntax was checked when it was scanned.
    private func unescaped(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if let byte = bytes[index + 1].unescapedByte {
                result.append(byte)
                index += 2
                continue
            }
            let units = [codeUnit(at: index), codeUnit(at: index + 6)].compactMap { $0 }
            let isPair = UTF16.isLeadSurrogate(units[0])
            result.append(
                contentsOf: String(decoding: units.prefix(isPair ? 2 : 1), as: UTF16.self).utf8)
            index += isPair ? 12 : 6
        }
        return result
    }

    private mutating func skipDigits() throws(JSONSyntaxError) {
        let start = offset
        while peek?.decimalDigit != nil { offset += 1 }
        guard offset > start else {
            throw JSONSyntaxError(cause: .malformedNumber, offset: offset)
        }
    }

    private mutating func skipWord(_ word: String) throws(JSONSyntaxError) {
        for byte in word.utf8 {
            guard peek == byte else { throw unexpected(.literal) }
            offset += 1
        }
        if let byte = peek, byte.isASCIIAlphanumeric { throw unexpected(.literal) }
    }
}

extension UInt8 {
    /// The byte that this letter stands for behind a backslash; `nil` for `u` and anything unknown.
    fileprivate var unescapedByte: UInt8? {
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): self
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Whether this is an ASCII letter or digit.
    fileprivate var isASCIIAlphanumeric: Bool {
        decimalDigit != nil || (self | 0x20) &- UInt8(ascii: "a") < 26
    }
}

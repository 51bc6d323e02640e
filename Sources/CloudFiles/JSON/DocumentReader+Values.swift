internal import CloudModel

extension DocumentReader {
    /// The text that comes next, undecoded.
    mutating func readText() throws(JSONSyntaxError) -> JSONText? {
        try expect(.string) ? try json.readText() : nil
    }

    /// The string that comes next.
    mutating func readString() throws(JSONSyntaxError) -> String? {
        guard let text = try readText() else { return nil }
        return json.string(text)
    }

    /// The truth value that comes next.
    mutating func readBoolean() throws(JSONSyntaxError) -> Bool? {
        try expect(.boolean) ? try json.readBoolean() : nil
    }

    /// The whole number that comes next, which must lie in `bounds`.
    mutating func readInteger(
        in bounds: ClosedRange<Int>
    ) throws(JSONSyntaxError) -> Int? {
        guard try expect(.number) else { return nil }
        let range = try json.readNumber()
        if let value = integer(at: range), bounds.contains(value) { return value }
        let text = String(decoding: json.bytes[range], as: UTF8.self)
        report(.outOfBounds(found: text, bounds: bounds))
        return nil
    }

    /// The value of the digits in `range`; `nil` for fractions and what no `Int` can hold.
    func integer(at range: Range<Int>) -> Int? {
        var value = 0
        let isNegative = json.bytes[range.lowerBound] == UInt8(ascii: "-")
        for byte in json.bytes[range].dropFirst(isNegative ? 1 : 0) {
            guard let digit = byte.decimalDigit else { return nil }
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = tens.addingReportingOverflow(Int(digit))
            guard !overflows, !carries else { return nil }
            value = sum
        }
        return isNegative ? -value : value
    }

    /// The identifier that comes next: printable ASCII without spaces.
    mutating func readID<ID: CloudIdentifier>(_: ID.Type) throws(JSONSyntaxError) -> ID? {
        guard let text = try readText() else { return nil }
        let isPrintable = json.bytes[text.range].allSatisfy { (0x21...0x7E).contains($0) }
        let id = json.string(text)
        guard !id.isEmpty, isPrintable,
            !text.hasEscapes || id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            report(.malformed(.identifier, found: id))
            return nil
        }
        return ID(id)
    }

    /// The address or CIDR block that comes next, host bits and all.
    mutating func readBlock() throws(JSONSyntaxError) -> CIDRBlock? {
        guard let text = try readText() else { return nil }
        let block =
            text.hasEscapes
            ? CIDRBlock(json.string(text))
            : CIDRBlock(utf8: json.bytes.span.extracting(text.range))
        if block == nil { report(.malformed(.addressOrBlock, found: json.string(text))) }
        return block
    }

    /// The word that comes next, which must be one of a type's raw values, letter for letter.
    mutating func readWord<Word: RawRepresentable<String> & CaseIterable>(
        _: Word.Type
    ) throws(JSONSyntaxError) -> Word? {
        guard let found = try readString() else { return nil }
        if let word = Word(rawValue: found) { return word }
        report(.unknownWord(found: found, known: Word.allCases.map(\.rawValue)))
        return nil
    }

    /// The word that comes next, which must be one of a type's raw values but for the case of its
    /// letters.
    mutating func readWordInAnyCase<Word: RawRepresentable<String> & CaseIterable>(
        _: Word.Type
    ) throws(JSONSyntaxError) -> Word? {
        guard let found = try readString() else { return nil }
        if let word = Word(rawValue: found) { return word }
        let lowerCase = found.lowercased()
        if let word = Word.allCases.first(where: { $0.rawValue.lowercased() == lowerCase }) {
            return word
        }
        report(.unknownWord(found: found, known: Word.allCases.map(\.rawValue)))
        return nil
    }

    /// The strings of the array that comes next.
    mutating func readStrings() throws(JSONSyntaxError) -> [String]? {
        guard try enterArray() else { return nil }
        var strings: [String] = []
        while try nextElement() {
            if let string = try readString() { strings.append(string) }
        }
        return strings
    }

    /// The identifiers of the array that comes next; those given twice are reported.
    mutating func readIDs<ID: CloudIdentifier>(
        _ kind: ID.Type
    ) throws(JSONSyntaxError) -> [ID]? {
        guard try enterArray() else { return nil }
        var ids: [ID] = []
        var known: Set<ID> = []
        while try nextElement() {
            guard let id = try readID(kind) else { continue }
            if !known.insert(id).inserted { report(.duplicateEntry(id.text)) }
            ids.append(id)
        }
        return ids
    }

    /// The addresses and blocks of the array that comes next; `nil` if one of them is malformed.
    mutating func readBlocks() throws(JSONSyntaxError) -> [CIDRBlock]? {
        guard try enterArray() else { return nil }
        var blocks: [CIDRBlock] = []
        var areAllGood = true
        while try nextElement() {
            if let block = try readBlock() {
                blocks.append(block)
            } else {
                areAllGood = false
            }
        }
        return areAllGood ? blocks : nil
    }
}

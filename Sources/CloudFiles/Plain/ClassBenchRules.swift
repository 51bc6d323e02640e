package import CloudModel

/// Reads the plain ordered rules of the ClassBench file at `path`: see ``readRules(_:file:)``.
///
/// - Throws: ``PlainFileError``, at the first line that is no rule.
package func readRules(path: String) throws(PlainFileError) -> [QuintupleRule] {
    try readRules(readPlainFile(path: path), file: path)
}

/// Reads plain ordered rules as ClassBench writes them, one a line, the first that matches winning:
///
///     @198.51.100.0/24  203.0.113.7/32  0 : 65535  443 : 443  0x06/0xFF
///
/// Fields are separated by spaces or tabs; blank lines, and columns behind the fifth, are passed
/// over. A mask of 0xFF asks for exactly the protocol, 0x00 for any.
///
/// - Throws: ``PlainFileError``, at the first line that is no rule.
package func readRules(
    _ bytes: [UInt8], file: String
) throws(PlainFileError) -> [QuintupleRule] {
    var rules: [QuintupleRule] = []
    try forEachLine(of: bytes) { range, line throws(PlainFileError) in
        var parser = ClassBenchLine(bytes: bytes, fields: LineFields(bytes, range))
        guard !parser.fields.isAtEnd else { return }
        do throws(PlainFileError.Cause) {
            rules.append(try parser.rule())
        } catch {
            throw .badLine(file: file, line: line, error)
        }
    }
    return rules
}

/// One line of a ClassBench file.
private struct ClassBenchLine {
    let bytes: [UInt8]
    var fields: LineFields

    mutating func rule() throws(PlainFileError.Cause) -> QuintupleRule {
        guard fields.take(UInt8(ascii: "@")) else { throw .noAtSign }
        return QuintupleRule(
            source: try block(.source), destination: try block(.destination),
            sourcePorts: try ports(.sourcePort), destinationPorts: try ports(.destinationPort),
            ipProtocol: try protocolMatch())
    }

    private mutating func block(
        _ field: PlainFileError.Field
    ) throws(PlainFileError.Cause) -> CIDRBlock {
        let range = fields.next()
        guard let block = CIDRBlock(utf8: bytes.span.extracting(range)), block.family == .ipv4
        else { throw .badField(field, found: text(range)) }
        return block
    }

    private mutating func ports(
        _ field: PlainFileError.Field
    ) throws(PlainFileError.Cause) -> PortRange {
        let low = try port(field)
        guard fields.take(UInt8(ascii: ":")) else {
            throw .badField(field, found: text(fields.next()))
        }
        let beforeHigh = fields
        let high = try port(field)
        guard fields.isAtFieldEnd else {
            fields = beforeHigh
            throw .badField(field, found: text(fields.next()))
        }
        guard low <= high else { throw .reversedPorts(field, found: "\(low) : \(high)") }
        return PortRange(UInt16(low), UInt16(high))
    }

    private mutating func port(
        _ field: PlainFileError.Field
    ) throws(PlainFileError.Cause) -> UInt64 {
        let before = fields
        if let number = fields.takeNumber(upTo: 65535) { return number }
        fields = before
        throw .badField(field, found: text(fields.next()))
    }

    private mutating func protocolMatch() throws(PlainFileError.Cause) -> ProtocolMatch {
        let range = fields.next()
        let ends = bytes[range].split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard ends.count == 2, let number = octet(ends[0]), let mask = octet(ends[1]) else {
            throw .badField(.ipProtocol, found: text(range))
        }
        switch mask {
        case 0xFF: return .only(IPProtocol(rawValue: number))
        case 0x00: return .all
        default: throw .partialProtocolMask(text(range))
        }
    }

    /// The value of `0x` and one or two hexadecimal digits.
    private func octet(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard (3...4).contains(digits.count), digits.starts(with: [UInt8(ascii: "0"), x]) else {
            return nil
        }
        var value: UInt8 = 0
        for byte in digits.dropFirst(2) {
            guard let digit = byte.hexadecimalDigit else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

private let x = UInt8(ascii: "x")

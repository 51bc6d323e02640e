internal import CloudModel

extension DocumentReader {
    /// The port range that comes next, `low/high`; `nil` if it is none.
    mutating func readPortRange() throws(JSONSyntaxError) -> PortRange? {
        guard let text = try readText() else { return nil }
        return portRange(in: text, form: .portRange)
    }

    /// The port range that comes next; `-1/-1` is every port.
    mutating func readPortRangeOrAny() throws(JSONSyntaxError) -> PortRange? {
        guard let text = try readText() else { return nil }
        if json.text(text, equals: anyPorts) { return .all }
        return portRange(in: text, form: .portRangeOrAny)
    }

    private mutating func portRange(in text: JSONText, form: FileMistake.Form) -> PortRange? {
        let bytes = text.hasEscapes ? Array(json.string(text).utf8)[...] : json.bytes[text.range]
        let ends = bytes.split(
            separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
        guard ends.count == 2, let low = port(ends[0]), let high = port(ends[1]) else {
            report(.malformed(form, found: json.string(text)))
            return nil
        }
        guard low <= high else {
            report(.reversedRange(json.string(text)))
            return nil
        }
        return PortRange(low, high)
    }

    /// The port that the decimal digits of `bytes` name.
    private func port(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(bytes.count) else { return nil }
        var value = 0
        for byte in bytes {
            guard let digit = byte.decimalDigit else { return nil }
            value = value * 10 + Int(digit)
        }
        return UInt16(exactly: value)
    }
}

/// How Alibaba Cloud writes "any port".
private let anyPorts = Array("-1/-1".utf8)

extension Row {
    /// The titles over ``line``.
    package static let titles =
        padded("what", 44) + leftPadded("median", 10) + "  " + padded("unit", 10)
        + leftPadded("quartiles", 19) + leftPadded("peer", 12) + leftPadded("ratio", 8)
        + "  answers, notes"

    /// The row as a line of a table.
    package var line: String {
        let spread = "\(Row.text(spread.lowerBound))…\(Row.text(spread.upperBound))"
        let peer = comparison.map { Row.text($0.median) } ?? ""
        let ratio = comparison.map { Row.text($0.ratio) + "×" } ?? ""
        return Row.padded(name, 44) + Row.leftPadded(Row.text(median), 10) + "  "
            + Row.padded(unit.rawValue, 10) + Row.leftPadded(count > 1 ? spread : "", 19)
            + Row.leftPadded(peer, 12) + Row.leftPadded(ratio, 8) + "  "
            + [tail?.text, agreement?.text, note].compactMap(\.self).joined(separator: "; ")
    }

    /// A number with three significant digits.
    static func text(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "0" }
        var digits = 2
        var bound = 10.0
        while digits > 0, abs(value) >= bound {
            digits -= 1
            bound *= 10
        }
        if abs(value) < 0.1 { digits = 4 }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard digits > 0 else { return String(Int(scaled)) }
        let whole = Int(abs(scaled)) / Int(scale)
        let rest = String(Int(abs(scaled)) % Int(scale))
        let zeros = String(repeating: "0", count: digits - rest.count)
        return (value < 0 ? "-" : "") + "\(whole).\(zeros)\(rest)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func leftPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension Row.Tail {
    /// Both figures in words.
    var text: String { "p99 \(Row.text(percentile99)), most \(Row.text(maximum))" }
}

extension Row.Agreement {
    /// The counts in words.
    var text: String { "\(wrong) wrong of \(checked)" }
}

import Replay

/// Numbers as people read them.
enum Figures {
    /// A whole number with a comma between groups of three digits.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// A number of packets: `1 packet`, `2,000 packets`.
    static func packets(_ count: Int) -> String {
        count == 1 ? "1 packet" : "\(grouped(count)) packets"
    }

    /// Bytes with a decimal unit and three figures: `512 B`, `1.23 MB`.
    static func bytes(_ count: Int) -> String {
        scaled(Double(count), units: ["B", "kB", "MB", "GB", "TB"])
    }

    /// A rate with a decimal unit and three figures: `1.85 million`.
    static func rate(_ perSecond: Double) -> String {
        perSecond < 1_000_000
            ? grouped(Int(perSecond.rounded()))
            : decimal(perSecond / 1_000_000, digits: 2) + " million"
    }

    /// A rate of bits with a decimal unit and three figures: `1.85 Gbit/s`.
    static func bitRate(_ perSecond: Double) -> String {
        scaled(perSecond, units: ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"])
    }

    /// Seconds with a unit that keeps the number readable.
    static func seconds(_ value: Double) -> String {
        if value < 0.001 { return decimal(value * 1_000_000, digits: 0) + " µs" }
        if value < 1 { return decimal(value * 1000, digits: 1) + " ms" }
        return decimal(value, digits: 2) + " s"
    }

    /// What goes by in a capture, which can be years: seconds with a unit, or hours, or days.
    static func duration(_ seconds: Double) -> String {
        if seconds < 600 { return Figures.seconds(seconds) }
        if seconds < 2 * 86_400 { return decimal(seconds / 3600, digits: 1) + " h" }
        return grouped(Int((seconds / 86_400).rounded())) + " days"
    }

    /// A share of a whole in percent.
    static func percent(_ part: Int, of whole: Int) -> String {
        decimal(whole == 0 ? 0 : 100 * Double(part) / Double(whole), digits: 1) + " %"
    }

    /// A number that is not negative, with `digits` digits behind the point, rounded.
    static func decimal(_ value: Double, digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard digits > 0 else { return String(scaled) }
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count)
            + fraction
    }

    private static func scaled(_ value: Double, units: [String]) -> String {
        var value = value
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let digits = unit == 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0
        return "\(decimal(value, digits: digits)) \(units[unit])"
    }
}

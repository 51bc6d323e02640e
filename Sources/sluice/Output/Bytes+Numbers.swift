import Captures

extension [UInt8] {
    /// Appends a number in decimal digits.
    mutating func append(decimal number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends a time as a decimal number of seconds, from integers alone.
    mutating func append(_ time: FrameTime, digits: Int) {
        guard time.seconds >= 0 else {
            append(contentsOf: time.text(digits: digits).utf8)
            return
        }
        append(decimal: UInt64(time.seconds))
        append(UInt8(ascii: "."))
        var divisor: UInt32 = 100_000_000
        for _ in 0..<digits {
            append(UInt8(ascii: "0") + UInt8(time.nanoseconds / divisor % 10))
            divisor /= 10
        }
    }
}

/// When a frame was captured: whole seconds since 1970 and nanoseconds, never a floating-point
/// number.
///
///     FrameTime(seconds: 1_700_000_000, nanoseconds: 250_000_000)
///         .text(digits: 6)                                        // "1700000000.250000"
package struct FrameTime: Hashable, Comparable, Sendable {
    /// Negative before 1970.
    package let seconds: Int64
    // INVARIANT: less than 1,000,000,000.
    package let nanoseconds: UInt32

    /// The time `nanoseconds` after `seconds`; a billion nanoseconds and more, as damaged files have
    /// them, are carried into the seconds.
    package init(seconds: Int64, nanoseconds: UInt64) {
        if nanoseconds < 1_000_000_000 {
            self.seconds = seconds
            self.nanoseconds = UInt32(truncatingIfNeeded: nanoseconds)
            return
        }
        let carried = Int64(nanoseconds / 1_000_000_000)
        self.seconds = seconds &+ carried  // Wraps, if ever, in the year 292,277,026,596.
        self.nanoseconds = UInt32(nanoseconds % 1_000_000_000)
    }

    package static func < (lhs: FrameTime, rhs: FrameTime) -> Bool {
        lhs.seconds == rhs.seconds
            ? lhs.nanoseconds < rhs.nanoseconds : lhs.seconds < rhs.seconds
    }

    /// The time `duration` later, or earlier if it is negative; its attoseconds are cut off.
    package func advanced(by duration: Duration) -> FrameTime {
        let (whole, rest) = duration.components
        let sum = Int64(nanoseconds) + rest / 1_000_000_000
        let borrow: Int64 = sum < 0 ? 1 : 0
        return FrameTime(
            seconds: seconds &+ whole &- borrow, nanoseconds: UInt64(sum + borrow * 1_000_000_000))
    }

    /// The time as a decimal number of seconds with `digits` digits behind the point; later digits
    /// are cut off.
    ///
    /// - Precondition: `digits` is from 1 to 9.
    package func text(digits: Int) -> String {
        precondition((1...9).contains(digits))
        // Before 1970 the two parts add up to a number that is closer to zero than the seconds.
        let isNegative = seconds < 0
        let borrowed = isNegative && nanoseconds > 0
        let whole = (borrowed ? seconds + 1 : seconds).magnitude
        let fraction = borrowed ? 1_000_000_000 - nanoseconds : nanoseconds
        let fractionText = String(fraction)
        let padded = String(repeating: "0", count: 9 - fractionText.count) + fractionText
        return "\(isNegative ? "-" : "")\(whole).\(padded.prefix(digits))"
    }
}

package import Captures

/// A time in a capture, and how many digits the capture gives it.
package struct CaptureTime: Hashable, Sendable {
    package let time: FrameTime
    package let digits: Int

    package init(_ time: FrameTime, digits: Int) {
        self.time = time
        self.digits = digits
    }

    /// Whether this time is the lesser; of equal ones that with fewer digits, so that it does not matter
    /// in which order times are looked at.
    @inline(__always)
    func isBefore(_ other: CaptureTime) -> Bool {
        if time.seconds != other.time.seconds { return time.seconds < other.time.seconds }
        if time.nanoseconds != other.time.nanoseconds {
            return time.nanoseconds < other.time.nanoseconds
        }
        return digits < other.digits
    }

    /// The seconds as a decimal number with the capture's digits.
    package var text: String { time.text(digits: digits) }
}

extension FrameFacts {
    /// The time with the digits that the capture gives it.
    @inline(__always)
    var captureTime: CaptureTime { CaptureTime(time, digits: Int(timestampDigits)) }
}

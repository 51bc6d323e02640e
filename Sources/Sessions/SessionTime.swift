/// A packet's time on the capture's clock, in nanoseconds since 1970.
///
/// Times before 1823 and after 2116 are taken for these years: damaged captures have them, and so no
/// difference of two times overflows. Public, as ``PacketHeader`` is, for callers to inline what makes one.
public struct SessionTime: Hashable, Comparable, Sendable {
    // INVARIANT: between -2^62 and 2^62.
    @usableFromInline package let nanoseconds: Int64

    @usableFromInline static var bound: Int64 { Int64.max >> 1 }

    /// The time that many seconds and nanoseconds after 1970 began.
    @inlinable
    public init(seconds: Int64, nanoseconds: UInt32) {
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let whole = overflows ? (seconds < 0 ? Int64.min : .max) : product
        let (sum, carries) = whole.addingReportingOverflow(Int64(nanoseconds))
        self.nanoseconds = min(max(carries ? .max : sum, -SessionTime.bound), SessionTime.bound)
    }

    /// When 1970 began.
    package static let zero = SessionTime(0)

    /// No time is later.
    static let latest = SessionTime(bound)

    private init(_ nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whether one time is earlier than another.
    public static func < (lhs: SessionTime, rhs: SessionTime) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }

    /// Whether more than `seconds` went by since `earlier`. None did if the clock went back.
    @inline(__always)
    func isLater(than earlier: SessionTime, byMoreThan seconds: UInt32) -> Bool {
        // The invariant keeps the difference within 64 bits, and 32 bits of seconds the product.
        nanoseconds &- earlier.nanoseconds > Int64(seconds) &* 1_000_000_000
    }

    /// The earlier of `other` and a second after this time.
    @inline(__always)
    func stepping(towards other: SessionTime) -> SessionTime {
        // By the invariant nothing wraps.
        SessionTime(min(other.nanoseconds, nanoseconds &+ 1_000_000_000))
    }
}

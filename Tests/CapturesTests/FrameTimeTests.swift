import Captures
import Testing

@Suite("Frame times")
struct FrameTimeTests {
    @Test(
        "are printed without rounding",
        arguments: [
            (0, 0, 6, "0.000000"), (1_700_000_000, 250_000_000, 6, "1700000000.250000"),
            (5, 999_999_999, 6, "5.999999"), (5, 999_999_999, 9, "5.999999999"),
            (5, 2_000_000_001, 9, "7.000000001"), (-1, 0, 6, "-1.000000"),
            (-2, 250_000_000, 3, "-1.750"), (-1, 999_999_999, 9, "-0.000000001"),
        ] as [(Int64, UInt64, Int, String)])
    func text(seconds: Int64, nanoseconds: UInt64, digits: Int, expected: String) {
        let time = FrameTime(seconds: seconds, nanoseconds: nanoseconds)
        #expect(time.text(digits: digits) == expected)
    }

    @Test("are ordered")
    func order() {
        let early = FrameTime(seconds: -1, nanoseconds: 999_999_999)
        #expect(early < FrameTime(seconds: 0, nanoseconds: 0))
        #expect(FrameTime(seconds: 3, nanoseconds: 1) < FrameTime(seconds: 3, nanoseconds: 2))
    }
}

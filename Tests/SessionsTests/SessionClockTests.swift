import CloudModel
import Testing

@testable import Sessions

@Suite("The clock of sessions")
struct SessionClockTests {
    @Test(
        "a session is alive at its timeout, and over behind it",
        arguments: [(30, true), (31, false)])
    func boundary(seconds: Int64, expected: Bool) throws {
        var world = try SessionWorld()
        _ = world.sees(flow: 1, at: 100)
        let isAlive = world.isAlive(flow: 1, at: 100 + seconds)
        #expect(isAlive == expected)
        #expect(world.sessions.counts.expired == (expected ? 0 : 1))
    }

    @Test("a clock that runs backwards ends nothing")
    func backwards() throws {
        var world = try SessionWorld()
        for second in (0...10_000 as ClosedRange<Int64>).reversed() {
            let isAlive = world.sees(flow: 1, at: second)
            #expect(isAlive)
        }
        let isAlive = world.isAlive(flow: 1, at: 30)
        #expect(isAlive)
        #expect(world.sessions.counts.created == 1)
    }

    @Test(
        "one absurd time concerns only the session that it is of",
        arguments: [4_294_967_295, Int64.max, Int64.min, -1])
    func absurdTime(absurd: Int64) throws {
        var world = try SessionWorld(capacity: 256 * 300)
        for flow in 0..<300 { _ = world.sees(flow: flow, at: 1_700_000_000) }
        _ = world.sees(flow: 0, at: absurd)
        // A new flow wants room, though the shard is full.
        _ = world.sees(flow: 1000, at: 1_700_000_001)
        #expect(world.sessions.counts.expired <= 1)
        for flow in 2..<300 {
            let isAlive = world.isAlive(flow: flow, at: 1_700_000_002)
            #expect(isAlive, "flow \(flow)")
        }
    }

    @Test("times are kept within bounds that no difference overflows")
    func bounds() {
        let latest = SessionTime(seconds: .max, nanoseconds: 999_999_999)
        let earliest = SessionTime(seconds: .min, nanoseconds: 0)
        #expect(latest.nanoseconds == .max / 2)
        #expect(earliest.nanoseconds == -.max / 2)
        #expect(latest.isLater(than: earliest, byMoreThan: .max))
        #expect(!earliest.isLater(than: latest, byMoreThan: 0))
    }

    @Test("what has been idle for too long does not live at the end")
    func ending() throws {
        var world = try SessionWorld()
        _ = world.sees(flow: 1, at: 0)
        _ = world.sees(flow: 2, at: 20)
        let counts = world.sessions.counts(at: SessionTime(seconds: 40, nanoseconds: 0))
        #expect(counts.expired == 1)
        #expect(counts.live == 1)
        #expect(world.sessions.counts.live == 2)
    }
}

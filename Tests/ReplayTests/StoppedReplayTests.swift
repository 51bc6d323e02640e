import Captures
import CloudModel
import Replay
import Synchronization
import TestSupport
import Testing

/// A replay that an observer ends.
@Suite("A stopped replay")
struct StoppedReplayTests {
    /// Stops behind so many batches.
    private final class Stopper: FrameObserver {
        private var remaining: Int
        init(after count: Int) { remaining = count }
        func observe(_ batch: DecidedBatch) -> Bool {
            remaining -= 1
            return remaining > 0
        }
    }

    /// Two captures of 300 frames, two batches each, replayed twice.
    private func run(stoppingAfter count: Int) throws -> ReplayResult {
        let capture = try TinyWorld.capture(Array(repeating: "arp", count: 300))
        let (first, second) = (try TemporaryFile(capture.bytes), try TemporaryFile(capture.bytes))
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: [first.path, second.path].map {
                CaptureSource(path: $0, placement: .byAddress(vpc: nil))
            }, passCount: 2)
        try replay.open()
        return replay.run(observers: [Stopper(after: count)])
    }

    @Test("says which captures it did not come to the end of, and why")
    func incomplete() throws {
        let result = try run(stoppingAfter: 1)
        #expect(result.captures.map(\.isComplete) == [false, false])
        #expect(result.captures.map(\.isBegun) == [true, false])
        #expect(result.captures.map(\.packetCount) == [256, 0])
        #expect(result.captures.allSatisfy { $0.error == "the replay was stopped" })
    }

    @Test("before another pass is incomplete, too")
    func betweenPasses() throws {
        let result = try run(stoppingAfter: 4)
        #expect(result.tally.packetCount == 600)
        #expect(result.captures.map(\.isComplete) == [false, false])
    }

    @Test("in the last pass is incomplete where something is left")
    func lastPass() throws {
        #expect(try run(stoppingAfter: 6).captures.map(\.isComplete) == [true, false])
        #expect(try run(stoppingAfter: 8).captures.map(\.isComplete) == [true, true])
        #expect(try run(stoppingAfter: 99).captures.map(\.isComplete) == [true, true])
    }

    /// Says yes from its `count`th call on.
    private final class Alarm: Sendable {
        private let remaining: Atomic<Int>
        init(at count: Int) { remaining = Atomic(count) }
        func rings() -> Bool {
            remaining.subtract(1, ordering: .relaxed).newValue <= 0
        }
    }

    @Test(
        "by a condition has counted the file's first frames, on any number of threads",
        arguments: [1, 2, 3, 8], [1, 3, 20])
    func condition(threadCount: Int, alarm: Int) throws {
        var traffic = MixedTraffic(seed: 5)
        let capture = try traffic.capture(12_000)
        let stopped = try run(capture.bytes, threadCount: threadCount, stoppingAt: alarm)
        #expect(stopped.captures.map(\.error) == ["the replay was stopped"])
        let count = stopped.tally.packetCount
        #expect(count < 12_000)
        #expect(stopped.captures.map(\.packetCount) == [count])
        traffic = MixedTraffic(seed: 5)
        let beginning = try run(try traffic.capture(count).bytes, threadCount: 1, stoppingAt: .max)
        #expect(beginning.tally.byteCount == stopped.tally.byteCount)
        for reason in Reason.allCases {
            #expect(
                beginning.tally.packetCount(of: reason) == stopped.tally.packetCount(of: reason))
        }
        #expect(beginning.sessions == stopped.sessions)
    }

    private func run(
        _ bytes: [UInt8], threadCount: Int, stoppingAt count: Int
    ) throws -> ReplayResult {
        let file = try TemporaryFile(bytes)
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: [CaptureSource(path: file.path, placement: .byAddress(vpc: nil))],
            threadCount: threadCount)
        try replay.open()
        let alarm = Alarm(at: count)
        return replay.run(until: { alarm.rings() })
    }
}

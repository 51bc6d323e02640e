import Captures
import CloudModel
import Replay
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
}

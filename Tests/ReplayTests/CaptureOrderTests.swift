import Captures
import CloudModel
import Replay
import TestSupport
import Testing

@Suite("Several captures")
struct CaptureOrderTests {
    @Test("by time, frames come as if they had been captured into one file")
    func byTime() throws {
        let times = [[10, 20, 20, 90], [20, 30, 40], [], [5, 91], [50, 45, 60]]
        let seen = try replay(times, order: .byTime)
        // At the same time the earlier capture goes first; the last one's times run backwards.
        #expect(
            seen.map(\.time)
                == [5, 10, 20, 20, 20, 30, 40, 50, 45, 60, 90, 91])
        #expect(seen.map(\.capture) == [3, 0, 0, 0, 1, 1, 1, 4, 4, 4, 0, 3])
        #expect(seen.map(\.number) == [1, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 2])
    }

    @Test("as given, one capture comes after the other")
    func asGiven() throws {
        let times = [[10, 20, 90], [20], [], [5, 91]]
        let seen = try replay(times, order: .asGiven)
        #expect(seen.map(\.time) == [10, 20, 90, 20, 5, 91])
        #expect(seen.map(\.capture) == [0, 0, 0, 1, 3, 3])
    }

    @Test("many captures by time are sorted, whatever their number", arguments: UInt64(1)...8)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let times = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
            (0..<Int.random(in: 0...30, using: &generator))
                .map { _ in Int.random(in: 0...200, using: &generator) }.sorted()
        }
        let seen = try replay(times, order: .byTime)
        #expect(seen.map(\.time) == times.joined().sorted(), "seed \(seed)")
        let pairs = zip(seen, seen.dropFirst())
        #expect(
            pairs.allSatisfy {
                ($0.time, $0.capture, $0.number) < ($1.time, $1.capture, $1.number)
            },
            "seed \(seed)")
    }

    /// A frame as an observer sees it.
    struct Seen {
        let time: Int
        let capture: Int
        let number: Int
    }

    /// Replays a capture for each list of times, in microseconds.
    private func replay(_ times: [[Int]], order: CaptureOrder) throws -> [Seen] {
        let packet = try Packet("tcp 9.9.9.9:1 > 10.0.0.1:443")
        let files = try times.map { times in
            var capture = CaptureBytes()
            for time in times { capture.append(packet, atMicroseconds: time) }
            return try TemporaryFile(capture.bytes)
        }
        // The optimiser ends a value's life behind its last use, and the file with it.
        defer { withExtendedLifetime(files) {} }
        let paths = files.map(\.path)
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: paths.map { CaptureSource(path: $0, placement: .byAddress(vpc: nil)) },
            order: order)
        try replay.open()
        let collector = Collector(paths: paths)
        let result = replay.run(observers: [collector])
        #expect(result.captures.map(\.packetCount) == times.map(\.count))
        #expect(result.incompleteCaptures.isEmpty)
        return collector.seen
    }

    private final class Collector: FrameObserver {
        private let paths: [String]
        private(set) var seen: [Seen] = []

        init(paths: [String]) { self.paths = paths }

        func observe(_ batch: DecidedBatch) -> Bool {
            for (index, frame) in batch.frames.enumerated() {
                seen.append(
                    Seen(
                        time: Int(frame.time.nanoseconds) / 1000,
                        capture: paths.firstIndex(of: batch.path) ?? -1,
                        number: batch.framesBefore + index + 1))
            }
            return true
        }
    }
}

import Captures
import CloudModel
import ControlPlane
import Replay
import TestSupport
import Testing

@Suite("Kept frames")
struct KeptFramesTests {
    /// Keeps the bytes of each frame.
    private final class Collector: FrameObserver {
        let needsFrameBytes: Bool
        private(set) var frames: [(frame: KeptFrame, bytes: [UInt8])] = []
        private(set) var keptCounts: [Int] = []
        private(set) var frameCounts: [Int] = []

        init(needsFrameBytes: Bool) { self.needsFrameBytes = needsFrameBytes }

        func observe(_ batch: DecidedBatch) -> Bool {
            keptCounts.append(batch.keptFrames.frames.count)
            frameCounts.append(batch.frames.count)
            for frame in batch.keptFrames.frames {
                frames.append((frame, Array(batch.keptFrames.bytes[frame.range])))
            }
            return true
        }
    }

    private let texts = [
        "arp", "tcp 10.0.0.1:4000 > 10.0.0.2:443", "udp 10.0.0.2:53 > 10.0.0.1:53",
    ]

    /// The frames as the reader gives them.
    private func readFrames(_ capture: CaptureBytes) throws -> [[UInt8]] {
        let file = try TemporaryFile(capture.bytes)
        var reader = try CaptureReader(path: file.path)
        var frames: [[UInt8]] = []
        _ = reader.readFrames(upTo: .max) { _, bytes in
            frames.append(unsafe bytes.withUnsafeBytes { unsafe Array($0) })
        }
        return frames
    }

    @Test("are what the file holds, for an observer that needs them")
    func areTheFilesFrames() throws {
        let capture = try TinyWorld.capture(Array(repeating: texts, count: 200).flatMap(\.self))
        let collector = Collector(needsFrameBytes: true)
        _ = try TinyWorld.run(capture, observers: [collector])
        #expect(collector.frames.map(\.bytes) == (try readFrames(capture)))
        #expect(collector.frames.allSatisfy { $0.frame.originalLength == $0.bytes.count })
        #expect(collector.frames.allSatisfy { $0.frame.linkType == .ethernet })
        #expect(collector.keptCounts == collector.frameCounts)
    }

    @Test("follow the frames where a call splits a batch")
    func areSplit() throws {
        let capture = try TinyWorld.capture(texts)
        let call = ScheduledCall(
            OperationRequest("LeaveSecurityGroup", [:]),
            at: FrameTime(seconds: 1, nanoseconds: 1_000_000))
        let collector = Collector(needsFrameBytes: true)
        _ = try TinyWorld.run(capture, calls: [call], observers: [collector])
        #expect(collector.frameCounts == [1, 2])
        #expect(collector.keptCounts == [1, 2])
        #expect(collector.frames.map(\.bytes) == (try readFrames(capture)))
    }

    @Test("are none where nobody needs them")
    func areNone() throws {
        let collector = Collector(needsFrameBytes: false)
        _ = try TinyWorld.run(try TinyWorld.capture(texts), observers: [collector])
        #expect(collector.frameCounts == [3])
        #expect(collector.keptCounts == [0])
    }
}

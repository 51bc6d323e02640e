internal import Captures
internal import CloudModel
internal import Sessions

/// The first stage: frames are read and decoded, and each goes to the lane of its flow.
struct BlockFiller: ~Copyable {
    private var feed = CaptureFeed([], order: .asGiven)
    /// Frames that were read and wait for the next block, and the capture that they are of.
    private(set) var source: FrameBatch
    private(set) var capture = 0
    /// The place in ``source`` of the next frame.
    private(set) var next = 0
    var schedule = CallSchedule([])
    /// What has to be done before the next frame.
    var barrier = Barrier.none
    /// For each capture.
    private(set) var results: [CaptureResult]
    /// The time of the last frame.
    private(set) var lastTime: SessionTime?

    private let laneCount: Int
    private let shouldStop: @Sendable () -> Bool
    /// Whether nothing was read any more because no more frames were wanted.
    private(set) var isStopped = false

    /// What comes between two blocks.
    enum Barrier {
        case none
        /// Calls that are due before a frame of this time.
        case calls(FrameTime)
        /// A frame that concerns two lanes: the first fragment of an ICMP error.
        case frame(fragments: Int, flow: Int)
    }

    /// How many frames make a block full: a few hundred for each lane, so that handing it over costs
    /// little beside the work on it.
    private static let blockSize = 2048

    init(
        _ captures: [CaptureSource], source: consuming FrameBatch, laneCount: Int,
        until shouldStop: @escaping @Sendable () -> Bool
    ) {
        self.shouldStop = shouldStop
        self.source = source
        self.laneCount = laneCount
        results = captures.map { CaptureResult(path: $0.path) }
    }

    /// Begins in front of the first frame of `feed`.
    mutating func begin(_ feed: consuming CaptureFeed, _ schedule: CallSchedule) {
        self.feed = feed
        self.schedule = schedule
        source.removeFrames()
        (next, barrier, lastTime) = (0, .none, nil)
        for capture in results.indices { results[capture].beginPass() }
    }

    /// Notes that the replay was stopped, before further passes or in the last one.
    mutating func stop(beforePasses: Bool) {
        for capture in results.indices { results[capture].stop(beforePasses: beforePasses) }
    }

    /// Fills a block with the frames up to what comes between two blocks.
    mutating func fill(_ block: Block) -> FillOutcome {
        block.removeAll()
        if takeWaitingFrames(into: block) { return .barrier }
        while block.whole.count < BlockFiller.blockSize {
            let count = block.whole.count
            guard read(into: block) else { return .end }
            if takeFrames(of: block, from: count) { return .barrier }
        }
        return .open
    }

    /// Moves the next frame to `batch`, by itself.
    mutating func takeFrame(into batch: inout FrameBatch) {
        batch.begin(at: source.origin.advanced(by: next))
        batch.append(next..<next + 1, of: source)
        next += 1
    }

    /// Moves the frames that wait to a block; the result is whether something comes before one of them.
    private mutating func takeWaitingFrames(into block: Block) -> Bool {
        guard next < source.count else { return false }
        let end = findBarrier(before: source.decoded, from: next, into: &block.lanes)
        block.whole.append(next..<end, of: source)
        block.addPart(ofCapture: capture, source.origin.advanced(by: next))
        next = end
        return end < source.count
    }

    /// Reads the next frames; the result is whether there may be more.
    private mutating func read(into block: Block) -> Bool {
        if shouldStop() {
            isStopped = true
            return false
        }
        let count = block.whole.count
        guard let step = feed.append(to: &block.whole) else { return false }
        capture = step.capture
        results[capture].count(block.whole.count - count)
        if case .end(let complete, let error) = step.status {
            results[capture].end(complete: complete, error: error)
        }
        if let last = block.whole.decoded.facts.last { lastTime = SessionTime(last.time) }
        return true
    }

    /// Finds the lanes of the frames read last, which begin at `start`. The result is whether something comes
    /// before one of them: it and those behind it wait for the next block.
    private mutating func takeFrames(of block: Block, from start: Int) -> Bool {
        let origin = block.whole.origin
        let end = findBarrier(before: block.whole.decoded, from: start, into: &block.lanes)
        guard end < block.whole.count else {
            block.addPart(ofCapture: capture, origin)
            return false
        }
        block.whole.split(at: end, into: &source)
        source.origin = origin.advanced(by: end - start)
        next = 0
        block.addPart(ofCapture: capture, origin)
        return true
    }

    /// Finds the lanes of frames up to where something comes between two blocks, or to the end.
    private mutating func findBarrier(
        before frames: borrowing DecodedFrames, from start: Int, into lanes: inout [UInt8]
    ) -> Int {
        let call = schedule.firstFrame(in: frames.facts, from: start)
        let end = findLanes(of: frames, start..<(call ?? frames.count), into: &lanes)
        if let call, end == call { barrier = .calls(frames.facts[call].time) }
        return end
    }

    /// Finds the lanes of frames; the result is where they end, which is before the end of `range` where one
    /// concerns two lanes.
    private mutating func findLanes(
        of frames: borrowing DecodedFrames, _ range: Range<Int>, into lanes: inout [UInt8]
    ) -> Int {
        if laneCount == 1 {
            lanes.append(contentsOf: repeatElement(0, count: range.count))
            return range.upperBound
        }
        for index in range {
            let header = frames.headers[index]
            var lane = lane(ofShard: Sessions.shard(of: header))
            if header.has(PacketHeader.Trait.quote) {
                let quoted = frames.note(at: index)?.quoted
                let flow = self.lane(ofShard: Sessions.shard(of: header, quoting: quoted))
                if header.has(PacketHeader.Trait.fragment), flow != lane {
                    barrier = .frame(fragments: lane, flow: flow)
                    return index
                }
                lane = flow
            }
            lanes.append(UInt8(truncatingIfNeeded: lane))
        }
        return range.upperBound
    }

    private func lane(ofShard shard: Int) -> Int { shard * laneCount / Sessions.shardCount }
}

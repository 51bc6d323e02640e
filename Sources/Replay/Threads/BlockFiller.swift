internal import Captures
internal import CloudModel
internal import Sessions

/// The first stage: frames are read and decoded, and each goes to the lane of its flow.
struct BlockFiller: ~Copyable {
    private var feed = CaptureFeed([], order: .asGiven)
    /// The frames read last, and the capture that they are of.
    private(set) var source: FrameBatch
    private(set) var capture = 0
    /// The place in ``source`` of the next frame.
    private(set) var next = 0
    /// For each frame that is on its way into a block, its lane.
    private var lanes: [UInt8] = []
    var schedule = CallSchedule([])
    /// What has to be done before the next frame.
    var barrier = Barrier.none
    /// For each capture.
    private(set) var results: [CaptureResult]
    /// The time of the last frame.
    private(set) var lastTime: SessionTime?

    private let laneCount: Int
    private let isObserved: Bool
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
        isObserved: Bool, until shouldStop: @escaping @Sendable () -> Bool
    ) {
        self.shouldStop = shouldStop
        self.source = source
        self.laneCount = laneCount
        self.isObserved = isObserved
        results = captures.map { CaptureResult(path: $0.path) }
        lanes.reserveCapacity(FrameBatch.capacity)
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

    /// Fills a block with the frames up to what comes between two blocks, or to the end of a capture.
    mutating func fill(_ block: Block) -> FillOutcome {
        block.begin(source, from: next, ofCapture: capture)
        while true {
            if next == source.count {
                if block.count >= BlockFiller.blockSize { return .open }
                guard refill() else { return .end }
                if block.count == 0 {
                    block.begin(source, from: next, ofCapture: capture)
                } else if capture != block.capture {
                    return .open
                }
            }
            if takeFrames(into: block) { return .barrier }
        }
    }

    /// Moves the next frame to `batch`, by itself.
    mutating func takeFrame(into batch: inout FrameBatch) {
        batch.begin(as: source, from: next)
        batch.append(next..<next + 1, of: source)
        next += 1
    }

    /// Reads the next frames; the result is whether there may be more.
    private mutating func refill() -> Bool {
        if shouldStop() {
            isStopped = true
            return false
        }
        guard let step = feed.fill(&source) else { return false }
        (next, capture) = (0, step.capture)
        results[capture].count(source.count)
        if case .end(let complete, let error) = step.status {
            results[capture].end(complete: complete, error: error)
        }
        if let last = source.decoded.facts.last { lastTime = SessionTime(last.time) }
        return true
    }

    /// Moves frames of the source to a block; the result is whether something comes before the next.
    private mutating func takeFrames(into block: Block) -> Bool {
        let call = schedule.firstFrame(in: source.decoded.facts, from: next)
        let end = findLanes(upTo: call ?? source.count)
        for (lane, share) in block.shares.enumerated() {
            share.batch.append(next..<end, of: source, in: lanes, where: UInt8(lane))
        }
        if isObserved {
            block.whole.append(next..<end, of: source)
            block.lanes += lanes
        }
        block.whole.goOn(as: source)
        block.count += end - next
        next = end
        if case .frame = barrier { return true }
        guard let call else { return false }
        barrier = .calls(source.decoded.facts[call].time)
        return true
    }

    /// Finds the lanes of the next frames; the result is where they end, which is before `end` where one
    /// concerns two lanes.
    private mutating func findLanes(upTo end: Int) -> Int {
        lanes.removeAll(keepingCapacity: true)
        for index in next..<end {
            let header = source.decoded.headers[index]
            var lane = lane(ofShard: Sessions.shard(of: header))
            if header.has(PacketHeader.Trait.quote) {
                let quoted = source.decoded.note(at: index)?.quoted
                let flow = self.lane(ofShard: Sessions.shard(of: header, quoting: quoted))
                if header.has(PacketHeader.Trait.fragment), flow != lane {
                    barrier = .frame(fragments: lane, flow: flow)
                    return index
                }
                lane = flow
            }
            lanes.append(UInt8(truncatingIfNeeded: lane))
        }
        return end
    }

    private func lane(ofShard shard: Int) -> Int { shard * laneCount / Sessions.shardCount }
}

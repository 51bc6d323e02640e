internal import Captures
internal import CloudModel
internal import FilterTables
internal import Sessions

/// A replay under way on several threads.
///
///     CaptureFeed ─▶ block ┬▶ lane 0 ─▶ tally ┐
///                          ├▶ lane 1 ─▶ tally ┼▶ observers, block by block; totals at the end
///                          └▶ lane 2 ─▶ tally ┘
///
/// Each packet goes to the lane of its flow's shard, of 256: that of its two addresses, or for an ICMP
/// error of those that it quotes. So what sessions, first fragments and unknown flows know of a packet
/// is what one thread would know, whatever the number of lanes, and their order in a lane is that of
/// the captures. Calls are barriers. There is one lane less than threads: filling keeps a thread busy.
final class ThreadedRun: PipelineWork, @unchecked Sendable {
    // What only filling and passing barriers touch, one at a time.
    private var filler: BlockFiller
    private var live: LiveFleet
    private var callLog = CallLog()

    // Each lane and block is touched by whoever has it from the pipeline.
    private let lanes: [Lane]
    private let blocks: [Block]

    private let captures: [CaptureSource]
    private let observers: [any FrameObserver]
    private let threadCount: Int

    init(
        _ fleet: CompiledFleet, _ policy: SessionPolicy, _ captures: [CaptureSource],
        decapsulating encapsulation: Encapsulation?, observedBy observers: [any FrameObserver],
        until isStopped: @escaping @Sendable () -> Bool, threadCount: Int
    ) {
        self.captures = captures
        self.observers = observers
        self.threadCount = threadCount
        live = LiveFleet(fleet, sessions: policy)
        let laneCount = max(1, threadCount - 1)
        lanes = (0..<laneCount).map { _ in
            Lane(fleet, sessions: policy, countsFlows: observers.isEmpty)
        }
        let keepsBytes = observers.contains(where: \.needsFrameBytes)
        filler = BlockFiller(
            captures, source: FrameBatch(decapsulating: encapsulation, keepsBytes: keepsBytes),
            laneCount: laneCount, until: isStopped)
        blocks = (0..<threadCount + 2).map { _ in
            Block(
                laneCount: laneCount, decapsulating: encapsulation, keepsBytes: keepsBytes)
        }
    }

    /// Runs one pass, which begins with `fleet` as it is given; the result is whether the replay goes
    /// on.
    func runPass(
        _ fleet: CompiledFleet, _ calls: [ScheduledCall], isFirst: Bool, _ opened: [OpenedCapture],
        _ order: CaptureOrder
    ) -> Bool {
        filler.begin(CaptureFeed(opened, order: order), CallSchedule(calls))
        beginPass(fleet, isFirst: isFirst, hasCalls: !calls.isEmpty)
        let pipeline = Pipeline(
            self, laneCount: lanes.count, blockCount: blocks.count,
            isObserved: !observers.isEmpty)
        let goesOn = pipeline.run(threadCount: threadCount)
        // Whether a session is still alive is a question of the whole capture's time.
        for lane in lanes {
            lane.evaluator.lastTime = filler.lastTime
            lane.moveCounts()
        }
        return goesOn && !filler.isStopped
    }

    /// Notes that the replay was stopped, before further passes or in the last one.
    func stop(beforePasses: Bool) { filler.stop(beforePasses: beforePasses) }

    /// The totals.
    func result(elapsed: Duration) -> ReplayResult {
        var tally = lanes[0].tally
        for lane in lanes.dropFirst() { tally.merge(lane.tally) }
        var sessions: SessionCounts?
        for lane in lanes {
            guard let counts = lane.evaluator.sessionCounts() else { continue }
            sessions = sessions ?? SessionCounts()
            sessions? += counts
        }
        return ReplayResult(
            tally, filler.results, callLog.made, sessions, elapsed: elapsed,
            live.evaluator.fleet.tables)
    }

    private func beginPass(_ fleet: CompiledFleet, isFirst: Bool, hasCalls: Bool) {
        let former = live.evaluator.fleet.tables
        live.beginPass(fleet)
        for lane in lanes {
            if hasCalls {
                lane.tally.settleAll(former)
                lane.evaluator.replace(fleet.forReading)
            }
            lane.evaluator.beginPass()
        }
        callLog.isFirstPass = isFirst
        make(filler.schedule.removeUntimed())
    }

    private func make(_ due: [(number: Int, call: ScheduledCall)]) {
        guard !due.isEmpty else { return }
        for lane in lanes { lane.moveCounts() }
        for ended in callLog.make(due, by: &live, with: lanes) {
            for lane in lanes { lane.tally.settle(ended.rules, ended.tables) }
        }
    }

    // MARK: Stages

    func fill(_ block: Int) -> FillOutcome { filler.fill(blocks[block % blocks.count]) }

    func evaluate(_ block: Int, lane: Int) {
        let block = blocks[block % blocks.count]
        lanes[lane].decide(block, as: lane, in: captures, isObserved: !observers.isEmpty)
    }

    func passBarrier() -> Bool {
        defer { filler.barrier = .none }
        switch filler.barrier {
        case .none: return true
        case .calls(let time):
            make(filler.schedule.remove(dueAt: time))
            return true
        case .frame(let fragments, let flow):
            return decideNextFrame(rememberedBy: lanes[fragments], trackedBy: lanes[flow])
        }
    }

    /// Decides a frame whose flow one lane knows and whose datagram another one remembers.
    private func decideNextFrame(rememberedBy fragments: Lane, trackedBy flow: Lane) -> Bool {
        var batch = FrameBatch(keepsBytes: filler.source.keepsBytes)
        filler.takeFrame(into: &batch)
        swap(&fragments.evaluator.firstFragments, &flow.evaluator.firstFragments)
        flow.decide(batch, at: captures[filler.capture].placement)
        swap(&fragments.evaluator.firstFragments, &flow.evaluator.firstFragments)
        guard !observers.isEmpty else { return true }
        return show(DecidedBatch(batch, ofCapture: filler.capture, by: flow.evaluator))
    }

    /// Shows observers a batch; the result is whether the replay goes on.
    private func show(_ batch: DecidedBatch) -> Bool {
        for observer in observers where !observer.observe(batch) { return false }
        return true
    }

    func observe(_ block: Int) -> Bool {
        let block = blocks[block % blocks.count]
        var parts = ObservedParts(block)
        while let batch = parts.next(live.evaluator.names) {
            guard show(batch) else { return false }
        }
        return true
    }
}

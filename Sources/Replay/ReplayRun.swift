import Captures
import CloudModel
import ControlPlane
import FilterTables

/// A replay under way: the fleet at work, the batch at hand, the counts so far.
struct ReplayRun: ~Copyable {
    private var live: LiveFleet
    private var batch: FrameBatch
    /// What is left of a batch behind a call that comes in its midst.
    private var rest = FrameBatch()
    private var schedule = CallSchedule([])
    private var tally: Tally
    private var callLog = CallLog()
    /// The world in which the calls are made instead, if both are to be compared.
    private var comparison: Comparison?
    private let captures: [CaptureSource]
    private let observers: [any FrameObserver]
    /// Whether no more frames are wanted.
    private let isStopped: @Sendable () -> Bool
    /// For each capture.
    private var results: [CaptureResult]

    init(
        _ fleet: CompiledFleet, _ policy: SessionPolicy, _ captures: [CaptureSource],
        decapsulating encapsulation: Encapsulation?, observedBy observers: [any FrameObserver],
        until isStopped: @escaping @Sendable () -> Bool = { false },
        comparing comparison: consuming Comparison? = nil
    ) {
        self.isStopped = isStopped
        live = LiveFleet(
            fleet, sessions: policy, countsFlows: observers.isEmpty && comparison == nil)
        tally = Tally(ruleNumberLimit: fleet.tables.ruleNumberLimit)
        batch = FrameBatch(
            decapsulating: encapsulation, keepsBytes: observers.contains(where: \.needsFrameBytes))
        self.captures = captures
        results = captures.map { CaptureResult(path: $0.path) }
        self.observers = observers
        self.comparison = comparison
    }

    /// Begins with `fleet` as it is given, and makes the calls that come before all frames.
    mutating func beginPass(
        _ fleet: CompiledFleet, _ scheduled: [ScheduledCall], isFirst: Bool
    ) {
        let former = live.evaluator.fleet.tables
        live.beginPass(fleet)
        for capture in results.indices { results[capture].beginPass() }
        if !scheduled.isEmpty { tally.settleAll(former) }
        schedule = CallSchedule(scheduled)
        callLog.isFirstPass = isFirst
        make(schedule.removeUntimed())
    }

    /// Runs all frames of `feed`. The result is whether the replay goes on.
    mutating func run(_ feed: inout CaptureFeed) -> Bool {
        defer { live.evaluator.moveCounts(to: &tally) }
        while let step = feed.fill(&batch) {
            results[step.capture].count(batch.count)
            if case .end(let complete, let error) = step.status {
                results[step.capture].end(complete: complete, error: error)
            }
            guard runBatch(of: step.capture), !isStopped() else { return false }
        }
        return true
    }

    /// Notes that the replay was stopped, before further passes or in the last one.
    mutating func stop(beforePasses: Bool) {
        for capture in results.indices { results[capture].stop(beforePasses: beforePasses) }
    }

    /// The totals.
    func result(elapsed: Duration) -> ReplayResult {
        ReplayResult(tally, results, callLog.made, elapsed: elapsed, by: live.evaluator)
    }

    /// Both worlds' totals, and what differs.
    ///
    /// - Precondition: the run compares.
    consuming func comparedResult(elapsed: Duration) -> WhatIfResult {
        let before = result(elapsed: elapsed)
        guard let comparison = comparison.take() else {
            preconditionFailure("a run that compares has a comparison")
        }
        return comparison.result(before: before)
    }

    /// Decides the batch, in parts if calls come between its frames.
    private mutating func runBatch(of capture: Int) -> Bool {
        while let first = schedule.firstFrame(in: batch.decoded.facts) {
            let time = batch.decoded.facts[first].time
            if first > 0 {
                batch.split(at: first, into: &rest)
                guard decideBatch(of: capture) else { return false }
                swap(&batch, &rest)
            }
            make(schedule.remove(dueAt: time))
        }
        return decideBatch(of: capture)
    }

    private mutating func decideBatch(of capture: Int) -> Bool {
        live.evaluate(batch, at: captures[capture].placement)
        tally.add(
            batch, live.evaluator.answered, live.evaluator.answers, live.evaluator.evaluations)
        comparison?.evaluate(batch, at: captures[capture].placement, beside: &live)
        guard !observers.isEmpty else { return true }
        let decided = DecidedBatch(batch, ofCapture: capture, by: live.evaluator)
        for observer in observers where !observer.observe(decided) { return false }
        return true
    }

    /// Makes calls now.
    private mutating func make(_ due: [(number: Int, call: ScheduledCall)]) {
        if comparison != nil {
            comparison?.make(due, beside: live, tally)
            return
        }
        guard !due.isEmpty else { return }
        live.evaluator.moveCounts(to: &tally)
        for ended in callLog.make(due, by: &live) { tally.settle(ended.rules, ended.tables) }
    }
}

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
    private var calls: [ReplayedCall] = []
    /// The world in which the calls are made instead, if both are to be compared.
    private var comparison: Comparison?
    private var isFirstPass = true
    private let captures: [CaptureSource]
    private let observers: [any FrameObserver]
    /// For each capture.
    private var results: [CaptureResult]

    init(
        _ fleet: CompiledFleet, _ policy: SessionPolicy, _ captures: [CaptureSource],
        decapsulating encapsulation: Encapsulation?, observedBy observers: [any FrameObserver],
        comparing comparison: consuming Comparison? = nil
    ) {
        live = LiveFleet(fleet, sessions: policy)
        tally = Tally(ruleNumberLimit: fleet.tables.ruleNumberLimit)
        batch = FrameBatch(decapsulating: encapsulation)
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
        if !scheduled.isEmpty { tally.settleAll(former) }
        schedule = CallSchedule(scheduled)
        isFirstPass = isFirst
        make(schedule.removeUntimed())
    }

    /// Runs all frames of `feed`. The result is whether the replay goes on.
    mutating func run(_ feed: inout CaptureFeed) -> Bool {
        while let step = feed.fill(&batch) {
            results[step.capture].packetCount += batch.frames.count
            if case .end(let complete, let error) = step.status {
                results[step.capture].end(complete: complete, error: error)
            }
            guard runBatch(at: captures[step.capture].placement) else { return false }
        }
        return true
    }

    /// The totals.
    func result(elapsed: Duration) -> ReplayResult {
        ReplayResult(tally, results, calls, elapsed: elapsed, by: live.evaluator)
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
    private mutating func runBatch(at placement: Placement) -> Bool {
        while let first = schedule.firstFrame(in: batch.frames) {
            let time = batch.frames[first].time
            if first > 0 {
                batch.split(at: first, into: &rest)
                guard decideBatch(at: placement) else { return false }
                swap(&batch, &rest)
            }
            make(schedule.remove(dueAt: time))
        }
        return decideBatch(at: placement)
    }

    private mutating func decideBatch(at placement: Placement) -> Bool {
        live.evaluate(batch, at: placement)
        tally.add(batch, live.evaluator)
        comparison?.evaluate(batch, at: placement, beside: &live)
        for observer in observers where !observer.observe(batch, live.evaluator) { return false }
        return true
    }

    /// Makes calls now. Only those of the first pass are reported.
    private mutating func make(_ due: [(number: Int, call: ScheduledCall)]) {
        if comparison != nil {
            comparison?.make(due, beside: live, tally)
            return
        }
        for (number, call) in due {
            let former = live.evaluator.fleet.tables
            let (outcome, endedRules) = live.carryOut(call.request)
            tally.settle(endedRules, former)
            var changed: [NetworkInterfaceID] = []
            if case .success(let success) = outcome {
                changed = live.interfaces(changedBy: success.changes)
            }
            if isFirstPass {
                calls.append(ReplayedCall(number: number, outcome: outcome, changed: changed))
            }
        }
    }
}

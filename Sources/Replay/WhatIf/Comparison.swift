import Captures
import CloudModel
import ControlPlane
import FilterTables
import Sessions

/// The other world of a what-if: the fleet with the calls made, beside the one without.
///
///     batch ──▶ before ──▶ answers ─┐
///       │         │ interfaces      ├─▶ flips, uncertainties, counts over time
///       └───────▶ after ──▶ answers ┘
///
/// Until the first call there is one world. Then the other is forked from it, with the sessions of that
/// moment, and both see every batch. The interfaces that evaluate a packet are looked up once, unless a
/// call moved addresses.
struct Comparison: ~Copyable {
    /// `nil` before the first call.
    private var after: LiveFleet?
    private var movedAddresses = false
    /// By an interface's place, whether calls can have altered its decisions.
    private var isReached: [Bool] = []
    // What the other world counts; before the first call the one world counts for both.
    private var tally = Tally(ruleNumberLimit: 0)
    private var calls: [ReplayedCall] = []
    private var sessionsAtChanges = SessionsAtChanges()
    private var flips: FlipTable
    private var uncertain = Uncertainties()
    private var timeline = Timeline()

    /// No other world yet; at most `flipCapacity` flows will be told apart.
    init(flipCapacity: Int) { flips = FlipTable(capacity: flipCapacity) }

    /// Decides a batch that `before` has decided, and notes what differs.
    mutating func evaluate(
        _ batch: borrowing FrameBatch, at placement: Placement, beside before: inout LiveFleet
    ) {
        guard var after = after.take() else {
            for index in 0..<batch.count {
                let answer = before.evaluator.answers[index]
                note(answer, answer, at: batch.decoded.facts[index].time)
            }
            return
        }
        if movedAddresses {
            after.evaluate(batch, at: placement)
        } else {
            after.evaluate(batch, placedBy: &before, isReached: isReached)
        }
        tally.add(batch, after.evaluator)
        compare(batch, &before.evaluator, &after.evaluator)
        self.after = consume after
    }

    /// Makes calls now. `tally` is what `before` counted.
    mutating func make(
        _ due: [(number: Int, call: ScheduledCall)], beside before: borrowing LiveFleet,
        _ tally: Tally
    ) {
        guard !due.isEmpty else { return }
        var after: LiveFleet
        if let known = self.after.take() {
            after = consume known
        } else {
            after = before.fork()
            self.tally = tally
            isReached = Array(
                repeating: false, count: before.evaluator.fleet.networkInterfaces.count)
        }
        var reached: Set<Int> = []
        let cutBefore = after.evaluator.sessions.counts.cut
        for (number, call) in due { make(number, call, in: &after, &reached) }
        for place in reached { isReached[place] = true }
        sessionsAtChanges.cutCount += after.evaluator.sessions.counts.cut - cutBefore
        sessionsAtChanges.add(after.evaluator.census(ofInterfacesAt: reached.sorted()))
        self.after = consume after
    }

    /// Makes a call, and adds the places of the interfaces that it reaches to `reached`.
    private mutating func make(
        _ number: Int, _ call: ScheduledCall, in after: inout LiveFleet, _ reached: inout Set<Int>
    ) {
        let former = after.evaluator.fleet.tables
        let (outcome, endedRules) = after.carryOut(call.request)
        tally.settle(endedRules, former)
        var changed: [NetworkInterfaceID] = []
        if case .success(let success) = outcome {
            changed = after.interfaces(changedBy: success.changes)
            reached.formUnion(after.places(reachedBy: success.changes))
            if success.changes.contains(where: \.movesAddresses) { movedAddresses = true }
        }
        calls.append(ReplayedCall(number: number, outcome: outcome, changed: changed))
    }

    private mutating func compare(
        _ batch: borrowing FrameBatch, _ before: inout Evaluator, _ after: inout Evaluator
    ) {
        for index in 0..<batch.count {
            let (was, becomes) = (before.answers[index], after.answers[index])
            note(was, becomes, at: batch.decoded.facts[index].time)
            guard let flip = Flip(from: was.verdict, to: becomes.verdict) else {
                if becomes.verdict == .accept { flips.follow(index, of: batch) }
                continue
            }
            let isNew = flips.add(flip, index, of: batch, before, after)
            if isNew { flips.explainLast(&before, &after) }
        }
    }

    private mutating func note(
        _ was: FrameAnswer, _ becomes: FrameAnswer, at time: FrameTime
    ) {
        uncertain.add(was, becomes)
        timeline.add(was.verdict, becomes.verdict, at: SessionTime(time))
    }

    /// What was found; `before` is the first world's result.
    consuming func result(before: ReplayResult) -> WhatIfResult {
        var afterResult = before
        if let after {
            afterResult = ReplayResult(
                tally, before.captures, calls, elapsed: before.elapsed, by: after.evaluator)
        }
        return WhatIfResult(
            before: before, after: afterResult, flips: flips, uncertain: uncertain,
            sessionsAtChanges: sessionsAtChanges, timeline: timeline)
    }
}

extension FleetChange {
    /// Whether other interfaces may evaluate a packet.
    fileprivate var movesAddresses: Bool {
        switch self {
        case .addressesAdded, .addressesRemoved: true
        default: false
        }
    }
}

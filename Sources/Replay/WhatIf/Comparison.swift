import Captures
import CloudModel
import ControlPlane
import FilterTables
import Sessions

/// The fleet with the calls made. It stays where it is: what is taken out of an optional
/// and put back is moved, 8 KiB for each batch.
private final class SecondWorld {
    var live: LiveFleet

    init(_ live: consuming LiveFleet) { self.live = live }
}

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
    private var after: SecondWorld?
    private var movedAddresses = false
    private var reach = Reach(interfaceCount: 0)
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
        guard let after else {
            let answers = before.evaluator.answers
            _ = note(answers, answers, batch.decoded.facts)
            return
        }
        let was = before.evaluator.decisions
        if movedAddresses {
            after.live.evaluate(batch, at: placement)
        } else {
            after.live.evaluator.evaluate(batch, as: was, beyond: reach)
        }
        let becomes = after.live.evaluator.decisions
        tally.add(
            batch, after.live.evaluator.answered, becomes.answers, becomes.evaluations)
        compare(batch, was, becomes, &before.evaluator, &after.live.evaluator)
    }

    /// Makes calls now. `tally` is what `before` counted.
    mutating func make(
        _ due: [(number: Int, call: ScheduledCall)], beside before: borrowing LiveFleet,
        _ tally: Tally
    ) {
        guard !due.isEmpty else { return }
        let after = self.after ?? SecondWorld(before.fork())
        if self.after == nil {
            self.after = after
            self.tally = tally
            reach = Reach(interfaceCount: before.evaluator.fleet.networkInterfaces.count)
        }
        var reached: Set<Int> = []
        let cutBefore = after.live.evaluator.sessions.counts.cut
        for (number, call) in due { make(number, call, in: &after.live, &reached) }
        sessionsAtChanges.cutCount += after.live.evaluator.sessions.counts.cut - cutBefore
        sessionsAtChanges.add(after.live.evaluator.census(ofInterfacesAt: reached.sorted()))
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
            let places = after.places(reachedBy: success.changes)
            reached.formUnion(places)
            reach.add(success.changes, endedRules: endedRules, places: places)
            if success.changes.contains(where: \.movesAddresses) { movedAddresses = true }
        }
        calls.append(ReplayedCall(number: number, outcome: outcome, changed: changed))
    }

    private mutating func compare(
        _ batch: borrowing FrameBatch, _ was: BatchDecisions, _ becomes: BatchDecisions,
        _ before: inout Evaluator, _ after: inout Evaluator
    ) {
        let flippedCount = note(was.answers, becomes.answers, batch.decoded.facts)
        guard flippedCount > 0 || flips.followsConnections else { return }
        let (wereAnswers, answers) = (was.answers, becomes.answers)
        // Of few batches they are wanted.
        var names: WorldNames?
        for index in answers.indices {
            let kind = answers[index].kind
            if let flip = Flip(from: wereAnswers[index].kind, to: kind) {
                let known = names ?? WorldNames(before: before.names, after: after.names)
                names = known
                add(flip, index, of: batch, was, becomes, known, &before, &after)
            } else if kind.isAccept {
                flips.follow(index, of: batch)
            }
        }
    }

    @inline(never)
    private mutating func add(
        _ flip: Flip, _ index: Int, of batch: borrowing FrameBatch, _ was: BatchDecisions,
        _ becomes: BatchDecisions, _ names: WorldNames, _ before: inout Evaluator,
        _ after: inout Evaluator
    ) {
        let isNew = flips.add(flip, index, of: batch, was, becomes, names)
        if isNew { flips.explainLast(&before, &after) }
    }

    /// Notes what both worlds say about the packets of a batch, and returns how many flip.
    private mutating func note(
        _ before: [FrameAnswer], _ after: [FrameAnswer], _ facts: [FrameFacts]
    ) -> Int {
        uncertain.add(before, after)
        return timeline.add(before, after, facts)
    }

    /// What was found; `before` is the first world's result.
    consuming func result(before: ReplayResult) -> WhatIfResult {
        var afterResult = before
        if let after {
            afterResult = ReplayResult(
                tally, before.captures, calls, elapsed: before.elapsed, by: after.live.evaluator)
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

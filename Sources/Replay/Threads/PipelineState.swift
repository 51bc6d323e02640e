/// A step of the work on blocks.
enum PipelineTask: Hashable {
    case fill(Int)
    case evaluate(Int, lane: Int)
    case observe(Int)
    case barrier
}

/// What came of a step.
enum PipelineOutcome {
    case filled(FillOutcome)
    case done
    /// Nothing more is wanted.
    case stopped
}

/// How far each stage has come, and what may be done next.
struct PipelineState {
    private let blockCount: Int
    private let isObserved: Bool
    private var filledCount = 0
    /// For each lane, how many blocks it is done with.
    private var evaluatedCounts: [Int]
    private var busyLanes: [Bool]
    private var observedCount = 0
    private var isFilling = false
    private var isObserving = false
    private var barrier = Barrier.none
    private var hasEnded = false
    /// Whether somebody wanted no more.
    private(set) var isStopped = false

    private enum Barrier { case none, ahead, beingPassed }

    init(laneCount: Int, blockCount: Int, isObserved: Bool) {
        self.blockCount = blockCount
        self.isObserved = isObserved
        evaluatedCounts = Array(repeating: 0, count: laneCount)
        busyLanes = Array(repeating: false, count: laneCount)
    }

    /// Whether there will be nothing to do any more.
    var isOver: Bool {
        isStopped || hasEnded && !isFilling && doneCount == filledCount && barrier == .none
    }

    /// How many blocks all are done with.
    private var doneCount: Int { isObserved ? observedCount : evaluatedByAllCount }

    private var evaluatedByAllCount: Int { evaluatedCounts.min() ?? filledCount }

    /// Takes more of what the thread did last, which its core's caches are warm for; if there is none, what is
    /// furthest behind among what can be done.
    mutating func takeTask(after last: PipelineTask?) -> PipelineTask? {
        if isStopped { return nil }
        if isObserved, !isObserving, observedCount < evaluatedByAllCount {
            isObserving = true
            return .observe(observedCount)
        }
        switch last {
        case .fill? where mayFill: return takeFill()
        case .evaluate(_, let lane)? where hasWork(lane): return takeEvaluation(by: lane)
        default: break
        }
        if let lane = idleLaneFurthestBehind() { return takeEvaluation(by: lane) }
        if barrier == .ahead, doneCount == filledCount {
            barrier = .beingPassed
            return .barrier
        }
        return mayFill ? takeFill() : nil
    }

    private var mayFill: Bool {
        !isFilling && !hasEnded && barrier == .none && filledCount - doneCount < blockCount
    }

    private mutating func takeFill() -> PipelineTask {
        isFilling = true
        return .fill(filledCount)
    }

    private mutating func takeEvaluation(by lane: Int) -> PipelineTask {
        busyLanes[lane] = true
        return .evaluate(evaluatedCounts[lane], lane: lane)
    }

    /// Whether a lane that nobody works for has a block before it.
    private func hasWork(_ lane: Int) -> Bool {
        !busyLanes[lane] && evaluatedCounts[lane] < filledCount
    }

    /// Notes what came of a step.
    mutating func finish(_ task: PipelineTask, _ outcome: PipelineOutcome) {
        if case .stopped = outcome { isStopped = true }
        switch task {
        case .fill: isFilling = false
        case .evaluate(_, let lane):
            busyLanes[lane] = false
            evaluatedCounts[lane] += 1
        case .observe:
            isObserving = false
            observedCount += 1
        case .barrier: barrier = .none
        }
        guard case .filled(let next) = outcome else { return }
        filledCount += 1
        switch next {
        case .open: break
        case .barrier: barrier = .ahead
        case .end: hasEnded = true
        }
    }

    private func idleLaneFurthestBehind() -> Int? {
        var best: Int?
        for lane in evaluatedCounts.indices where hasWork(lane) {
            if best.map({ evaluatedCounts[lane] < evaluatedCounts[$0] }) ?? true { best = lane }
        }
        return best
    }
}

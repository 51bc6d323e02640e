/// What a ``Pipeline`` has done. Blocks are numbered in the order in which they are filled.
///
/// The pipeline calls each function when it is its turn, on any thread: one at a time of ``fill(_:)``,
/// of ``observe(_:)``, and of ``evaluate(_:lane:)`` for each lane; and ``passBarrier()`` while nothing
/// else goes on. What one call wrote, those that depend on it see.
protocol PipelineWork: AnyObject, Sendable {
    /// Fills a block; another one may have its place when all lanes and the observer are done with it.
    func fill(_ block: Int) -> FillOutcome
    /// Does a lane's part of a block, after its parts of all blocks before.
    func evaluate(_ block: Int, lane: Int)
    /// Looks at a block of which all parts are done, after all blocks before; the result is whether
    /// the work goes on.
    func observe(_ block: Int) -> Bool
    /// Does what comes between two blocks; the result is whether the work goes on.
    func passBarrier() -> Bool
}

/// What follows a block.
enum FillOutcome {
    /// The next block.
    case open
    /// Something that waits for all blocks so far, and that all blocks to come wait for.
    case barrier
    /// Nothing.
    case end
}

/// Threads that share the work on blocks.
///
///     fill        0 ─▶ 1 ─▶ 2 ─▶ 3 ─▶ 4          one after the other, up to so many ahead
///     lane 0       └─▶ 0 ─▶ 1 ─▶ 2 ─▶ 3          each lane takes the blocks in turn
///     lane 1       └─▶ 0 ─▶ 1 ─▶ 2
///     observe             0 ─▶ 1                 behind the last of the lanes
///
/// Nobody is bound to a stage: whoever is free takes more of what it did last, or what is furthest behind, and
/// waits if there is nothing. So any number of threads gets the work done, one among them, and in which order one stage
/// sees the blocks does not depend on it.
final class Pipeline: @unchecked Sendable {
    private let work: any PipelineWork
    private let monitor = Monitor()
    // INVARIANT: touched only under the monitor.
    private var state: PipelineState
    private var waiterCount = 0

    /// A pipeline that keeps at most `blockCount` blocks under way; ``PipelineWork/observe(_:)`` is
    /// called only if `isObserved`.
    init(_ work: any PipelineWork, laneCount: Int, blockCount: Int, isObserved: Bool) {
        self.work = work
        state = PipelineState(
            laneCount: laneCount, blockCount: blockCount, isObserved: isObserved)
    }

    /// Does all work on `threadCount` threads; the result is whether it came to its end.
    func run(threadCount: Int) -> Bool {
        runOnThreads(threadCount) { self.takeTasks() }
        return monitor.withLock { !state.isStopped }
    }

    private func takeTasks() {
        var task = monitor.withLock { nextTask(after: nil) }
        while let current = task {
            let outcome = perform(current)
            task = monitor.withLock {
                state.finish(current, outcome)
                if waiterCount > 0 { monitor.wakeAll() }
                return nextTask(after: current)
            }
        }
    }

    /// What to do next, waited for if need be; `nil` at the end.
    private func nextTask(after last: PipelineTask?) -> PipelineTask? {
        while true {
            if let task = state.takeTask(after: last) { return task }
            if state.isOver { return nil }
            waiterCount += 1
            monitor.wait()
            waiterCount -= 1
        }
    }

    private func perform(_ task: PipelineTask) -> PipelineOutcome {
        switch task {
        case .fill(let block): return .filled(work.fill(block))
        case .evaluate(let block, let lane):
            work.evaluate(block, lane: lane)
            return .done
        case .observe(let block): return work.observe(block) ? .done : .stopped
        case .barrier: return work.passBarrier() ? .done : .stopped
        }
    }
}

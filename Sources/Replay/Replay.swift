package import Captures
import FilterTables
import Sessions

/// A capture to be replayed and where its packets are evaluated.
package struct CaptureSource: Hashable, Sendable {
    /// The path; `-` is standard input.
    package let path: String
    package let placement: Placement
    /// `path` is a network interface that is listened to until these limits.
    package let live: LiveLimits?

    package init(path: String, placement: Placement, live: LiveLimits? = nil) {
        self.path = path
        self.placement = placement
        self.live = live
    }
}

/// Captures run through tables: read, decode, place, decide, tally, batch by batch.
///
///     var replay = Replay(fleet, captures: sources)
///     try replay.open()
///     let result = replay.run(observers: [lines])
///
/// One thread at a time.
package struct Replay: ~Copyable {
    private let fleet: CompiledFleet
    private let captures: [CaptureSource]
    private let order: CaptureOrder
    private let encapsulation: Encapsulation?
    private let calls: [ScheduledCall]
    private let passCount: Int
    private let policy: SessionPolicy
    private let threadCount: Int
    private var opened: [OpenedCapture] = []

    /// A replay of `captures` in this order, `passCount` times, during which `calls` are made. In
    /// tunnels of the kind `encapsulation` the inner packets are decided.
    ///
    /// Each pass begins with the fleet as it is given, and without sessions. `threadCount` threads do the
    /// work, at most ``mostThreads``: but for the time that it takes the result is the same.
    package init(
        _ fleet: CompiledFleet, captures: [CaptureSource], order: CaptureOrder = .asGiven,
        decapsulating encapsulation: Encapsulation? = nil,
        sessions policy: SessionPolicy = .standard, calls: [ScheduledCall] = [], passCount: Int = 1,
        threadCount: Int = 1
    ) {
        self.fleet = fleet
        self.captures = captures
        self.order = order
        self.encapsulation = encapsulation
        self.calls = calls
        self.passCount = passCount
        self.policy = policy
        self.threadCount = min(max(1, threadCount), Replay.mostThreads)
    }

    /// More threads would have no flows: see ``Sessions``.
    package static let mostThreads = Sessions.shardCount

    /// Opens every capture, so that one that cannot be read stops the work before it begins.
    ///
    /// Regular files are closed again until their turn comes; pipes and standard input, which can be
    /// read once, stay open.
    ///
    /// - Throws: ``ReplayError``, naming the first capture that cannot be replayed.
    package mutating func open() throws(ReplayError) {
        opened = []
        let footprint =
            order == .byTime ? ReaderFootprint.besideOthers(captures.count - 1) : .alone
        for source in captures {
            do throws(CaptureError) {
                opened.append(try OpenedCapture(source, footprint: footprint))
            } catch {
                throw .capture(error)
            }
        }
        if passCount > 1, let place = opened.firstIndex(where: { !$0.isRepeatable }) {
            throw .notRepeatable(path: captures[place].path)
        }
    }

    /// The bytes of all captures and passes; `nil` if one is a pipe, or if they are more than can be
    /// counted: sparse files and `--loop` know no bounds. Known once the captures are open.
    package var byteCount: Int? {
        var sum = 0
        for capture in opened {
            guard let byteCount = capture.byteCount else { return nil }
            let (total, overflows) = sum.addingReportingOverflow(byteCount)
            guard !overflows else { return nil }
            sum = total
        }
        let (total, overflows) = sum.multipliedReportingOverflow(by: passCount)
        return overflows ? nil : total
    }

    /// Runs all captures and counts.
    ///
    /// A capture that ends early is decided as far as it goes, and its result says so. The time is that
    /// of reading, deciding and observing.
    ///
    /// `isStopped` is asked about once in 256 frames, on any thread. After a yes nothing is read any more, and what
    /// was read is decided, counted and observed: the frames up to some place, whatever the number of threads.
    ///
    /// - Precondition: ``open()`` succeeded; a replay runs once.
    package mutating func run(
        observers: [any FrameObserver] = [],
        until isStopped: @escaping @Sendable () -> Bool = { false }
    ) -> ReplayResult {
        threadCount == 1
            ? runAlone(observers, until: isStopped) : runOnThreads(observers, until: isStopped)
    }

    private func runOnThreads(
        _ observers: [any FrameObserver], until isStopped: @escaping @Sendable () -> Bool
    ) -> ReplayResult {
        precondition(opened.count == captures.count, "a replay runs after it was opened")
        let run = ThreadedRun(
            fleet, policy, captures, decapsulating: encapsulation, observedBy: observers,
            until: isStopped, threadCount: threadCount)
        let clock = ContinuousClock()
        let start = clock.now
        for pass in 0..<passCount {
            guard run.runPass(fleet, calls, isFirst: pass == 0, opened, order) else {
                run.stop(beforePasses: pass + 1 < passCount)
                break
            }
        }
        return run.result(elapsed: clock.now - start)
    }

    private func runAlone(
        _ observers: [any FrameObserver], until isStopped: @escaping @Sendable () -> Bool
    ) -> ReplayResult {
        var run = ReplayRun(
            fleet, policy, captures, decapsulating: encapsulation, observedBy: observers,
            until: isStopped)
        let elapsed = complete(&run)
        return run.result(elapsed: elapsed)
    }

    /// Runs all captures once through two worlds, one without the calls and one with them, and
    /// compares what both decide.
    ///
    /// The captures are read and decoded once, and until the first call there is one world only. At most
    /// `flipCapacity` flows that flip are told apart: see ``FlipTable``.
    ///
    /// - Precondition: ``open()`` succeeded; a replay runs once. There is one pass.
    package mutating func compare(
        flipCapacity: Int = FlipTable.standardCapacity, observers: [any FrameObserver] = []
    ) -> WhatIfResult {
        precondition(passCount == 1, "worlds are compared in one pass")
        var run = ReplayRun(
            fleet, policy, captures, decapsulating: encapsulation, observedBy: observers,
            comparing: Comparison(flipCapacity: flipCapacity))
        let elapsed = complete(&run)
        return run.comparedResult(elapsed: elapsed)
    }

    /// Runs all passes; the result is the time that they took.
    private func complete(_ run: inout ReplayRun) -> Duration {
        precondition(opened.count == captures.count, "a replay runs after it was opened")
        let clock = ContinuousClock()
        let start = clock.now
        for pass in 0..<passCount {
            run.beginPass(fleet, calls, isFirst: pass == 0)
            var feed = CaptureFeed(opened, order: order)
            guard run.run(&feed) else {
                run.stop(beforePasses: pass + 1 < passCount)
                break
            }
        }
        return clock.now - start
    }
}

/// Why a replay cannot begin.
package enum ReplayError: Error, Hashable, Sendable {
    case capture(CaptureError)
    /// A pipe and standard input have no second pass.
    case notRepeatable(path: String)

    /// The one-line message, without a full stop.
    package var message: String {
        switch self {
        case .capture(let error): error.description
        case .notRepeatable(let path): "`\(path)` can be read only once, so it cannot be repeated"
        }
    }
}

import CloudModel
package import FilterTables
package import Sessions

/// What became of one capture, over all passes.
package struct CaptureResult: Hashable, Sendable {
    package let path: String
    package private(set) var packetCount = 0
    /// Whether every pass came to the file's proper end.
    package private(set) var isComplete = true
    /// Why the capture ended early.
    package private(set) var error: String?
    /// Whether some of it was read.
    package private(set) var isBegun = false
    private var isEnded = false

    init(path: String) { self.path = path }

    mutating func beginPass() { isEnded = false }

    mutating func count(_ packets: Int) {
        isBegun = true
        packetCount += packets
    }

    /// The replay stops before the capture's end, or before further passes.
    mutating func stop(beforePasses: Bool) {
        if !isEnded || beforePasses { end(complete: false, error: "the replay was stopped") }
    }

    mutating func end(complete: Bool, error: String?) {
        isEnded = true
        isComplete = isComplete && complete
        self.error = self.error ?? error
    }
}

/// The totals of a replay.
package struct ReplayResult: Sendable {
    package let tally: Tally
    /// In the order in which they were given.
    package let captures: [CaptureResult]
    /// What became of sessions; `nil` if each packet was decided by itself.
    package let sessions: SessionCounts?
    /// The calls that were made, in their order, during the first pass.
    package let calls: [ReplayedCall]
    /// From the first read to the last decision.
    package let elapsed: Duration
    /// The rules with hits: most packets first, then by id.
    package let rules: [(origin: RuleOrigin, hit: RuleHit)]

    init(
        _ tally: Tally, _ captures: [CaptureResult], _ calls: [ReplayedCall], elapsed: Duration,
        by evaluator: borrowing Evaluator
    ) {
        self.init(
            tally, captures, calls, evaluator.sessionCounts(), elapsed: elapsed,
            evaluator.fleet.tables)
    }

    /// Totals whose rules are those of `tables`.
    init(
        _ tally: Tally, _ captures: [CaptureResult], _ calls: [ReplayedCall],
        _ sessions: SessionCounts?, elapsed: Duration, _ tables: FilterTables
    ) {
        self.tally = tally
        self.captures = captures
        self.calls = calls
        self.elapsed = elapsed
        self.sessions = sessions
        rules = tally.ruleHits.named(by: tables)
            .sorted { lhs, rhs in
                lhs.hit.packetCount == rhs.hit.packetCount
                    ? lhs.origin.rule < rhs.origin.rule
                    : lhs.hit.packetCount > rhs.hit.packetCount
            }
    }

    /// ``elapsed`` in seconds.
    package var elapsedSeconds: Double { elapsed / .seconds(1) }
    /// Evaluations a second.
    package var decisionsPerSecond: Double { rate(tally.evaluationCount) }
    /// Bits on the wire a second.
    package var bitsPerSecond: Double { 8 * rate(tally.byteCount) }
    /// Packets a second.
    package var packetsPerSecond: Double { rate(tally.packetCount) }

    /// The captures that ended early.
    package var incompleteCaptures: [CaptureResult] { captures.filter { !$0.isComplete } }

    private func rate(_ count: Int) -> Double {
        elapsedSeconds > 0 ? Double(count) / elapsedSeconds : 0
    }
}

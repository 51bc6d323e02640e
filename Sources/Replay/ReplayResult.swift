import CloudModel
package import FilterTables

/// What became of one capture, over all passes.
package struct CaptureResult: Hashable, Sendable {
    package let path: String
    package internal(set) var packetCount = 0
    /// Whether every pass came to the file's proper end.
    package private(set) var isComplete = true
    /// Why the capture ended early.
    package private(set) var error: String?

    init(path: String) { self.path = path }

    mutating func end(complete: Bool, error: String?) {
        isComplete = isComplete && complete
        self.error = self.error ?? error
    }
}

/// The totals of a replay.
package struct ReplayResult: Sendable {
    package let tally: Tally
    /// In the order in which they were given.
    package let captures: [CaptureResult]
    /// From the first read to the last decision.
    package let elapsed: Duration
    /// The rules with hits: most packets first, then by id.
    package let rules: [(origin: RuleOrigin, hit: RuleHit)]

    init(tally: Tally, captures: [CaptureResult], elapsed: Duration, fleet: CompiledFleet) {
        self.tally = tally
        self.captures = captures
        self.elapsed = elapsed
        rules = tally.ruleHits.hits
            .map { (origin: fleet.tables.rule($0.rule), hit: $0) }
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
    /// Packets a second.
    package var packetsPerSecond: Double { rate(tally.packetCount) }

    /// The captures that ended early.
    package var incompleteCaptures: [CaptureResult] { captures.filter { !$0.isComplete } }

    private func rate(_ count: Int) -> Double {
        elapsedSeconds > 0 ? Double(count) / elapsedSeconds : 0
    }
}

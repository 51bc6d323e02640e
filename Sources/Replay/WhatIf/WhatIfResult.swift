/// What a change does to captured traffic: two worlds' totals, and what differs.
package struct WhatIfResult: Sendable {
    /// The replay without the calls.
    package let before: ReplayResult
    /// The replay with them; its ``ReplayResult/calls`` say what came of each.
    package let after: ReplayResult
    /// The flows that flip, those with the greatest impact first.
    package let flips: [FlowFlip]
    /// Why packets are uncertain, and how many.
    package let uncertain: [(cause: Uncertainty, packetCount: Int)]
    package let sessionsAtChanges: SessionsAtChanges
    package let timeline: Timeline
    private let totals: [Flip: PacketCount]
    private let unlistedByFlip: [Flip: PacketCount]

    init(
        before: ReplayResult, after: ReplayResult, flips table: consuming FlipTable,
        uncertain: Uncertainties, sessionsAtChanges: SessionsAtChanges, timeline: Timeline
    ) {
        self.before = before
        self.after = after
        totals = table.totals
        unlistedByFlip = table.unlisted
        flips = table.removeFlows()
        self.uncertain = uncertain.counts
        self.sessionsAtChanges = sessionsAtChanges
        self.timeline = timeline
    }

    /// The flows that flip this way, those with the greatest impact first.
    package func flips(_ flip: Flip) -> LazyFilterSequence<[FlowFlip]> {
        flips.lazy.filter { $0.flip == flip }
    }

    /// All packets that flip this way.
    package func total(of flip: Flip) -> PacketCount { totals[flip] ?? PacketCount() }

    /// The packets that flip this way of flows that there was no room to tell apart.
    package func unlisted(of flip: Flip) -> PacketCount {
        unlistedByFlip[flip] ?? PacketCount()
    }

    /// The same both ways.
    package var unlisted: PacketCount {
        Flip.allCases.reduce(into: PacketCount()) { $0 += unlisted(of: $1) }
    }

    /// The packets that depend on those dropped, over all flows.
    package var dependent: PacketCount {
        flips.reduce(into: PacketCount()) { $0 += $1.dependent }
    }

    /// Whether both worlds decide every packet alike.
    package var isQuiet: Bool { Flip.allCases.allSatisfy { total(of: $0).packets == 0 } }

    /// Evaluations a second, both worlds' together.
    package var decisionsPerSecond: Double {
        before.decisionsPerSecond + after.decisionsPerSecond
    }
}

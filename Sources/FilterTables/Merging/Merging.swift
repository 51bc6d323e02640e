/// When a ``Decider`` merges the tables of an interface, and how.
package struct Merging: Sendable {
    /// Runs of packets that are shorter are decided one by one.
    let shortestRun: Int
    /// Tables are merged after so many decisions for each of their steps; wide ones, which are made more
    /// quickly and save more, after one.
    let decisionsPerStep: Int
    /// Tables with more steps become a ``WideTable``.
    var maximumMergedStepCount = 4095
    /// Rows of ranks of a ``WideTable`` do not take more bytes: classes have all one-sided steps in their records then.
    var ranksByteCount = 8 << 20
    /// Pairs of a ``WideTable`` with more steps have fewer candidates, so that twice as many pairs have room.
    var manyCandidatesStepCount = 1 << 15
    /// Whether merged tables decide by the ``LaneKernel``, and wide ones by the ``WideKernel``, where the machine has it.
    var usesLanes = true

    /// A trie is copied to maps when it has stood for so many look-ups; more when it had many ranges before, all of which
    /// are copied at once.
    func steadyLookupCount(forRanges count: Int = 0) -> Int {
        decisionsPerStep * max(512, count)
    }

    /// Tables that are asked often enough for merging to take less time than it saves.
    package static let whenBusy = Merging(shortestRun: 16, decisionsPerStep: 16)
    /// All tables, at once: for tests.
    package static let always = Merging(shortestRun: 1, decisionsPerStep: 0)
    /// The same, by what machines without the ``LaneKernel`` have.
    package static let alwaysWithoutLanes = Merging(
        shortestRun: 1, decisionsPerStep: 0, usesLanes: false)
    /// All tables, at once, as wide tables: for tests.
    package static let alwaysWide = Merging(
        shortestRun: 1, decisionsPerStep: 0, maximumMergedStepCount: -1)
    /// The same, by what machines without the ``WideKernel`` have.
    package static let alwaysWideWithoutLanes = Merging(
        shortestRun: 1, decisionsPerStep: 0, maximumMergedStepCount: -1, usesLanes: false)
    /// Those two as tables with many steps are.
    static let alwaysVeryWide = Merging(
        shortestRun: 1, decisionsPerStep: 0, maximumMergedStepCount: -1,
        manyCandidatesStepCount: -1)
    static let alwaysVeryWideWithoutLanes = Merging(
        shortestRun: 1, decisionsPerStep: 0, maximumMergedStepCount: -1,
        manyCandidatesStepCount: -1, usesLanes: false)
    /// All tables, at once, as wide tables without rows of ranks.
    package static let alwaysWideWithoutRanks = Merging(
        shortestRun: 1, decisionsPerStep: 0, maximumMergedStepCount: -1, ranksByteCount: 0)
    /// No table: what packets get that do not come in runs.
    package static let never = Merging(shortestRun: .max, decisionsPerStep: 0)
}

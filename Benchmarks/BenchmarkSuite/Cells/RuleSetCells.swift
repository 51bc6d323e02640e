internal import CloudModel
internal import FilterTables

/// One rule list: its tables beside rte_acl's, and the decisions on each traffic mix.
struct RuleSetCells {
    private let set: RuleSet
    private let options: SuiteOptions

    /// The cells of `set`.
    init(_ set: RuleSet, _ options: SuiteOptions) {
        self.set = set
        self.options = options
    }

    /// The names of all cells of a set named `name`.
    static func names(ofSet name: String) -> [String] {
        [
            "allocations/\(name)", "scale/\(name)", "compile/\(name)", "bytes/\(name)",
            "bytes-per-rule/\(name)",
        ]
            + HeaderTrace.allCases.map { "decide/\(name)/\($0.rawValue)" }
    }

    /// Measures the selected cells.
    func run(_ report: (Row) -> Void) throws(BenchmarkError) {
        let compiled = CompiledRules(set)
        if options.selects("allocations/\(set.name)"), let row = allocationRow(compiled) {
            report(row)
        }
        if options.selects("scale/\(set.name)") {
            var maker = HeaderMaker(set, seed: options.seed)
            let scaling = TwoCores(name: "scale/\(set.name)", tables: compiled.tables) {
                compiled.trace(maker.headers(.uniform, count: options.headerCount))
            }
            report(scaling.row(rounds: options.rounds))
        }
        guard selectsComparison else { return }
        let peer = RTEACL(path: options.peerPath)
        let build = try peer?.build(set.rules, family: set.family)
        if options.selects("compile/\(set.name)") { report(compileRow(build)) }
        for row in byteRows(compiled.tables, build) where options.selects(row.name) { report(row) }
        for trace in HeaderTrace.allCases where trace != .noMatch {
            guard options.selects(decideName(trace)) else { continue }
            var maker = HeaderMaker(set, seed: options.seed)
            try race(trace, set, compiled, peer, build, report) {
                maker.headers(trace, count: options.headerCount)
            }
        }
        if options.selects(decideName(.noMatch)) { try runNoMatch(report) }
    }

    /// Whether anything is selected that rte_acl, which may take half a minute to build, is part of.
    private var selectsComparison: Bool {
        RuleSetCells.names(ofSet: set.name).dropFirst(2).contains(where: options.selects)
    }

    private func decideName(_ trace: HeaderTrace) -> String {
        "decide/\(set.name)/\(trace.rawValue)"
    }

    /// The race on headers that `nextHeaders` gives: the first to warm up with, then others for each round.
    private func race(
        _ trace: HeaderTrace, _ set: RuleSet, _ compiled: CompiledRules, _ peer: RTEACL?,
        _ build: RTEACL.Build?, _ report: (Row) -> Void, nextHeaders: () -> [Header]
    ) throws(BenchmarkError) {
        let first = compiled.trace(nextHeaders())
        var race = DecisionRace(
            name: decideName(trace), own: compiled.contenders(warmedBy: first),
            tableByteCount: compiled.tables.byteCount, rivalByteCount: build?.byteCount,
            oracle: LinearScan(set.rules))
        if let peer, build != nil { race.rivals = try peer.contenders(for: first) }
        try race.run(rounds: options.rounds, { compiled.trace(nextHeaders()) }, report)
    }

    /// The race on headers that no rule takes: without the rules at the list's end, which take all that is left.
    private func runNoMatch(_ report: (Row) -> Void) throws(BenchmarkError) {
        let set = set.withoutCatchAlls
        let compiled = CompiledRules(set)
        var maker = HeaderMaker(set, seed: options.seed)
        // The tables pick what matches no rule; whether they are right, the peers say.
        let picker = compiled.contender(.cold)
        let nextHeaders = {
            let candidates = maker.headers(.noMatch, count: options.headerCount)
            picker.take(compiled.trace(candidates))
            _ = picker.pass()
            return zip(candidates, picker.answers()).filter { $0.1 < 0 }.map(\.0)
        }
        guard !nextHeaders().isEmpty else {
            let note = "every header matches some rule"
            return report(Row(decideName(.noMatch), .millionsPerSecond, 0, note: note))
        }
        let peer = RTEACL(path: options.peerPath)
        let build = try peer?.build(set.rules, family: set.family)
        try race(.noMatch, set, compiled, peer, build, report, nextHeaders: nextHeaders)
    }
}

// MARK: - Rows about the tables

extension RuleSetCells {
    private func compileRow(_ build: RTEACL.Build?) -> Row {
        let times = (0..<options.rounds).map { _ in
            nanoseconds { _ = CompiledRules(set) } / 1e6
        }
        let sample = Sample(times)
        return Row(
            "compile/\(set.name)", .milliseconds, sample,
            beside: build.map {
                .cost("rte_acl", own: sample.median, peer: $0.nanoseconds / 1e6)
            })
    }

    private func byteRows(_ tables: FilterTables, _ build: RTEACL.Build?) -> [Row] {
        let megabytes = Double(tables.byteCount) / 1e6
        let ruleCount = set.rules.count
        return [
            Row(
                "bytes/\(set.name)", .megabytes, Sample([megabytes]),
                beside: build.map {
                    .cost("rte_acl", own: megabytes, peer: Double($0.byteCount) / 1e6)
                }, note: "\(ruleCount) rules"),
            Row(
                "bytes-per-rule/\(set.name)", .bytes,
                Double(tables.byteCount) / Double(ruleCount)),
        ]
    }

    /// Allocations are counted while a decider derives what it needs, and goes on to use it.
    private func allocationRow(_ compiled: CompiledRules) -> Row? {
        guard let allocationCount = options.allocationCount else { return nil }
        var maker = HeaderMaker(set, seed: options.seed)
        let headerCount = min(options.headerCount, 10_000)
        let contender = compiled.contender(.cold)
        contender.take(compiled.trace(maker.headers(.uniform, count: headerCount)))
        let allocations = Double(contender.pass(by: allocationCount))
        return Row(
            "allocations/\(set.name)", .perDecision, allocations / Double(headerCount))
    }
}

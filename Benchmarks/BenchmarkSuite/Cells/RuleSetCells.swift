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
            let queries = headers(.uniform, of: set).map(compiled.query)
            report(
                TwoCores(name: "scale/\(set.name)", tables: compiled.tables, queries: queries)
                    .row(rounds: options.rounds))
        }
        guard selectsComparison else { return }
        let peer = RTEACL(path: options.peerPath)
        let build = try peer?.build(set.rules, family: set.family)
        if options.selects("compile/\(set.name)") { report(compileRow(build)) }
        for row in byteRows(compiled.tables, build) where options.selects(row.name) { report(row) }
        for trace in HeaderTrace.allCases where trace != .noMatch {
            guard options.selects(decideName(trace)) else { continue }
            let headers = headers(trace, of: set)
            try race(trace, set, compiled, headers, peer: build == nil ? nil : peer, report)
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

    private func headers(_ trace: HeaderTrace, of set: RuleSet) -> [Header] {
        var maker = HeaderMaker(set, seed: options.seed)
        return maker.headers(trace, count: options.headerCount)
    }

    private func race(
        _ trace: HeaderTrace, _ set: RuleSet, _ compiled: CompiledRules, _ headers: [Header],
        peer: RTEACL?, _ report: (Row) -> Void
    ) throws(BenchmarkError) {
        var race = DecisionRace(
            name: decideName(trace),
            own: [true, false].map { compiled.contender(headers, usesMemo: $0) },
            oracle: LinearScan(set.rules, headers))
        if let peer { race.rivals = try peer.contenders(for: headers) }
        try race.run(rounds: options.rounds, report)
    }

    /// The race on headers that no rule takes: without the rules at the list's end, which take all that is left.
    private func runNoMatch(_ report: (Row) -> Void) throws(BenchmarkError) {
        let set = set.withoutCatchAlls
        let compiled = CompiledRules(set)
        let candidates = headers(.noMatch, of: set)
        // The tables pick what matches no rule; whether they are right, the peers say.
        let answers = compiled.contender(candidates, usesMemo: false).answers()
        let headers = zip(candidates, answers).filter { $0.1 < 0 }.map(\.0)
        guard !headers.isEmpty else {
            let note = "every header matches some rule"
            return report(Row(decideName(.noMatch), .millionsPerSecond, 0, note: note))
        }
        let peer = RTEACL(path: options.peerPath)
        let isBuilt = try peer?.build(set.rules, family: set.family) != nil
        try race(.noMatch, set, compiled, headers, peer: isBuilt ? peer : nil, report)
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

    /// Allocations are counted over a memo that misses and one that hits.
    private func allocationRow(_ compiled: CompiledRules) -> Row? {
        guard let count = options.allocationCount else { return nil }
        var maker = HeaderMaker(set, seed: options.seed)
        let headers = maker.headers(.uniform, count: min(options.headerCount, 10_000))
        let contender = compiled.contender(headers, usesMemo: true)
        let before = count()
        _ = contender.pass()
        let allocations = Double(count() - before)
        return Row(
            "allocations/\(set.name)", .perDecision, allocations / Double(headers.count))
    }
}

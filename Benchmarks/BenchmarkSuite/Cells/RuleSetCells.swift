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
        ["compile/\(name)", "bytes/\(name)"]
            + HeaderTrace.allCases.map { "decide/\(name)/\($0.rawValue)" }
    }

    /// Measures the selected cells.
    func run(_ report: (Row) -> Void) throws(BenchmarkError) {
        var tables = FilterTables(ordered: set.rules)
        let compiling = Sample(
            (0..<options.rounds).map { _ in
                nanoseconds { tables = FilterTables(ordered: set.rules) } / 1e6
            })
        let peer = RTEACL(path: options.peerPath)
        let build = try peer?.build(set.rules, family: set.family)
        for row in tableRows(tables, compiling, build) where options.selects(row.name) {
            report(row)
        }
        for trace in HeaderTrace.allCases {
            let name = "decide/\(set.name)/\(trace.rawValue)"
            guard options.selects(name) else { continue }
            let headers = headers(trace, tables)
            guard !headers.isEmpty else {
                report(Row(name, .millionsPerSecond, 0, note: "every header matches some rule"))
                continue
            }
            let race = DecisionRace(
                name: name, rules: set.rules, headers: headers, peer: build == nil ? nil : peer)
            try race.run(
                rounds: options.rounds, { contender(tables, $0, usesMemo: $1) }, report)
        }
    }

    private func contender(
        _ tables: FilterTables, _ headers: [Header], usesMemo: Bool
    ) -> TableContender {
        TableContender(
            tables, headers.map { Query($0.quintuple) },
            places: Array(0..<Int32(set.rules.count)), usesMemo: usesMemo)
    }

    private func tableRows(
        _ tables: FilterTables, _ compiling: Sample, _ build: RTEACL.Build?
    ) -> [Row] {
        let megabytes = Double(tables.byteCount) / 1e6
        return [
            Row(
                "compile/\(set.name)", .milliseconds, compiling,
                beside: build.map {
                    .cost("rte_acl", own: compiling.median, peer: $0.nanoseconds / 1e6)
                }),
            Row(
                "bytes/\(set.name)", .megabytes, Sample([megabytes]),
                beside: build.map {
                    .cost("rte_acl", own: megabytes, peer: Double($0.byteCount) / 1e6)
                },
                note: "\(tables.byteCount / max(1, set.rules.count)) bytes a rule"),
        ]
    }

    private func headers(_ trace: HeaderTrace, _ tables: FilterTables) -> [Header] {
        var maker = HeaderMaker(set, seed: options.seed)
        let headers = maker.headers(trace, count: options.headerCount)
        guard trace == .noMatch else { return headers }
        // The tables pick what matches no rule; whether they are right, the peers say.
        let answers = contender(tables, headers, usesMemo: false).answers()
        let unmatched = zip(headers, answers).filter { $0.1 < 0 }.map(\.0)
        guard !unmatched.isEmpty else { return [] }
        return headers.indices.map { unmatched[$0 % unmatched.count] }
    }
}

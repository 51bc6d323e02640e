internal import FilterTables

/// The benchmarks, by name: which there are, and a run of those that the options select.
package struct Suite {
    private let options: SuiteOptions

    /// A suite that runs as the options say.
    package init(_ options: SuiteOptions) { self.options = options }

    /// Runs what is selected and reports each row as it is measured.
    ///
    /// - Throws: ``BenchmarkError``.
    package func run(_ report: (Row) -> Void) throws(BenchmarkError) {
        var isEmpty = true
        let source = try RuleSetSource(options)
        for name in source.names where selectsAny(RuleSetCells.names(ofSet: name)) {
            isEmpty = false
            try RuleSetCells(try source.ruleSet(named: name), options).run(report)
        }
        for name in source.plainNames where selectsAny(ListUpdateCells.names(ofSet: name)) {
            isEmpty = false
            ListUpdateCells(try source.ruleSet(named: name), options).run(report)
        }
        for name in source.plainNames where selectsAny(EditCells<EditedList>.names(ofSet: name)) {
            isEmpty = false
            try EditCells(try source.ruleSet(named: name), options).run(report)
        }
        for shape in FleetShape.all where selectsAny(FleetCells.names(of: shape)) {
            isEmpty = false
            try FleetCells(shape, options).run(report)
        }
        for shape in FleetShape.all where selectsAny(UpdateCells.names(of: shape)) {
            isEmpty = false
            UpdateCells(shape, options).run(report)
        }
        for shape in FleetShape.all where selectsAny(EditCells<EditedTables>.names(of: shape)) {
            isEmpty = false
            try EditCells(shape, options).run(report)
        }
        if selectsAny([SessionCells.name]) {
            isEmpty = false
            SessionCells(options).run(report)
        }
        if isEmpty { throw .nothingSelected(filter: options.filter.joined(separator: " ")) }
    }

    /// Decides one rule list's headers `count` times and measures nothing: for profilers, and for
    /// whoever counts instructions.
    ///
    /// - Parameter cell: `acl_1000/uniform`, or with the memo off `acl_1000/uniform/no-memo`.
    /// - Throws: ``BenchmarkError``.
    package func decide(_ cell: String, times count: Int) throws(BenchmarkError) {
        let parts = cell.split(separator: "/").map(String.init)
        let source = try RuleSetSource(options)
        guard (2...3).contains(parts.count), source.names.contains(parts[0]),
            let trace = HeaderTrace(rawValue: parts[1])
        else { throw .nothingSelected(filter: cell) }
        let set = try source.ruleSet(named: parts[0])
        var maker = HeaderMaker(set, seed: options.seed)
        let compiled = CompiledRules(set)
        let queries = compiled.trace(maker.headers(trace, count: options.headerCount)).queries
        var decider = Decider(compiled.tables, usesMemo: parts.count == 2)
        var outcomes = Array(repeating: Outcome.undecided, count: queries.count)
        for _ in 0..<count {
            decider.emptyMemo()
            var room = outcomes.mutableSpan
            decider.decide(queries.span, into: &room)
        }
    }

    private func selectsAny(_ names: [String]) -> Bool { names.contains(where: options.selects) }
}

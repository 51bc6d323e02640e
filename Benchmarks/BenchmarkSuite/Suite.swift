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
        for shape in FleetShape.all where selectsAny(FleetCells.names(of: shape)) {
            isEmpty = false
            try FleetCells(shape, options).run(report)
        }
        for shape in FleetShape.all where selectsAny(UpdateCells.names(of: shape)) {
            isEmpty = false
            UpdateCells(shape, options).run(report)
        }
        if isEmpty { throw .nothingSelected(filter: options.filter.joined(separator: " ")) }
    }

    private func selectsAny(_ names: [String]) -> Bool { names.contains(where: options.selects) }
}

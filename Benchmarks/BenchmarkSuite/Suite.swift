/// The benchmarks, by name: which there are, and a run of those that the options select.
package struct Suite {
    private let options: SuiteOptions

    package init(_ options: SuiteOptions) { self.options = options }

    /// Runs what is selected and reports each row as it is measured.
    ///
    /// - Throws: ``BenchmarkError``.
    package func run(_ report: (Row) -> Void) throws(BenchmarkError) {
        var isEmpty = true
        for name in try ruleSetNames() where selectsAny(RuleSetCells.names(ofSet: name)) {
            isEmpty = false
            try RuleSetCells(try ruleSet(named: name), options).run(report)
        }
        if isEmpty { throw .nothingSelected(filter: options.filter.joined(separator: " ")) }
    }

    private func selectsAny(_ names: [String]) -> Bool { names.contains(where: options.selects) }

    private func ruleSetNames() throws(BenchmarkError) -> [String] {
        guard let folder = options.rulesFolder else { return [] }
        return try RuleSetFolder(path: folder).names()
    }

    private func ruleSet(named name: String) throws(BenchmarkError) -> RuleSet {
        guard let folder = options.rulesFolder else { throw .nothingSelected(filter: name) }
        return try RuleSetFolder(path: folder).ruleSet(named: name)
    }
}

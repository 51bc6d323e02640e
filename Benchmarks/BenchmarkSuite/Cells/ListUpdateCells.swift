/// How long the tables of a plain list take to follow a rule that goes or comes back at a random place, beside
/// compiling.
struct ListUpdateCells {
    private let set: RuleSet
    private let options: SuiteOptions

    init(_ set: RuleSet, _ options: SuiteOptions) {
        self.set = set
        self.options = options
    }

    /// The names of the rows of a set named `name`.
    static func names(ofSet name: String) -> [String] {
        ["update/\(name)/insert", "update/\(name)/delete"]
    }

    /// Measures, in random order as many of either, and reports the selected rows.
    func run(_ report: (Row) -> Void) {
        let compileTime = nanoseconds { _ = CompiledRules(set) } / 1e3
        var list = EditedList(set, seed: options.seed)
        // The first find nothing in the caches.
        for _ in 0..<100 { list.edit() }
        list.restore()
        let (insertions, removals) = list.times(ofEach: 4 * options.callsOfEachKind)
        for (name, times) in zip(ListUpdateCells.names(ofSet: set.name), [insertions, removals])
        where options.selects(name) {
            let sample = Sample(times)
            report(
                Row(
                    name, .microseconds, sample,
                    beside: .cost("compile", own: sample.median, peer: compileTime),
                    tail: Row.Tail(sample)))
        }
    }
}

internal import CloudModel
internal import FilterTables

/// What edits leave behind, and what they cost those who decide meanwhile: rows about the tables of a
/// plain list or of a fleet.
struct EditCells<Writer: TableWriter> {
    /// The list's or the fleet's.
    let name: String
    let options: SuiteOptions
    /// Makes a writer of the rules, with tables compiled by itself.
    let makeWriter: () -> Writer
    /// The last parts of rows' names, and what makes headers for them that were not there before.
    let traces: [(name: String, next: () -> Trace)]

    private static var editCount: Int { 10_000 }

    /// The names of all rows.
    static func names(of name: String, traces: [String]) -> [String] {
        ["edited/\(name)/bytes"]
            + traces.flatMap { ["edited/\(name)/\($0)", "beside-writer/\(name)/\($0)"] }
    }

    /// Measures the selected rows.
    func run(_ report: (Row) -> Void) throws(BenchmarkError) {
        try runEdited(report)
        for trace in traces {
            let name = "beside-writer/\(name)/\(trace.name)"
            guard options.selects(name) else { continue }
            report(BesideWriter(makeWriter()).row(name, rounds: options.rounds, trace.next))
        }
    }

    private func runEdited(_ report: (Row) -> Void) throws(BenchmarkError) {
        let bytesName = "edited/\(name)/bytes"
        let selected = traces.filter { options.selects("edited/\(name)/\($0.name)") }
        guard options.selects(bytesName) || !selected.isEmpty else { return }
        let compiled = makeWriter()
        var edited = makeWriter()
        edited.goRound(edits: EditCells.editCount)
        if options.selects(bytesName) {
            let ratio = Double(edited.tables.byteCount) / Double(compiled.tables.byteCount)
            let note = "after \(EditCells.editCount) edits, beside compiled"
            report(Row(bytesName, .ratio, ratio, note: note))
        }
        for trace in selected {
            report(try rateRow("edited/\(name)/\(trace.name)", edited, compiled, trace.next))
        }
    }

    /// The rate of decisions by edited tables beside that by compiled ones.
    private func rateRow(
        _ name: String, _ edited: Writer, _ compiled: Writer, _ nextTrace: () -> Trace
    ) throws(BenchmarkError) -> Row {
        let warming = nextTrace()
        let contenders = [edited, compiled].map {
            TableContender($0.tables, .warmed(by: warming), place: $0.place)
        }
        var ratios: [Double] = []
        var agreement = Row.Agreement()
        for round in 0..<options.rounds {
            let rates = try race(contenders, on: nextTrace(), round: round)
            ratios.append(rates[0] / rates[1])
            agreement.add(Row.Agreement(contenders[1].answers(), contenders[0].answers()))
        }
        return Row(
            name, .ratio, Sample(ratios), agreement: agreement, note: "rate beside compiled")
    }
}

extension EditCells<EditedList> {
    /// The rows of a plain list.
    init(_ set: RuleSet, _ options: SuiteOptions) {
        let compiled = CompiledRules(set)
        var maker = HeaderMaker(set, seed: options.seed)
        self.init(
            name: set.name, options: options,
            makeWriter: { EditedList(set, seed: options.seed) },
            traces: [
                (
                    "uniform",
                    { compiled.trace(maker.headers(.uniform, count: options.headerCount)) }
                )
            ])
    }

    /// The names of all rows of a list named `name`.
    static func names(ofSet name: String) -> [String] { names(of: name, traces: ["uniform"]) }
}

extension EditCells<EditedTables> {
    /// The rows of a made-up fleet.
    init(_ shape: FleetShape, _ options: SuiteOptions) {
        let fleet = FleetMaker.fleet(shape, seed: options.seed)
        var traffic = FleetTraffic(fleet, seed: options.seed)
        let count = options.headerCount
        self.init(
            name: "fleet-\(shape.name)", options: options,
            makeWriter: { EditedTables(fleet, shape, seed: options.seed) },
            traces: [
                ("one-interface", { traffic.trace(.uniform, at: 0..<1, count: count) }),
                (
                    "all-interfaces",
                    {
                        traffic.trace(
                            .uniform, at: fleet.networkInterfaces.indices, count: count)
                    }
                ),
            ])
    }

    /// The names of all rows of a shape.
    static func names(of shape: FleetShape) -> [String] {
        names(of: "fleet-\(shape.name)", traces: ["one-interface", "all-interfaces"])
    }
}

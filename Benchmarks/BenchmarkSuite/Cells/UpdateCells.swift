internal import CloudModel
internal import FilterTables

/// How long a made-up fleet takes to follow each kind of call, beside compiling.
///
/// `update/…` is the time of editing the tables until the next version of them can be read. `call/…` is
/// that of the whole call: checks, the fleet's own state, the tables. There are no sessions.
struct UpdateCells {
    private let shape: FleetShape
    private let options: SuiteOptions

    init(_ shape: FleetShape, _ options: SuiteOptions) {
        self.shape = shape
        self.options = options
    }

    /// The names of all cells of a shape.
    static func names(of shape: FleetShape) -> [String] {
        updateNames(of: shape) + callNames(of: shape)
    }

    private static func updateNames(of shape: FleetShape) -> [String] {
        (CallKind.allCases.map(\.rawValue) + ["wide-prefix"]).map { name("update", shape, $0) }
    }

    private static func callNames(of shape: FleetShape) -> [String] {
        CallKind.allCases.map { name("call", shape, $0.rawValue) }
    }

    private static func name(_ measure: String, _ shape: FleetShape, _ kind: String) -> String {
        "\(measure)/fleet-\(shape.name)/\(kind)"
    }

    /// Measures mixed sequences, and reports the selected kinds.
    func run(_ report: (Row) -> Void) {
        let fleet = FleetMaker.fleet(shape, seed: options.seed)
        let compileTime = nanoseconds { _ = FilterTables(compiling: fleet) } / 1e3
        if UpdateCells.updateNames(of: shape).contains(where: options.selects) {
            let rows = updateRows(fleet, compileTime)
            for row in rows where options.selects(row.name) { report(row) }
        }
        if UpdateCells.callNames(of: shape).contains(where: options.selects) {
            let rows = callRows(fleet, compileTime)
            for row in rows where options.selects(row.name) { report(row) }
        }
    }

    private func updateRows(_ fleet: Fleet, _ compileTime: Double) -> [Row] {
        var edited = EditedFleet(fleet)
        var calls = MixedCalls(shape, seed: options.seed)
        let times = calls.times(ofEach: options.callsOfEachKind, by: &edited)
        let wideTimes = edited.wideUseTimes(rounds: options.rounds)
        let agreement = agreement(of: edited.tables, with: edited.fleet)
        return rows("update", times, compileTime, agreement) + [
            row("update", "wide-prefix", wideTimes, compileTime, agreement)
        ]
    }

    private func callRows(_ fleet: Fleet, _ compileTime: Double) -> [Row] {
        var called = CalledFleet(fleet)
        var calls = MixedCalls(shape, seed: options.seed)
        let times = calls.times(ofEach: options.callsOfEachKind, by: &called)
        return rows(
            "call", times, compileTime, agreement(of: called.tables, with: called.fleet))
    }

    private func rows(
        _ measure: String, _ times: [CallKind: [Double]], _ compileTime: Double,
        _ agreement: Row.Agreement
    ) -> [Row] {
        CallKind.allCases.map { kind in
            row(measure, kind.rawValue, times[kind, default: []], compileTime, agreement)
        }
    }

    private func row(
        _ measure: String, _ kind: String, _ times: [Double], _ compileTime: Double,
        _ agreement: Row.Agreement
    ) -> Row {
        let sample = Sample(times)
        return Row(
            UpdateCells.name(measure, shape, kind), .microseconds, sample,
            beside: .cost("compile", own: sample.median, peer: compileTime), tail: Row.Tail(sample),
            agreement: agreement)
    }

    /// Whether tables still decide as tables of the fleet compiled now do.
    private func agreement(of tables: FilterTables, with fleet: Fleet) -> Row.Agreement {
        var traffic = FleetTraffic(fleet, seed: options.seed)
        let trace = traffic.trace(
            .uniform, at: fleet.networkInterfaces.indices, count: min(100_000, options.headerCount))
        let oracle = ReferenceScan(fleet)
        let answers = [tables, FilterTables(compiling: fleet)].map { tables in
            let contender = TableContender(tables, .cold) {
                oracle.place(of: tables.rule($0).rule)
            }
            contender.take(trace)
            _ = contender.pass()
            return contender.answers()
        }
        return Row.Agreement(answers[1], answers[0])
    }
}

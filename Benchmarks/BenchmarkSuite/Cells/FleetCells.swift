internal import CloudModel
internal import FilterTables

/// One made-up fleet: its tables, and the decisions at one interface and at all.
struct FleetCells {
    private let shape: FleetShape
    private let options: SuiteOptions
    private static let traces: [HeaderTrace] = [.uniform, .zipf]
    /// The interface whose decisions are also given to rte_acl.
    private static let interface = 0

    /// The cells of the fleet of this shape.
    init(_ shape: FleetShape, _ options: SuiteOptions) {
        self.shape = shape
        self.options = options
    }

    private static func name(_ kind: String, _ shape: FleetShape, _ rest: String = "") -> String {
        "\(kind)/fleet-\(shape.name)\(rest)"
    }

    /// The names of all cells of a shape.
    static func names(of shape: FleetShape) -> [String] {
        [
            name("compile", shape), name("bytes", shape), name("bytes-of-bound", shape),
            name("bytes", shape, "/one-interface"), name("scale", shape),
        ]
            + traces.flatMap { trace in
                ["one-interface", "all-interfaces"].map {
                    name("decide", shape, "/\($0)/\(trace.rawValue)")
                }
            }
    }

    /// Measures the selected cells.
    func run(_ report: (Row) -> Void) throws(BenchmarkError) {
        let fleet = FleetMaker.fleet(shape, seed: options.seed)
        let tables = FilterTables(compiling: fleet)
        for row in tableRows(fleet, tables) where options.selects(row.name) { report(row) }
        if selects(FleetCells.name("compile", shape)) { report(compileRow(fleet)) }
        try runOneInterface(fleet, tables, report)
        for trace in FleetCells.traces {
            let name = FleetCells.name("decide", shape, "/all-interfaces/\(trace.rawValue)")
            guard selects(name) else { continue }
            try runAllInterfaces(name, trace, fleet, tables, report)
        }
        let scale = FleetCells.name("scale", shape)
        guard selects(scale) else { return }
        var traffic = FleetTraffic(fleet, seed: options.seed)
        let scaling = TwoCores(name: scale, tables: tables) {
            traffic.trace(
                .uniform, at: fleet.networkInterfaces.indices, count: options.headerCount)
        }
        report(scaling.row(rounds: options.rounds))
    }

    private func selects(_ name: String) -> Bool { options.selects(name) }
}

// MARK: - Rows about the tables

extension FleetCells {
    private func compileRow(_ fleet: Fleet) -> Row {
        let times = (0..<min(3, options.rounds)).map { _ in
            nanoseconds { _ = FilterTables(compiling: fleet) } / 1e6
        }
        return Row(FleetCells.name("compile", shape), .milliseconds, Sample(times))
    }

    /// The bound is 200 bytes for each distinct rule and 200 for each address.
    private func tableRows(_ fleet: Fleet, _ tables: FilterTables) -> [Row] {
        let addressCount = fleet.networkInterfaces.reduce(0) { $0 + $1.addresses.count }
        let ruleCount = fleet.securityGroups.reduce(0) { $0 + $1.rules.count }
        let bound = 200 * (ruleCount + addressCount)
        return [
            Row(
                FleetCells.name("bytes", shape), .megabytes, Double(tables.byteCount) / 1e6,
                note: "\(ruleCount) rules, \(addressCount) addresses"),
            Row(
                FleetCells.name("bytes-of-bound", shape), .ratio,
                Double(tables.byteCount) / Double(bound),
                note: "of 200 bytes a rule and 200 an address"),
        ]
    }
}

// MARK: - Decisions

extension FleetCells {
    private func runOneInterface(
        _ fleet: Fleet, _ tables: FilterTables, _ report: (Row) -> Void
    ) throws(BenchmarkError) {
        let decideNames = FleetCells.traces.map { trace in
            (trace, FleetCells.name("decide", shape, "/one-interface/\(trace.rawValue)"))
        }
        let bytesName = FleetCells.name("bytes", shape, "/one-interface")
        guard selects(bytesName) || decideNames.contains(where: { selects($0.1) }) else { return }

        let policy = FlatPolicy(fleet, interface: FleetCells.interface)
        let peer = RTEACL(path: options.peerPath)
        let build = try peer?.build(policy.flat, family: .ipv4)
        let oneInterface = FilterTables(
            compiling: fleet.reduced(toIngressOf: FleetCells.interface))
        if selects(bytesName) {
            let note = "\(policy.rules.count) rules, flat \(policy.flat.count)"
            report(oneInterfaceBytes(bytesName, oneInterface, build, note))
        }
        let compiled = CompiledRules(
            tables, rules: policy.rules.map(\.id), interface: FleetCells.interface)
        for (trace, name) in decideNames where selects(name) {
            let place = FleetCells.interface
            var traffic = FleetTraffic(fleet, seed: options.seed)
            let nextTrace = {
                traffic.trace(trace, at: place..<(place + 1), count: options.headerCount)
            }
            let first = nextTrace()
            var race = DecisionRace(
                name: name, own: compiled.contenders(warmedBy: first), labels: policy.origins,
                tableByteCount: oneInterface.byteCount, rivalByteCount: build?.byteCount,
                oracle: LinearScan(policy.flat))
            if build != nil, let peer { race.rivals = try peer.contenders(for: first) }
            try race.run(rounds: options.rounds, nextTrace, report)
        }
    }

    /// The tables of a fleet that is only what this interface needs, beside those of its flat list.
    private func oneInterfaceBytes(
        _ name: String, _ tables: FilterTables, _ build: RTEACL.Build?, _ note: String
    ) -> Row {
        let megabytes = Double(tables.byteCount) / 1e6
        return Row(
            name, .megabytes, Sample([megabytes]),
            beside: build.map {
                .cost("rte_acl", own: megabytes, peer: Double($0.byteCount) / 1e6)
            }, note: note)
    }

    private func runAllInterfaces(
        _ name: String, _ trace: HeaderTrace, _ fleet: Fleet, _ tables: FilterTables,
        _ report: (Row) -> Void
    ) throws(BenchmarkError) {
        var traffic = FleetTraffic(fleet, seed: options.seed)
        let nextTrace = {
            traffic.trace(
                trace, at: fleet.networkInterfaces.indices, count: options.headerCount)
        }
        let oracle = ReferenceScan(fleet)
        let own = TableContender.all(tables, warmedBy: nextTrace()) {
            oracle.place(of: tables.rule($0).rule)
        }
        let race = DecisionRace(
            name: name, own: own, tableByteCount: tables.byteCount, oracle: oracle)
        try race.run(rounds: options.rounds, nextTrace, report)
    }
}

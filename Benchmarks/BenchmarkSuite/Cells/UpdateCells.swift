internal import CProbes
internal import CloudModel
internal import ControlPlane
internal import FilterTables

/// How long the tables of a made-up fleet take to follow each kind of change, beside compiling.
///
/// The time is that of editing the tables until the next version of them can be read; what the
/// control plane takes to check a call is not in it.
struct UpdateCells {
    private let shape: FleetShape
    private let options: SuiteOptions

    init(_ shape: FleetShape, _ options: SuiteOptions) {
        self.shape = shape
        self.options = options
    }

    /// How many calls of each kind are measured: a p99 needs hundreds.
    private static let callsOfEachKind = 500

    /// The names of all cells of a shape.
    static func names(of shape: FleetShape) -> [String] {
        CallKind.allCases.map { name($0.rawValue, shape) } + [name("wide-prefix", shape)]
    }

    private static func name(_ kind: String, _ shape: FleetShape) -> String {
        "update/fleet-\(shape.name)/\(kind)"
    }

    /// Measures a mixed sequence, and reports the selected kinds.
    func run(_ report: (Row) -> Void) {
        var fleet = EditedFleet(FleetMaker.fleet(shape, seed: options.seed))
        var maker = CallMaker(shape, seed: options.seed)
        let compileTime = nanoseconds { _ = FilterTables(compiling: fleet.fleet) } / 1e3
        var times: [CallKind: [Double]] = [:]
        for kind in maker.kinds(ofEach: UpdateCells.callsOfEachKind) {
            times[kind, default: []].append(fleet.time(of: kind, &maker))
        }
        let wideTimes = fleet.wideUseTimes(rounds: options.rounds)
        let agreement = fleet.agreement(options)
        for kind in CallKind.allCases where options.selects(UpdateCells.name(kind.rawValue, shape))
        {
            report(row(kind.rawValue, times[kind, default: []], compileTime, agreement))
        }
        guard options.selects(UpdateCells.name("wide-prefix", shape)) else { return }
        report(row("wide-prefix", wideTimes, compileTime, agreement))
    }

    private func row(
        _ kind: String, _ times: [Double], _ compileTime: Double, _ agreement: Row.Agreement
    ) -> Row {
        let sample = Sample(times)
        return Row(
            UpdateCells.name(kind, shape), .microseconds, sample,
            beside: .cost("compile", own: sample.median, peer: compileTime), tail: Row.Tail(sample),
            agreement: agreement)
    }
}

/// A fleet, its control plane and the tables that follow it.
private struct EditedFleet {
    private var cloud: ControlPlane
    private var editor: TableEditor
    /// The version that readers have: an edit must leave it as it is.
    private var tables: FilterTables
    /// Whose detach was measured last: attached again before the next.
    private var detached: (interface: NetworkInterfaceID, instance: InstanceID)?

    init(_ fleet: Fleet) {
        cloud = ControlPlane(fleet)
        editor = TableEditor(compiling: fleet)
        tables = editor.tables
    }

    var fleet: Fleet { cloud.fleet }

    /// Makes a call that changes something, and gives the microseconds that the tables took.
    mutating func time(of kind: CallKind, _ maker: inout CallMaker) -> Double {
        if kind == .detach { return timeOfDetach(&maker) }
        while true {
            // A rule that the group has already is accepted and changes nothing.
            let changes = perform(maker.call(kind, on: cloud.fleet))
            if !changes.isEmpty { return time(of: changes) }
        }
    }

    private mutating func timeOfDetach(_ maker: inout CallMaker) -> Double {
        if let (interface, instance) = detached {
            _ = time(of: perform(.attachment("AttachNetworkInterface", interface, instance)))
        }
        let changes = perform(maker.call(.detach, on: cloud.fleet))
        guard case .statusChanged(let interface, _, _)? = changes.first,
            let instance = cloud.fleet.networkInterfaces.first(where: { $0.id == interface })?
                .instance
        else { preconditionFailure("a detach that changes no status") }
        _ = time(of: changes)
        detached = (interface, instance)
        return time(
            of: perform(
                OperationRequest("DetachCompleted", ["NetworkInterfaceId": .string(interface.text)])
            ))
    }

    /// The microseconds of the first and the last use of a block that covers all addresses.
    mutating func wideUseTimes(rounds: Int) -> [Double] {
        // Every VPC's addresses are in it, and no made-up rule names a /9.
        let block = CIDRBlock(FleetNames.vpcBlock.address, prefixLength: 9)
        let rule = SecurityGroupRule(id: "", direction: .ingress, peer: .cidr(block))
        return (0..<rounds).flatMap { _ in
            ["AuthorizeSecurityGroup", "RevokeSecurityGroup"].map { name in
                time(of: perform(.permission(rule, name, FleetNames.group(0))))
            }
        }
    }

    /// Whether the tables still decide as tables compiled now do.
    func agreement(_ options: SuiteOptions) -> Row.Agreement {
        let fleet = cloud.fleet
        var traffic = FleetTraffic(fleet, seed: options.seed)
        let arrivals = traffic.arrivals(
            .uniform, at: fleet.networkInterfaces.indices, count: min(100_000, options.headerCount))
        let wanted = ReferenceScan(fleet, arrivals)
        let queries = arrivals.map(\.query)
        let answers = [tables, FilterTables(compiling: fleet)].map { tables in
            TableContender(tables, queries, usesMemo: true) {
                wanted.place(of: tables.rule($0).rule)
            }.answers()
        }
        let wrong = zip(answers[0], answers[1]).count { $0 != $1 }
        return Row.Agreement(checked: queries.count, wrong: wrong)
    }

    private mutating func perform(_ request: OperationRequest) -> [FleetChange] {
        switch cloud.perform(request) {
        case .success(let success): return success.changes
        case .refused(let refusal):
            preconditionFailure("\(request.operation) was refused: \(refusal)")
        }
    }

    private mutating func time(of changes: [FleetChange]) -> Double {
        nanoseconds {
            editor.apply(changes)
            tables = editor.tables
        } / 1e3
    }
}

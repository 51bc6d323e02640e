internal import CProbes
internal import CloudModel
internal import ControlPlane
internal import FilterTables
internal import Replay

/// A fleet, its control plane and the tables that follow it: only the edits of the tables are timed.
struct EditedFleet: CallTaker {
    private var cloud: ControlPlane
    private var editor: TableEditor
    /// The version that readers have: an edit must leave it as it is.
    private(set) var tables: FilterTables

    init(_ fleet: Fleet) {
        cloud = ControlPlane(fleet)
        editor = TableEditor(compiling: fleet)
        tables = editor.tables
    }

    var fleet: Fleet { cloud.fleet }

    mutating func microseconds(of request: OperationRequest) -> Double? {
        let changes = cloud.perform(request).changes(by: request)
        guard !changes.isEmpty else { return nil }
        return nanoseconds {
            editor.apply(changes)
            tables = editor.tables
        } / 1e3
    }

    /// The microseconds of the first and the last use of a block that covers all addresses.
    mutating func wideUseTimes(rounds: Int) -> [Double] {
        // Every VPC's addresses are in it, and no made-up rule names a /9.
        let block = CIDRBlock(FleetNames.vpcBlock.address, prefixLength: 9)
        let rule = SecurityGroupRule(id: "", direction: .ingress, peer: .cidr(block))
        var times: [Double] = []
        for _ in 0..<rounds {
            for name in ["AuthorizeSecurityGroup", "RevokeSecurityGroup"] {
                let request = OperationRequest.permission(rule, name, FleetNames.group(0))
                if let time = microseconds(of: request) { times.append(time) }
            }
        }
        return times
    }
}

/// A fleet at work, as replays and scenarios have it: the whole call is timed.
struct CalledFleet: ~Copyable, CallTaker {
    private var live: LiveFleet

    init(_ fleet: Fleet) { live = LiveFleet(fleet) }

    var fleet: Fleet { live.fleet }
    var tables: FilterTables { live.evaluator.fleet.tables }

    mutating func microseconds(of request: OperationRequest) -> Double? {
        let start = thread_nanoseconds()
        let outcome = live.perform(request)
        let time = Double(thread_nanoseconds() - start) / 1e3
        return outcome.changes(by: request).isEmpty ? nil : time
    }
}

extension OperationOutcome {
    /// What a call of the suite changed.
    ///
    /// - Precondition: it was not refused.
    func changes(by request: OperationRequest) -> [FleetChange] {
        switch self {
        case .success(let success): return success.changes
        case .refused(let refusal):
            preconditionFailure("\(request.operation) was refused: \(refusal)")
        }
    }
}

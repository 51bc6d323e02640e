internal import CloudModel
internal import ControlPlane
internal import FilterTables

/// The calls that a replay made.
struct CallLog {
    /// Those of the first pass, in the order in which they were made: others are not reported.
    private(set) var made: [ReplayedCall] = []
    var isFirstPass = true

    /// The numbers of rules that a call ended, and the tables that had them.
    struct EndedRules {
        let rules: [Int]
        let tables: FilterTables
    }

    /// Makes calls now; `lanes` follow.
    mutating func make(
        _ due: [(number: Int, call: ScheduledCall)], by live: inout LiveFleet,
        with lanes: [Lane] = []
    ) -> [EndedRules] {
        var ended: [EndedRules] = []
        for (number, call) in due {
            let former = live.evaluator.fleet.tables
            let (outcome, endedRules) = live.carryOut(call.request, with: lanes)
            if !endedRules.isEmpty { ended.append(EndedRules(rules: endedRules, tables: former)) }
            guard isFirstPass else { continue }
            var changed: [NetworkInterfaceID] = []
            if case .success(let success) = outcome {
                changed = live.interfaces(changedBy: success.changes)
            }
            made.append(ReplayedCall(number: number, outcome: outcome, changed: changed))
        }
        return ended
    }
}

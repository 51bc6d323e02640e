internal import CloudModel
internal import FilterTables

/// What a change of rules, groups, status or addresses does to the sessions of an interface.
extension SessionShard {
    /// Judges the sessions of an interface again, by the tables of `decider`.
    ///
    /// On Alibaba Cloud a session is cut if its first packet would be dropped now; on AWS sessions go
    /// on, and untracked flows are asked about at their next packet. Source: SEMANTICS A.8, B.5.
    ///
    /// - Complexity: a decision for each session of the interface on Alibaba Cloud.
    mutating func rejudge(
        interface: UInt32, _ rules: SessionRules, _ decider: inout Decider
    ) {
        for index in indices(of: interface) {
            switch (rules.vendor, rules.onChange) {
            case (.aws, _):
                if records[index].state == .untracked { records[index].state = .untrackedStale }
            case (.alibaba, .keep):
                break
            case (.alibaba, .flush):
                cut(index)
            case (.alibaba, .reevaluate):
                let first = Query(
                    records[index].firstPacket, at: Int(interface), records[index].firstDirection)
                if decider.outcome(of: first).verdict != .accept { cut(index) }
            }
        }
    }

    /// Cuts all sessions of an interface, whatever the rules say.
    mutating func cut(interface: UInt32) {
        for index in indices(of: interface) { cut(index) }
    }

    /// Cuts the sessions of an interface whose own address lies in one of `blocks`.
    mutating func cut(interface: UInt32, addressesIn blocks: [CIDRBlock]) {
        for index in indices(of: interface) {
            let address = records[index].localAddress
            if blocks.contains(where: { $0.contains(address) }) { cut(index) }
        }
    }

    /// The counts as they are if all sessions that have been idle for too long at `time` have ended.
    func counts(at time: SessionTime, _ rules: SessionRules) -> SessionCounts {
        var counts = counts
        for record in records where record.state == .tracked && rules.isIdle(record, at: time) {
            counts.expired += 1
        }
        return counts
    }

    private mutating func cut(_ index: Int) {
        if records[index].state == .tracked { counts.cut += 1 }
        end(index)
    }
}

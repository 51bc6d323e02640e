package import CloudModel
package import FilterTables

/// What a change of rules, groups, status or addresses does to the sessions of an interface.
extension Sessions {
    /// Follows changes of the fleet at once: each session of the interfaces concerned is judged again.
    ///
    /// - Parameters:
    ///   - changes: what differs.
    ///   - interfaces: the places of the interfaces whose decisions can differ, those that are reached
    ///     through a reference among them. More than need be do no harm, but for the switch
    ///     `alibaba.sessionOnChange=flush`.
    ///   - places: the place of each interface that `changes` name.
    ///   - decider: has the tables as they are now.
    /// - Complexity: O(interfaces), and O(sessions) of them.
    package mutating func follow(
        _ changes: [FleetChange], concerning interfaces: [Int],
        _ places: (NetworkInterfaceID) -> Int?, _ decider: inout Decider
    ) {
        for change in changes { follow(change, places) }
        for place in Set(interfaces) {
            rules.setAsksGroups(decider.asksGroups(ofInterfaceAt: place), ofInterfaceAt: place)
            rejudge(interface: UInt32(place), &decider)
        }
    }

    /// What a change does whatever the rules say: an interface that carries no traffic has no sessions,
    /// nor has an address that it lost.
    private mutating func follow(
        _ change: FleetChange, _ places: (NetworkInterfaceID) -> Int?
    ) {
        switch change {
        case .statusChanged(let id, _, let status) where !status.carriesTraffic:
            guard let place = places(id) else { return }
            for index in table.indices(of: UInt32(place)) { cut(index) }
        case .addressesRemoved(let blocks, let id):
            guard let place = places(id) else { return }
            cut(interface: UInt32(place), addressesIn: blocks)
        case .connectionTrackingChanged(let id, let settings):
            guard let place = places(id) else { return }
            rules.setTimeouts(settings, ofInterfaceAt: place)
        default:
            break
        }
    }

    /// Judges the sessions of an interface again, by the tables of `decider`.
    ///
    /// On Alibaba Cloud a session is cut if its first packet would be dropped now; on AWS sessions go
    /// on, and untracked flows are asked about at their next packet. Source: SEMANTICS A.8, B.5.
    ///
    /// - Complexity: a decision for each session of the interface on Alibaba Cloud.
    private mutating func rejudge(interface: UInt32, _ decider: inout Decider) {
        for index in table.indices(of: interface) {
            table.records[index].unsettle()
            let record = table.records[index]
            switch (rules.vendor, rules.onChange) {
            case (.aws, _):
                if record.state == .untracked { table.records[index].state = .untrackedStale }
            case (.alibaba, .keep):
                break
            case (.alibaba, .flush):
                cut(index)
            case (.alibaba, .reevaluate):
                if decider.outcome(of: record.firstQuery).verdict != .accept { cut(index) }
            }
        }
    }

    /// Cuts the sessions of an interface whose own address lies in one of `blocks`.
    private mutating func cut(interface: UInt32, addressesIn blocks: [CIDRBlock]) {
        for index in table.indices(of: interface) {
            let address = table.records[index].localAddress
            if blocks.contains(where: { $0.contains(address) }) { cut(index) }
        }
    }

    private mutating func cut(_ index: Int) {
        if table.records[index].state == .tracked { counts.cut += 1 }
        table.end(index)
    }
}

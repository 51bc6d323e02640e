package import CloudModel
package import FilterTables

/// The flows under way at some interfaces, and whether the rules as they stand would let them begin.
package struct SessionCensus: Hashable, Sendable {
    /// Sessions whose first packet the rules accept.
    package private(set) var admitted = 0
    /// Sessions that go on though the rules would not let them begin.
    package private(set) var notAdmitted = 0
    /// Flows of AWS that are not tracked and go on, packet by packet or as sessions.
    package private(set) var untrackedAdmitted = 0
    /// Flows of AWS that are not tracked and end, because rules no longer accept their packets.
    package private(set) var untrackedNotAdmitted = 0

    /// No flows.
    package init() {}

    /// Adds the counts of `other`.
    package static func += (census: inout SessionCensus, other: SessionCensus) {
        census.admitted += other.admitted
        census.notAdmitted += other.notAdmitted
        census.untrackedAdmitted += other.untrackedAdmitted
        census.untrackedNotAdmitted += other.untrackedNotAdmitted
    }

    fileprivate mutating func add(isTracked: Bool, isAdmitted: Bool) {
        switch (isTracked, isAdmitted) {
        case (true, true): admitted += 1
        case (true, false): notAdmitted += 1
        case (false, true): untrackedAdmitted += 1
        case (false, false): untrackedNotAdmitted += 1
        }
    }
}

extension Sessions {
    /// Counts the flows of some interfaces that are not idle for too long at `time`. `decider` has the
    /// tables as they are now.
    ///
    /// - Complexity: O(1) for each interface, and a decision for each of its flows.
    package func census(
        ofInterfacesAt places: [Int], at time: SessionTime, _ decider: inout Decider
    ) -> SessionCensus {
        var census = SessionCensus()
        for place in places {
            for index in table.indices(of: UInt32(place)) {
                let record = table.records[index]
                if rules.isIdle(record, at: time) { continue }
                census.add(
                    isTracked: record.state == .tracked,
                    isAdmitted: decider.outcome(of: record.firstQuery).verdict == .accept)
            }
        }
        return census
    }

    /// The first packet of a packet's flow, as far as rules ask about it; `nil` if nothing is known of
    /// the flow.
    package func opening(of packet: TrackedPacket) -> (packet: Packet, direction: Direction)? {
        let index = table.index(of: packet.key, hash: packet.bucketHash)
        guard index != FlowTable.none else { return nil }
        let record = table.records[Int(index)]
        return (record.firstPacket, record.firstDirection)
    }
}

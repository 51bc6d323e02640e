internal import CloudModel
package import FilterTables

/// What sessions make of the tables' answer.
package struct Judgement: Sendable {
    package let outcome: Outcome
    /// Whether the packet belongs to a flow of which nothing was ever kept, as far as the table still
    /// knows.
    package let isOfUnknownFlow: Bool
    /// The record of the flow, if it is a live session; else no record.
    let session: UInt32

    init(
        _ outcome: Outcome, isOfUnknownFlow: Bool = false, session: UInt32 = FlowTable.none
    ) {
        self.outcome = outcome
        self.isOfUnknownFlow = isOfUnknownFlow
        self.session = session
    }
}

/// A packet is judged by the record of its flow and what the tables say; what else is in its batch does not
/// matter.
extension Sessions {
    /// Whether a session, if `record` is one and of the packet's flow, answers for the packet.
    ///
    /// What groups are not asked about passes sessions by, and no session answers for it: interfaces
    /// that are not attached or in no group, and what AWS exempts. The latter is a matter of the far
    /// end, of ports and protocol: of two packets of a flow with the same far end both are exempt, and
    /// have no record, or neither is.
    @inline(__always)
    func isLikely(_ record: SessionRecord, _ packet: TrackedPacket) -> Bool {
        record.state == .tracked && rules.asksGroups(ofInterfaceAt: packet.key.interface)
            && (!rules.hasExemptTraffic || record.isLowerLocal == packet.isLowerLocal)
    }

    /// Whether a packet belongs to the live session at place `index`, which then goes on.
    @inline(__always)
    mutating func goesOn(_ packet: TrackedPacket, _ index: UInt32) -> Bool {
        guard index != FlowTable.none else { return false }
        let index = Int(index)
        let record = table.records[index]
        guard record.isOf(packet.key), record.state == .tracked, !isOver(record, packet),
            !rules.isEnded(by: packet)
        else { return false }
        tick(inShard: packet.flow.shard, at: packet.time)
        table.records[index].use(by: packet, useCount)
        return true
    }

    /// Judges a packet that the tables, asked by themselves, answered with `outcome`.
    ///
    /// A live session accepts its packets and ICMP errors about them. Otherwise `outcome` stands, and
    /// an accepted packet begins a session. What groups are not asked about passes sessions by: traffic
    /// that AWS exempts, interfaces that are not attached or in no group. Source: SEMANTICS A.4, A.8,
    /// B.2, B.5.
    ///
    /// `decider` has the tables that gave `outcome`; it is asked only when a flow of AWS begins or
    /// rules have changed.
    ///
    /// - Complexity: O(1) expected.
    package mutating func judge(
        _ packet: TrackedPacket, stateless outcome: Outcome, _ decider: inout Decider
    ) -> Judgement {
        switch outcome.reason {
        case .exempt, .interfaceNotAttached, .noGroup: return Judgement(outcome)
        default: break
        }
        switch packet.flow.role {
        case .member: return judgeMember(packet, stateless: outcome, &decider)
        case .error: return Judgement(isAlive(packet) ? .established : outcome)
        case .stranger: return Judgement(outcome)
        }
    }

    /// Whether the flow of a packet has a live session. An error does not prolong it.
    private func isAlive(_ packet: TrackedPacket) -> Bool {
        let index = table.index(of: packet.key, hash: packet.bucketHash)
        guard index != FlowTable.none else { return false }
        let record = table.records[Int(index)]
        return record.state == .tracked && !rules.isIdle(record, at: packet.time)
    }

    private mutating func judgeMember(
        _ packet: TrackedPacket, stateless outcome: Outcome, _ decider: inout Decider
    ) -> Judgement {
        tick(inShard: packet.flow.shard, at: packet.time)
        let found = table.index(of: packet.key, hash: packet.bucketHash)
        guard found != FlowTable.none else { return begin(packet, outcome, &decider) }
        let index = Int(found)
        let record = table.records[index]
        if record.isRunning, isOver(record, packet) { expire(index) }
        switch table.records[index].state {
        case .tracked:
            table.records[index].use(by: packet, useCount)
            guard rules.isEnded(by: packet) else {
                return Judgement(.established, session: found)
            }
            expire(index)
            return Judgement(.established)
        case .untracked, .untrackedStale:
            let judgement = judgeUntracked(index, packet, stateless: outcome, &decider)
            guard case .accept = judgement.outcome.verdict, rules.isEnded(by: packet) else {
                return judgement
            }
            expire(index)
            return Judgement(judgement.outcome)
        case .ended, .free:
            guard case .accept = outcome.verdict, !rules.isEnded(by: packet) else {
                return Judgement(outcome)
            }
            let state = firstState(packet, outcome, &decider)
            table.replace(index, by: SessionRecord(packet, use: useCount, state))
            return Judgement(outcome, session: state == .tracked ? found : FlowTable.none)
        }
    }

    /// Judges a packet of a flow of which nothing is known.
    private mutating func begin(
        _ packet: TrackedPacket, _ outcome: Outcome, _ decider: inout Decider
    ) -> Judgement {
        guard case .accept = outcome.verdict else {
            return Judgement(outcome, isOfUnknownFlow: true)
        }
        if rules.isEnded(by: packet) { return Judgement(outcome) }
        let state = firstState(packet, outcome, &decider)
        let record = SessionRecord(packet, use: useCount, state)
        guard let index = keep(record, inShard: Int(packet.flow.shard)) else {
            return Judgement(outcome)
        }
        return Judgement(
            outcome, session: state == .tracked ? UInt32(index) : FlowTable.none)
    }

    /// Notes that a packet uses a record, or will.
    @inline(__always)
    mutating func tick(inShard shard: UInt8, at time: SessionTime) {
        let shard = Int(shard)
        clocks[shard] = clocks[shard].stepping(towards: time)
        useCount &+= 1
    }

    /// Whether a flow has ended before `packet`: it was idle for too long, or it was closed and the
    /// packet asks for a new connection.
    @inline(__always)
    private func isOver(_ record: SessionRecord, _ packet: TrackedPacket) -> Bool {
        rules.isIdle(record, at: packet.time)
            || (record.phase == .closed && packet.flow.flags.isBareSYN)
    }

    private mutating func expire(_ index: Int) {
        if table.records[index].state == .tracked { counts.expired += 1 }
        table.end(index)
    }
}

/// Untracked flows of AWS.
extension Sessions {
    /// Whether the flow that an accepted packet begins is tracked; counts it if so.
    private mutating func firstState(
        _ packet: TrackedPacket, _ outcome: Outcome, _ decider: inout Decider
    ) -> SessionRecord.State {
        if case .aws = rules.vendor, case .rule = outcome.reason {
            let record = SessionRecord(packet, use: 0, .untracked)
            if Sessions.isUntracked(record, &decider) { return .untracked }
        }
        counts.created += 1
        return .tracked
    }

    /// Whether a flow that rules admit needs no session: an open rule admits its first packet, and one
    /// for the other direction is open for all ports. Source: SEMANTICS B.5, (i) and (ii).
    private static func isUntracked(_ record: SessionRecord, _ decider: inout Decider) -> Bool {
        let packet = record.firstPacket
        let (interface, direction) = (Int(record.interface), record.firstDirection)
        let isAnswered = decider.tables.isOpen(
            direction.opposite, at: interface, for: packet.ipProtocol, packet.family)
        guard isAnswered else { return false }
        let query = Query(packet, at: interface, direction).withUnnamedPeer
        let outcome = decider.outcome(of: query)
        return outcome.verdict == .accept && outcome.reason == .rule
    }

    /// Rules admit an untracked flow packet by packet. If it is so no more, and the direction in which
    /// it began is still allowed, it becomes a session. Source: SEMANTICS B.5, the table.
    private mutating func judgeUntracked(
        _ index: Int, _ packet: TrackedPacket, stateless outcome: Outcome,
        _ decider: inout Decider
    ) -> Judgement {
        let record = table.records[index]
        if record.state == .untrackedStale {
            let isAllowed = decider.outcome(of: record.firstQuery).verdict == .accept
            if isAllowed, !Sessions.isUntracked(record, &decider) {
                table.records[index].state = .tracked
                counts.created += 1
                table.records[index].use(by: packet, useCount)
                let isFirstDirection = packet.direction == record.firstDirection
                return Judgement(
                    isFirstDirection ? outcome : .established, session: UInt32(index))
            }
            table.records[index].state = .untracked
        }
        if case .accept = outcome.verdict { table.records[index].use(by: packet, useCount) }
        return Judgement(outcome)
    }
}

internal import CloudModel
package import FilterTables

/// What sessions make of the tables' answer.
package struct Judgement: Sendable {
    package let outcome: Outcome
    /// Whether the packet belongs to a flow of which nothing was ever kept, as far as the table still
    /// knows.
    package let isOfUnknownFlow: Bool

    init(_ outcome: Outcome, isOfUnknownFlow: Bool = false) {
        self.outcome = outcome
        self.isOfUnknownFlow = isOfUnknownFlow
    }
}

extension SessionShard {
    /// Judges a packet that the tables, asked by themselves, answered with `outcome`.
    ///
    /// A live session accepts its packets and ICMP errors about them. Otherwise `outcome` stands, and
    /// an accepted packet begins a session. What groups are not asked about passes sessions by: traffic
    /// that AWS exempts, interfaces that are not attached or in no group. Source: SEMANTICS A.4, A.8,
    /// B.2, B.5.
    ///
    /// - Complexity: O(1) expected.
    package mutating func judge(
        _ packet: TrackedPacket, at time: SessionTime, stateless outcome: Outcome,
        _ rules: SessionRules, _ decider: inout Decider
    ) -> Judgement {
        switch outcome.reason {
        case .exempt, .interfaceNotAttached, .noGroup: return Judgement(outcome)
        default: break
        }
        switch packet.role {
        case .member:
            return judgeMember(packet, at: time, stateless: outcome, rules, &decider)
        case .error:
            return Judgement(isAlive(packet, at: time, rules) ? .established : outcome)
        case .stranger:
            return Judgement(outcome)
        }
    }

    /// Whether the flow of a packet has a live session. An error does not prolong it.
    private func isAlive(
        _ packet: TrackedPacket, at time: SessionTime, _ rules: SessionRules
    ) -> Bool {
        guard let index = index(of: packet.key, hash: packet.bucketHash) else { return false }
        return records[index].state == .tracked && !rules.isIdle(records[index], at: time)
    }

    private mutating func judgeMember(
        _ packet: TrackedPacket, at time: SessionTime, stateless outcome: Outcome,
        _ rules: SessionRules, _ decider: inout Decider
    ) -> Judgement {
        clock = clock?.stepping(towards: time) ?? time
        useCount += 1
        guard let index = index(of: packet.key, hash: packet.bucketHash) else {
            guard case .accept = outcome.verdict else {
                return Judgement(outcome, isOfUnknownFlow: true)
            }
            if rules.isEnded(by: packet) { return Judgement(outcome) }
            let state = firstState(packet, outcome, rules, &decider)
            keep(SessionRecord(packet, at: time, use: useCount, state), rules)
            return Judgement(outcome)
        }
        if records[index].isRunning, isOver(index, packet, at: time, rules) { expire(index) }
        switch records[index].state {
        case .tracked:
            use(index, packet, at: time)
            if rules.isEnded(by: packet) { expire(index) }
            return Judgement(.established)
        case .untracked, .untrackedStale:
            let judgement = judgeUntracked(
                index, packet, at: time, stateless: outcome, &decider)
            if judgement.outcome.verdict == .accept, rules.isEnded(by: packet) { expire(index) }
            return judgement
        case .ended, .free:
            if case .accept = outcome.verdict, !rules.isEnded(by: packet) {
                let state = firstState(packet, outcome, rules, &decider)
                replace(index, by: SessionRecord(packet, at: time, use: useCount, state))
            }
            return Judgement(outcome)
        }
    }

    /// Whether a flow has ended before `packet`: it was idle for too long, or it was closed and the
    /// packet asks for a new connection.
    private func isOver(
        _ index: Int, _ packet: TrackedPacket, at time: SessionTime, _ rules: SessionRules
    ) -> Bool {
        rules.isIdle(records[index], at: time)
            || (records[index].phase == .closed && packet.isBareSYN)
    }

    private mutating func expire(_ index: Int) {
        if records[index].state == .tracked { counts.expired += 1 }
        end(index)
    }

    private mutating func use(_ index: Int, _ packet: TrackedPacket, at time: SessionTime) {
        records[index].lastTime = time
        records[index].lastUse = useCount
        records[index].advance(by: packet)
    }

    // MARK: Untracked flows of AWS

    /// Whether the flow that an accepted packet begins is tracked; counts it if so.
    private mutating func firstState(
        _ packet: TrackedPacket, _ outcome: Outcome, _ rules: SessionRules,
        _ decider: inout Decider
    ) -> SessionRecord.State {
        if rules.vendor == .aws, outcome.reason == .rule {
            let record = SessionRecord(packet, at: .zero, use: 0, .untracked)
            if SessionShard.isUntracked(record, &decider) { return .untracked }
        }
        counts.created += 1
        return .tracked
    }

    /// Whether a flow that rules admit needs no session: an open rule admits its first packet, and one
    /// for the other direction is open for all ports. Source: SEMANTICS B.5, (i) and (ii).
    private static func isUntracked(_ record: SessionRecord, _ decider: inout Decider) -> Bool {
        let packet = record.firstPacket
        let (interface, direction) = (Int(record.key.interface), record.firstDirection)
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
        _ index: Int, _ packet: TrackedPacket, at time: SessionTime, stateless outcome: Outcome,
        _ decider: inout Decider
    ) -> Judgement {
        if records[index].state == .untrackedStale {
            let record = records[index]
            let first = Query(
                record.firstPacket, at: Int(record.key.interface), record.firstDirection)
            let isAllowed = decider.outcome(of: first).verdict == .accept
            if isAllowed, !SessionShard.isUntracked(record, &decider) {
                records[index].state = .tracked
                counts.created += 1
                use(index, packet, at: time)
                let isFirstDirection = packet.direction == record.firstDirection
                return Judgement(isFirstDirection ? outcome : .established)
            }
            records[index].state = .untracked
        }
        if outcome.verdict == .accept { use(index, packet, at: time) }
        return Judgement(outcome)
    }
}

internal import CloudModel
internal import FilterTables
package import Sessions

/// What a packet owes to the packets before it: sessions and first fragments.
extension Evaluator {
    /// What became of sessions so far, over all passes; `nil` without sessions.
    ///
    /// Those that have been idle for too long at the last frame do not live any more.
    ///
    /// - Complexity: O(capacity in use).
    package func sessionCounts() -> SessionCounts? {
        guard policy != .stateless else { return nil }
        var counts = formerCounts
        if let lastTime {
            counts += sessions.counts(at: lastTime)
        } else {
            counts += sessions.counts
        }
        return counts
    }

    /// Forgets flows and datagrams, so that a second pass finds what the first one found.
    package mutating func beginPass() {
        if let counts = sessionCounts() { formerCounts = counts }
        sessions = Sessions(for: fleet.original, capacity: policy.capacity)
        firstFragments = FirstFragments()
        lastTime = nil
    }

    /// Decides what comes from now on by `fleet`, as if nothing had been before.
    mutating func replace(_ fleet: CompiledFleet) {
        self.fleet = fleet
        decider.adopt(fleet.tables)
    }

    /// Takes the outcomes of the tables through sessions and first fragments, in the order of the
    /// frames, so that a batch may hold a packet and its reply.
    mutating func followFlows(_ batch: borrowing FrameBatch) {
        if let last = batch.frames.last { lastTime = SessionTime(last.time) }
        guard policy != .stateless || batchHasFragments else { return }
        for place in answers.indices {
            let evaluations = answers[place].evaluations
            guard !evaluations.isEmpty, let packet = batch.frames[place].packet else { continue }
            if policy != .stateless {
                judge(packet, at: SessionTime(batch.frames[place].time), evaluations)
            }
            if let fragment = packet.fragment,
                let ipProtocol = batch.frames[place].fragmentProtocol
            {
                follow(fragment, ipProtocol, of: packet, evaluations)
            }
        }
    }

    private mutating func judge(
        _ packet: Packet, at time: SessionTime, _ evaluations: Range<Int>
    ) {
        for index in evaluations {
            let evaluation = self.evaluations[index]
            let tracked = TrackedPacket(
                packet, at: evaluation.interface, evaluation.direction)
            let judgement = sessions.judge(
                tracked, at: time, stateless: evaluation.outcome, &decider)
            self.evaluations[index].outcome = judgement.outcome
            self.evaluations[index].isOfUnknownFlow = judgement.isOfUnknownFlow
        }
    }

    /// Remembers what became of a first fragment, or gives a later one the same outcome. Source:
    /// SEMANTICS A.11.
    private mutating func follow(
        _ fragment: Fragment, _ ipProtocol: IPProtocol, of packet: Packet,
        _ evaluations: Range<Int>
    ) {
        guard fleet.fragments == .firstFragmentDecides else { return }
        for index in evaluations {
            let evaluation = self.evaluations[index]
            // What an interface drops while it is not attached says nothing about the rest.
            if evaluation.outcome.reason == .interfaceNotAttached { continue }
            let key = FragmentKey(
                packet, fragment, ipProtocol, at: evaluation.interface, evaluation.direction)
            if fragment.isFirst {
                firstFragments.remember(evaluation.outcome, for: key)
            } else if let answer = firstFragments.answer(for: key) {
                self.evaluations[index].outcome = answer.outcome
                self.evaluations[index].formerRule = answer.formerRule
            }
        }
    }

    /// Whether there are flows that a change of the fleet can concern.
    ///
    /// - Complexity: O(shards).
    var hasFlows: Bool { sessions.placeCount > 0 }

    /// Decides what comes from now on as `changes` have it; sessions and remembered fragments follow. The
    /// result is the numbers of the rules that ended.
    ///
    /// `interfaces` are the places of those whose decisions can differ; `places` finds the place of an
    /// interface that `changes` name.
    mutating func follow(
        _ changes: [FleetChange], concerning interfaces: [Int],
        _ places: (NetworkInterfaceID) -> Int?
    ) -> [Int] {
        let former = fleet.tables
        let endedRules = fleet.follow(changes)
        firstFragments.keepNames(ofRules: endedRules, in: former)
        decider.adopt(fleet.tables)
        sessions.follow(changes, concerning: interfaces, places, &decider)
        return endedRules
    }
}

internal import Captures
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
        // It has traces of the sessions that were.
        flowMemo.removeAll()
        lastTime = nil
    }

    /// Decides what comes from now on by `fleet`, as if nothing had been before.
    mutating func replace(_ fleet: CompiledFleet) {
        self.fleet = fleet
        adoptTables()
    }

    /// Takes the outcomes of the tables to the evaluations of packets whose flows were not known.
    static func take(
        _ outcomes: [Outcome], of probes: borrowing FlowProbes, _ answers: [FrameAnswer],
        into evaluations: inout [Evaluation]
    ) {
        var evaluations = evaluations.mutableSpan
        for missed in probes.missed {
            for index in answers[missed.place].evaluations {
                evaluations[index].outcome = outcomes[index]
            }
        }
        for follower in probes.followers {
            for index in answers[follower.place].evaluations {
                evaluations[index].outcome = outcomes[index]
            }
        }
    }

    /// Judges packets and follows fragments, in the order of the frames.
    mutating func judgeInTurn(_ frames: borrowing DecodedFrames) {
        var judgedCount = 0
        for place in 0..<frames.count
        where frames.headers[place].has(PacketHeader.Trait.fragment)
            && !answers[place].evaluations.isEmpty
        {
            let end = answers[place].evaluations.upperBound
            if policy != .stateless { judge(judgedCount..<end, of: frames) }
            judgedCount = end
            guard let packet = frames.packet(at: place), let fragment = packet.fragment,
                let ipProtocol = frames.note(at: place)?.fragmentProtocol
            else { continue }
            follow(fragment, ipProtocol, of: packet, answers[place].evaluations)
            combine(at: place)
        }
        if policy != .stateless { judge(judgedCount..<evaluationCount, of: frames) }
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
                guard let rule = answer.formerRule else { continue }
                formerRules.append(rule)
                self.evaluations[index].formerRule = formerRules.count - 1
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
        follow(former, endedRules, changes, concerning: interfaces, places)
        return endedRules
    }

    /// Does the same by the tables of `other`, which follows `changes` already.
    mutating func follow(
        _ other: CompiledFleet, _ endedRules: [Int], _ changes: [FleetChange],
        concerning interfaces: [Int], _ places: (NetworkInterfaceID) -> Int?
    ) {
        let former = fleet.tables
        fleet.follow(other)
        follow(former, endedRules, changes, concerning: interfaces, places)
    }

    private mutating func adoptTables() {
        decider.adopt(fleet.tables)
        flowMemo.removeAll()
        counters.removeAll()
    }

    private mutating func follow(
        _ former: FilterTables, _ endedRules: [Int], _ changes: [FleetChange],
        concerning interfaces: [Int], _ places: (NetworkInterfaceID) -> Int?
    ) {
        firstFragments.keepNames(ofRules: endedRules, in: former)
        adoptTables()
        sessions.follow(changes, concerning: interfaces, places, &decider)
    }
}

internal import Captures
internal import CloudModel
internal import FilterTables
internal import Sessions

/// Where packets are evaluated.
extension Evaluator {
    /// Makes the frames' answers and evaluations. What ``flowMemo`` knows is decided then; other outcomes
    /// are undecided.
    mutating func place(_ frames: borrowing DecodedFrames, _ placement: Placement) {
        switch placement {
        case .byAddress(let vpc):
            probes.look(for: frames.headers, in: flowMemo)
            probes.findOwners(in: fleet.tables)
            let failures = settleUnclearOwners(of: frames, vpc)
            answers.resize(to: frames.count, with: .unplaced)
            evaluations.resize(to: 2 * frames.count, with: .unplaced)
            let count =
                policy == .stateless
                ? Evaluator.placeByAddress(
                    frames, probes, flowMemo, &answers, &evaluations, &outcomes)
                : Evaluator.placeAndTrace(
                    frames, probes, flowMemo, &answers, &evaluations, &outcomes, &passages)
            evaluations.resize(to: count, with: .unplaced)
            for failure in failures { answers[failure.place].fail(failure.reason) }
        case .bound(let interface, let direction):
            probes.missAll(frames.count)
            answers.removeAll(keepingCapacity: true)
            evaluations.removeAll(keepingCapacity: true)
            for index in 0..<frames.count {
                placeBound(index, of: frames, interface, direction)
            }
        }
    }

    /// A packet that no interface evaluates for another reason than that none owns its addresses.
    private struct PlacingFailure {
        let place: Int
        let reason: Reason
    }

    /// Finds out who evaluates packets one of whose addresses several interfaces may own.
    private mutating func settleUnclearOwners(
        of frames: borrowing DecodedFrames, _ vpc: VPCID?
    ) -> [PlacingFailure] {
        var failures: [PlacingFailure] = []
        for index in probes.missed.indices where probes.owners[index].isUnclear {
            let place = probes.missed[index].place
            guard let packet = frames.packet(at: place) else { continue }
            let facts = frames.facts[place]
            let sites = fleet.tables.sites(
                for: packet, sourceMAC: facts.sourceMAC, destinationMAC: facts.destinationMAC,
                vpc: vpc)
            probes.settle(index, by: sites)
            if let reason = sites.failure {
                failures.append(PlacingFailure(place: place, reason: reason))
            }
        }
        return failures
    }

    /// Writes the answers and evaluations of packets by what is known of their flows, or by their owners;
    /// the result is the number of evaluations.
    ///
    /// - Precondition: there is room for an answer and two evaluations and outcomes a packet.
    private static func placeByAddress(
        _ frames: borrowing DecodedFrames, _ probes: borrowing FlowProbes,
        _ memo: borrowing FlowMemo, _ answers: inout [FrameAnswer],
        _ evaluations: inout [Evaluation], _ outcomes: inout [Outcome]
    ) -> Int {
        var answers = answers.mutableSpan
        var evaluations = evaluations.mutableSpan
        var outcomes = outcomes.mutableSpan
        let (slots, owners) = (probes.slots.span, probes.owners.span)
        let undecided = Outcome.undecided
        var count = 0
        for place in slots.indices {
            guard slots[place] != FlowProbes.noPacket else {
                answers[place] = FrameAnswer(
                    reason: frames.facts[place].failure ?? .malformed, firstEvaluation: count,
                    end: count)
                continue
            }
            let known = knownFlow(slots[place], owners, undecided, memo)
            let second = count &+ known.egressCount
            // Both are written in any case, and written over unless they count.
            outcomes[count] = known.egress
            outcomes[second] = known.ingress
            evaluations[count] = Evaluation(known.source, isEgress: true, outcome: known.egress)
            evaluations[second] = Evaluation(
                known.destination, isEgress: false, outcome: known.ingress)
            answers[place] = FrameAnswer(known, firstEvaluation: count)
            count &+= known.evaluationCount
        }
        return count
    }

    /// Does the same where connections are tracked: a known flow is traced, and established if it has a record.
    ///
    /// - Precondition: there is room for passages, too.
    private static func placeAndTrace(
        _ frames: borrowing DecodedFrames, _ probes: borrowing FlowProbes,
        _ memo: borrowing FlowMemo, _ answers: inout [FrameAnswer],
        _ evaluations: inout [Evaluation], _ outcomes: inout [Outcome],
        _ passages: inout [Passage]
    ) -> Int {
        var answers = answers.mutableSpan
        var evaluations = evaluations.mutableSpan
        var outcomes = outcomes.mutableSpan
        var passages = passages.mutableSpan
        let (slots, facts, owners) = (probes.slots.span, frames.facts.span, probes.owners.span)
        let (undecided, established) = (Outcome.undecided, Outcome.established)
        var count = 0
        for place in slots.indices {
            guard slots[place] != FlowProbes.noPacket else {
                answers[place] = FrameAnswer(
                    reason: facts[place].failure ?? .malformed, firstEvaluation: count, end: count)
                continue
            }
            let known = knownFlow(slots[place], owners, undecided, memo)
            let (first, second) = (count, count &+ known.egressCount)
            count &+= known.evaluationCount
            outcomes[first] = known.egress
            outcomes[second] = known.ingress
            var (egress, ingress) = (known.egress, known.ingress)
            var answer = FrameAnswer(known, firstEvaluation: first)
            if slots[place] < FlowProbes.isMissed {
                let traces = memo.traces(inSlot: Int(slots[place]))
                let time = SessionTime(facts[place].time)
                passages[first] = Passage(
                    of: place, at: known.source, isEgress: true, time, following: traces.egress)
                passages[second] = Passage(
                    of: place, at: known.destination, isEgress: false, time,
                    following: traces.ingress)
                if traces.egress.isKnown { egress = established }
                if traces.ingress.isKnown { ingress = established }
                answer = FrameAnswer(
                    known, traces.count, established, egress, ingress, firstEvaluation: first)
            }
            evaluations[first] = Evaluation(known.source, isEgress: true, outcome: egress)
            evaluations[second] = Evaluation(known.destination, isEgress: false, outcome: ingress)
            answers[place] = answer
        }
        return count
    }

    /// What is known of a packet's flow: at the least who owns its addresses.
    @inline(__always)
    private static func knownFlow(
        _ slot: UInt32, _ owners: Span<OwnerPair>, _ undecided: Outcome, _ memo: borrowing FlowMemo
    ) -> KnownFlow {
        if slot < FlowProbes.isMissed { return memo.answer(inSlot: Int(slot)) }
        let owners = owners[Int(slot & ~FlowProbes.isMissed)]
        return KnownFlow(
            source: owners.source, destination: owners.destination, egress: undecided,
            ingress: undecided)
    }

    /// Has the memo know the flows that it did not. Of those about which the tables were not asked it knows the
    /// owners and the sessions that answer for them.
    ///
    /// - Precondition: ``outcomes`` has what the tables say, not what sessions make of it.
    mutating func recordFlows(of frames: borrowing DecodedFrames) {
        for (index, missed) in probes.missed.enumerated() where missed.isKept {
            let owners = probes.owners[index]
            let evaluations = answers[missed.place].evaluations
            var (egress, ingress) = (Outcome.undecided, Outcome.undecided)
            var traces = FlowMemo.Traces.none
            if owners.source != OwnerPair.nobody {
                egress = outcomes[evaluations.lowerBound]
                traces.egress = trace(at: evaluations.lowerBound)
            }
            if owners.destination != OwnerPair.nobody {
                ingress = outcomes[evaluations.upperBound - 1]
                traces.ingress = trace(at: evaluations.upperBound - 1)
            }
            let answer = KnownFlow(
                source: owners.source, destination: owners.destination, egress: egress,
                ingress: ingress)
            flowMemo.record(
                answer, traces, for: frames.headers[missed.place], inSlot: Int(missed.slot))
        }
    }

    private mutating func placeBound(
        _ index: Int, of frames: borrowing DecodedFrames, _ interface: Int, _ direction: Direction?
    ) {
        let header = frames.headers[index]
        let first = evaluations.count
        var failure = Reason.noInterface
        if !header.has(PacketHeader.Trait.packet) {
            failure = frames.facts[index].failure ?? .malformed
        } else if let direction {
            addEvaluation(at: interface, isEgress: direction == .egress)
        } else if fleet.tables.owns(header.source, interface: interface) {
            addEvaluation(at: interface, isEgress: true)
        } else if fleet.tables.owns(header.destination, interface: interface) {
            addEvaluation(at: interface, isEgress: false)
        }
        answers.append(
            FrameAnswer(reason: failure, firstEvaluation: first, end: evaluations.count))
    }

    @inline(__always)
    private mutating func addEvaluation(at interface: Int, isEgress: Bool) {
        outcomes[evaluations.count] = .undecided
        evaluations.append(Evaluation(UInt32(interface), isEgress: isEgress))
    }
}

extension Array {
    /// Drops elements from the end, or appends copies of `element`, until there are `count`.
    fileprivate mutating func resize(to count: Int, with element: Element) {
        if self.count > count {
            removeLast(self.count - count)
        } else {
            append(contentsOf: repeatElement(element, count: count - self.count))
        }
    }
}

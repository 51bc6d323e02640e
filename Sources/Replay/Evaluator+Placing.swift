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
            let count = Evaluator.placeByAddress(
                frames, probes, flowMemo, policy, &answers, &evaluations, &outcomes, &passages)
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
    /// Where connections are tracked, a known flow is traced, and established if it has a record.
    ///
    /// - Precondition: there is room for an answer and two evaluations, outcomes and passages a packet.
    private static func placeByAddress(
        _ frames: borrowing DecodedFrames, _ probes: borrowing FlowProbes,
        _ memo: borrowing FlowMemo, _ policy: SessionPolicy, _ answers: inout [FrameAnswer],
        _ evaluations: inout [Evaluation], _ outcomes: inout [Outcome],
        _ passages: inout [Passage]
    ) -> Int {
        var answers = answers.mutableSpan
        var evaluations = evaluations.mutableSpan
        var outcomes = outcomes.mutableSpan
        var passages = passages.mutableSpan
        let (slots, facts) = (probes.slots.span, frames.facts.span)
        let (undecided, established) = (Outcome.undecided, Outcome.established)
        let isTracking = policy != .stateless
        var (count, missedCount) = (0, 0)
        for place in slots.indices {
            let first = count
            guard slots[place] == FlowProbes.unknown else {
                let slot = Int(slots[place])
                let known = memo.answer(inSlot: slot)
                var traces = FlowMemo.Traces.none
                if isTracking {
                    traces = memo.traces(inSlot: slot)
                    // Both are written in any case, and written over unless they count.
                    let time = SessionTime(facts[place].time)
                    passages[count] = Passage(
                        of: place, at: known.source, isEgress: true, time,
                        following: traces.egress)
                    let second = known.source == OwnerPair.nobody ? count : count &+ 1
                    passages[second] = Passage(
                        of: place, at: known.destination, isEgress: false, time,
                        following: traces.ingress)
                }
                if known.source != OwnerPair.nobody {
                    evaluations[count] = Evaluation(
                        known.source, isEgress: true,
                        outcome: traces.egress.isKnown ? established : known.egress)
                    outcomes[count] = known.egress
                    count &+= 1
                }
                if known.destination != OwnerPair.nobody {
                    evaluations[count] = Evaluation(
                        known.destination, isEgress: false,
                        outcome: traces.ingress.isKnown ? established : known.ingress)
                    outcomes[count] = known.ingress
                    count &+= 1
                }
                var answer = FrameAnswer(
                    reason: .noInterface, firstEvaluation: first, end: count)
                answer.combine(evaluations.span)
                answers[place] = answer
                continue
            }
            count = Evaluator.place(
                probes.owners[missedCount], at: first, undecided, &evaluations, &outcomes)
            missedCount &+= 1
            let isPacket = frames.headers[place].has(PacketHeader.Trait.packet)
            answers[place] = FrameAnswer(
                reason: isPacket ? .noInterface : facts[place].failure ?? .malformed,
                firstEvaluation: first, end: count)
        }
        return count
    }

    /// Writes the evaluations at the owners of a packet's addresses from place `first` on; the result is where
    /// they end.
    @inline(__always)
    private static func place(
        _ owners: OwnerPair, at first: Int, _ undecided: Outcome,
        _ evaluations: inout MutableSpan<Evaluation>, _ outcomes: inout MutableSpan<Outcome>
    ) -> Int {
        var count = first
        if owners.source != OwnerPair.nobody {
            evaluations[count] = Evaluation(owners.source, isEgress: true)
            outcomes[count] = undecided
            count &+= 1
        }
        if owners.destination != OwnerPair.nobody {
            evaluations[count] = Evaluation(owners.destination, isEgress: false)
            outcomes[count] = undecided
            count &+= 1
        }
        return count
    }

    /// Has the memo know the flows that it did not. Of those about which the tables were not asked it knows the
    /// owners and the sessions that answer for them.
    ///
    /// - Precondition: ``outcomes`` has what the tables say, not what sessions make of it.
    mutating func recordFlows(of frames: borrowing DecodedFrames) {
        for (index, missed) in probes.missed.enumerated() where missed.isKept {
            let owners = probes.owners[index]
            let evaluations = answers[missed.place].evaluations
            var answer = FlowMemo.Answer(source: owners.source, destination: owners.destination)
            var traces = FlowMemo.Traces.none
            if owners.source != OwnerPair.nobody {
                answer.egress = outcomes[evaluations.lowerBound]
                traces.egress = trace(at: evaluations.lowerBound)
            }
            if owners.destination != OwnerPair.nobody {
                answer.ingress = outcomes[evaluations.upperBound - 1]
                traces.ingress = trace(at: evaluations.upperBound - 1)
            }
            flowMemo.record(answer, traces, for: frames.headers[missed.place])
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

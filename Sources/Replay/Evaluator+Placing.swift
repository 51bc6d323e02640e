internal import Captures
internal import CloudModel
internal import FilterTables

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
                frames, probes, flowMemo, &answers, &evaluations, &outcomes)
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
        let slots = probes.slots.span
        var (count, missedCount) = (0, 0)
        for place in slots.indices {
            let first = count
            guard slots[place] == FlowProbes.unknown else {
                let known = memo.answer(inSlot: Int(slots[place]))
                if known.source != OwnerPair.nobody {
                    evaluations[count] = Evaluation(
                        known.source, isEgress: true, outcome: known.egress)
                    outcomes[count] = known.egress
                    count &+= 1
                }
                if known.destination != OwnerPair.nobody {
                    evaluations[count] = Evaluation(
                        known.destination, isEgress: false, outcome: known.ingress)
                    outcomes[count] = known.ingress
                    count &+= 1
                }
                answers[place] = FrameAnswer(
                    reason: .noInterface, firstEvaluation: first, end: count)
                answers[place].combine(evaluations.span)
                continue
            }
            let owners = probes.owners[missedCount]
            missedCount &+= 1
            if owners.source != OwnerPair.nobody {
                evaluations[count] = Evaluation(owners.source, isEgress: true)
                outcomes[count] = .undecided
                count &+= 1
            }
            if owners.destination != OwnerPair.nobody {
                evaluations[count] = Evaluation(owners.destination, isEgress: false)
                outcomes[count] = .undecided
                count &+= 1
            }
            let isPacket = frames.headers[place].has(PacketHeader.Trait.packet)
            answers[place] = FrameAnswer(
                reason: isPacket ? .noInterface : frames.facts[place].failure ?? .malformed,
                firstEvaluation: first, end: count)
        }
        return count
    }

    /// Has the memo know the flows that it did not, but for those about which the tables were not asked.
    ///
    /// - Precondition: ``outcomes`` has what the tables say, not what sessions make of it.
    mutating func recordFlows(of frames: borrowing DecodedFrames) {
        for (index, missed) in probes.missed.enumerated() where missed.isKept {
            let owners = probes.owners[index]
            let evaluations = answers[missed.place].evaluations
            if evaluations.contains(where: { outcomes[$0].isUndecided }) { continue }
            var answer = FlowMemo.Answer(source: owners.source, destination: owners.destination)
            if owners.source != OwnerPair.nobody {
                answer.egress = outcomes[evaluations.lowerBound]
            }
            if owners.destination != OwnerPair.nobody {
                answer.ingress = outcomes[evaluations.upperBound - 1]
            }
            flowMemo.record(answer, for: frames.headers[missed.place])
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

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
            answered.removeAll(keepingCapacity: true)
            probes.look(
                for: frames, in: flowMemo, isCounting: countsFlows && policy == .stateless,
                &counters.sums, &answered)
            probes.findOwners(in: fleet.tables)
            let failures = settleUnclearOwners(of: frames, vpc)
            placeByAddress(frames)
            for failure in failures { answers[failure.place].fail(failure.reason) }
        case .bound(let interface, let direction):
            probes.missAll(frames.count)
            answers.removeAll(keepingCapacity: true)
            evaluations.removeAll(keepingCapacity: true)
            for index in 0..<frames.count {
                placeBound(index, of: frames, interface, direction)
            }
            answerAll()
        }
    }

    /// Notes that each packet has an answer.
    mutating func answerAll() {
        evaluationCount = evaluations.count
        answered.removeAll(keepingCapacity: true)
        answered.append(contentsOf: answers.indices)
    }

    private mutating func placeByAddress(_ frames: borrowing DecodedFrames) {
        answers.grow(to: frames.count, with: .unplaced)
        evaluations.grow(to: 2 * frames.count, with: .unplaced)
        var tracing = policy == .stateless ? Tracing.none : .here
        if countsFlows, policy != .stateless {
            tracing = .done
            evaluationCount = Evaluator.trace(
                frames, probes, flowMemo, &passages, &answers, &answered, &counters.sums)
        }
        let count = Evaluator.answer(
            answered, frames, probes, flowMemo, tracing, &answers, &evaluations, &outcomes,
            &passages)
        if tracing != .done { evaluationCount = count }
        // Who counts with flows reads those that are answered, and leaves room where it is.
        if countsFlows { return }
        answers.removeLast(answers.count - frames.count)
        evaluations.removeLast(evaluations.count - evaluationCount)
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

    /// When known flows' records are traced: not at all without sessions, with the answers, or before them, to count
    /// those packets that need none.
    private enum Tracing { case none, here, done }

    /// Traces packets of known flows, where connections are tracked and flows counted; the result is the number of
    /// evaluations.
    ///
    /// Packets with a record at each interface are counted. The places of others are written to `answered`, and where
    /// their evaluations begin to `answers`.
    ///
    /// - Precondition: there is room for an answer and two passages a packet.
    private static func trace(
        _ frames: borrowing DecodedFrames, _ probes: borrowing FlowProbes,
        _ memo: borrowing FlowMemo, _ passages: inout [Passage], _ answers: inout [FrameAnswer],
        _ answered: inout [Int], _ sums: inout [PacketSum]
    ) -> Int {
        var passages = passages.mutableSpan
        var answers = answers.mutableSpan
        var sums = sums.mutableSpan
        let (slots, facts, owners) = (probes.slots.span, frames.facts.span, probes.owners.span)
        let undecided = Outcome.undecided
        var count = 0
        answered.removeAll(keepingCapacity: true)
        for place in slots.indices {
            let first = count
            if slots[place] < FlowProbes.isMissed {
                let slot = Int(slots[place])
                let (known, traces) = (memo.answer(inSlot: slot), memo.traces(inSlot: slot))
                write(traces, of: known, facts[place], place, at: first, to: &passages)
                count &+= known.evaluationCount
                if traces.count == known.evaluationCount, known.isCounted {
                    sums[Int(known.counter)].addUntimed(facts[place])
                    continue
                }
            } else if slots[place] != FlowProbes.noPacket {
                count &+= knownFlow(slots[place], owners, undecided, memo).evaluationCount
            }
            answers[place] = FrameAnswer(reason: .noInterface, firstEvaluation: first, end: first)
            answered.append(place)
        }
        return count
    }

    /// Writes the passages of a packet of a known flow, the first at place `first`.
    @inline(__always)
    private static func write(
        _ traces: FlowMemo.Traces, of known: KnownFlow, _ facts: FrameFacts, _ place: Int,
        at first: Int, to passages: inout MutableSpan<Passage>
    ) {
        let time = SessionTime(facts.time)
        // Both are written in any case, and written over unless they count.
        passages[first] = Passage(
            of: place, at: known.source, isEgress: true, time, following: traces.egress)
        passages[first &+ known.egressCount] = Passage(
            of: place, at: known.destination, isEgress: false, time, following: traces.ingress)
    }

    /// Writes the answers and evaluations of the packets at `places` by what is known of their flows, or by their
    /// owners; the result is the number of evaluations. An evaluation that is traced to a record is established.
    ///
    /// - Precondition: there is room for an answer and two evaluations, outcomes and passages a packet; where flows
    ///   were traced before, `answers` have it where the evaluations begin.
    private static func answer(
        _ places: [Int], _ frames: borrowing DecodedFrames, _ probes: borrowing FlowProbes,
        _ memo: borrowing FlowMemo, _ tracing: Tracing, _ answers: inout [FrameAnswer],
        _ evaluations: inout [Evaluation], _ outcomes: inout [Outcome],
        _ passages: inout [Passage]
    ) -> Int {
        var answers = answers.mutableSpan
        var evaluations = evaluations.mutableSpan
        var outcomes = outcomes.mutableSpan
        var passages = passages.mutableSpan
        let (places, owners) = (places.span, probes.owners.span)
        let (slots, facts) = (probes.slots.span, frames.facts.span)
        let (undecided, established) = (Outcome.undecided, Outcome.established)
        var count = 0
        for index in places.indices {
            let place = places[index]
            let first = tracing == .done ? answers[place].evaluations.lowerBound : count
            guard slots[place] != FlowProbes.noPacket else {
                answers[place] = FrameAnswer(
                    reason: facts[place].failure ?? .malformed, firstEvaluation: first, end: first)
                continue
            }
            let known = knownFlow(slots[place], owners, undecided, memo)
            let second = first &+ known.egressCount
            count = first &+ known.evaluationCount
            var (egress, ingress) = (known.egress, known.ingress)
            outcomes[first] = egress
            outcomes[second] = ingress
            var answer = FrameAnswer(known, firstEvaluation: first)
            if tracing != .none, slots[place] < FlowProbes.isMissed {
                let traces = memo.traces(inSlot: Int(slots[place]))
                if tracing == .here {
                    write(traces, of: known, facts[place], place, at: first, to: &passages)
                }
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
    /// Appends copies of `element` until there are at least `count`.
    fileprivate mutating func grow(to count: Int, with element: Element) {
        guard self.count < count else { return }
        append(contentsOf: repeatElement(element, count: count - self.count))
    }
}

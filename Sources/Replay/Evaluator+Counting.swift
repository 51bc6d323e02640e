internal import Captures
internal import FilterTables
internal import Sessions

/// Packets that are counted with their flow, where nobody asks for an answer to each.
///
///     a packet of a known flow               stateless   with sessions
///     whose sessions go on, all that answer  –           counted
///     that no interface evaluates            counted     counted
///     others                                 counted     answered: sessions have to judge it
extension Evaluator {
    /// Moves what was counted with flows to `tally`: before any call, and before anyone reads the tally.
    mutating func moveCounts(to tally: inout Tally) { counters.move(to: &tally) }

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
            var answer = KnownFlow(
                source: owners.source, destination: owners.destination, egress: egress,
                ingress: ingress)
            giveCounter(to: &answer, frames.facts[missed.place])
            flowMemo.record(
                answer, traces, for: frames.headers[missed.place], inSlot: Int(missed.slot))
        }
    }

    /// Gives a flow its counter; `frame` is one of its packets.
    private mutating func giveCounter(to flow: inout KnownFlow, _ frame: FrameFacts) {
        guard countsFlows else { return }
        flow.counter =
            policy == .stateless
            ? counters.number(of: flow, at: frame.captureTime)
            : FlowCounters.ofSessions(flow.evaluationCount)
    }

    /// Answers the packet of a passage after all, if it was counted with its flow: a session of it does not go on.
    ///
    /// - Precondition: ``flowMemo`` is as it was when the packet was placed.
    mutating func takeBack(_ index: Int, of frames: borrowing DecodedFrames) {
        let place = Int(passages[index].frame)
        guard countsFlows, answered.last != place, let slot = probes.knownSlot(of: place) else {
            return
        }
        let (known, traces) = (flowMemo.answer(inSlot: slot), flowMemo.traces(inSlot: slot))
        guard known.isCounted, traces.count == known.evaluationCount else { return }
        counters.sums[Int(known.counter)].remove(frames.facts[place])
        let first = index - (passages[index].isEgress ? 0 : known.egressCount)
        for index in first..<first + known.evaluationCount {
            let isEgress = passages[index].isEgress
            outcomes[index] = isEgress ? known.egress : known.ingress
            evaluations[index] = Evaluation(
                isEgress ? known.source : known.destination, isEgress: isEgress,
                outcome: .established)
        }
        answers[place] = FrameAnswer(
            known, traces.count, .established, .established, .established, firstEvaluation: first)
        answered.append(place)
    }
}

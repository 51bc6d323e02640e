internal import Captures
internal import CloudModel
internal import FilterTables
internal import Sessions

/// A batch that was decided in another world before.
///
///     the other world's evaluation           here
///     out of reach of the calls, stateless   the same
///     by a session that has a twin           the same, if the twin goes on; else judged as any packet
///     others                                 sessions are asked, then tables, these only within reach
extension Evaluator {
    /// Decides the frames of `batch` at the interfaces where `other` has it that they were decided. The tables
    /// are asked only about what is within `reach` of the calls; about the rest they say the same.
    ///
    /// - Precondition: `other` is of the same batch, and each interface has the same place and addresses in
    ///   both fleets. What is not reached is decided by rules with equal numbers.
    /// - Complexity: O(frames), and for those that `other`'s answer does not settle that of a decision.
    mutating func evaluate(
        _ batch: borrowing FrameBatch, as other: BatchDecisions, beyond reach: Reach
    ) {
        batchHasFragments = other.hasFragments
        makeRoomForOutcomes(other.evaluations.count)
        answers.removeAll(keepingCapacity: true)
        answers.append(contentsOf: other.answers)
        evaluations.removeAll(keepingCapacity: true)
        evaluations.append(contentsOf: other.evaluations)
        answerAll()
        findUnsettled(other.passages, reach)
        Evaluator.open(
            probes.missed, passages, &answers, &evaluations, &outcomes,
            knowing: other.outcomes, beyond: reach)
        askTables(about: batch.decoded)
        finish(batch)
        noteTwins(of: other.passages)
    }

    /// Finds the packets to which the other world's answers need not be this world's: they count as missed.
    /// Where connections are tracked, `others` are the other world's passages.
    private mutating func findUnsettled(_ others: [Passage], _ reach: Reach) {
        if policy != .stateless {
            probes.begin()
            beginSearch()
            Evaluator.findUntraced(
                evaluations, others, twins, &passages, &probes, &searched, &unanswered)
        } else if batchHasFragments {
            // Later ones follow what was remembered here.
            probes.missAll(answers.count)
        } else {
            probes.begin()
            Evaluator.findReached(answers, evaluations, reach, &probes)
        }
    }

    private static func findReached(
        _ answers: [FrameAnswer], _ evaluations: [Evaluation], _ reach: Reach,
        _ probes: inout FlowProbes
    ) {
        let (answers, evaluations) = (answers.span, evaluations.span)
        for place in answers.indices {
            for index in answers[place].evaluations
            where reach.holds(evaluations[index].outcome, at: evaluations[index].interface) {
                probes.miss(place)
                break
            }
        }
    }

    /// Where the other world has no session either, there is most likely none: it is not searched before the
    /// packet is judged.
    private static func findUntraced(
        _ evaluations: [Evaluation], _ others: [Passage], _ twins: RecordTwins,
        _ passages: inout [Passage], _ probes: inout FlowProbes, _ searched: inout [Int],
        _ unanswered: inout [Int]
    ) {
        let (evaluations, others) = (evaluations.span, others.span)
        var passages = passages.mutableSpan
        var lastFrame = UInt32.max
        for index in evaluations.indices {
            let passage = twins.twin(of: others[index])
            passages[index] = passage
            if passage.trace.isKnown, evaluations[index].outcome.kind.isOfSession { continue }
            if passage.frame != lastFrame {
                lastFrame = passage.frame
                probes.miss(Int(lastFrame))
            }
            if passage.trace.isKnown { continue }
            if others[index].trace.isKnown {
                searched.append(index)
            } else {
                unanswered.append(index)
            }
        }
    }

    /// Takes the answers to packets that were missed back, but for what sessions answer here. What the tables said
    /// to the other world stays known beyond `reach`.
    private static func open(
        _ missed: [FlowProbes.Missed], _ passages: [Passage], _ answers: inout [FrameAnswer],
        _ evaluations: inout [Evaluation], _ outcomes: inout [Outcome],
        knowing others: [Outcome], beyond reach: Reach
    ) {
        var answers = answers.mutableSpan
        var evaluations = evaluations.mutableSpan
        var outcomes = outcomes.mutableSpan
        let (undecided, established) = (Outcome.undecided, Outcome.established)
        // Where a session does not go on after all, the tables are asked then.
        for index in evaluations.indices { outcomes[index] = undecided }
        for missed in missed {
            answers[missed.place] = answers[missed.place].unanswered
            for index in answers[missed.place].evaluations {
                evaluations[index] = evaluations[index].unanswered
                if passages[index].trace.isKnown { evaluations[index].outcome = established }
                if !reach.holds(others[index], at: evaluations[index].interface) {
                    outcomes[index] = others[index]
                }
            }
        }
    }

    /// Notes the twins of records that came to stand for other flows.
    private mutating func noteTwins(of others: [Passage]) {
        guard policy != .stateless else { return }
        for index in searched { twins.note(passages[index].trace, of: others[index].trace) }
        for index in retraced { twins.note(passages[index].trace, of: others[index].trace) }
    }
}

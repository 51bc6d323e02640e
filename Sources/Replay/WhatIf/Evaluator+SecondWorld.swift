internal import Captures
internal import CloudModel
internal import FilterTables
internal import Sessions

/// A batch that was decided in another world before.
extension Evaluator {
    /// Decides the frames of `batch` at the interfaces where `other` decided them. The tables are asked
    /// only for those interfaces at whose places `isReached` is set; to the others they say the same.
    ///
    /// - Precondition: `other` evaluated the same batch last, and each interface has the same place and
    ///   addresses in both fleets. What is not reached is decided by rules with equal numbers.
    mutating func evaluate(
        _ batch: borrowing FrameBatch, placedBy other: inout Evaluator, isReached: [Bool]
    ) {
        isSecondWorld = true
        makeRoomForOutcomes(other.evaluations.count)
        if policy != .stateless { other.track(batch.decoded) }
        // Lent, not copied: what is asked, and what sessions look at, is the same.
        exchangeQuestions(with: &other)
        defer { exchangeQuestions(with: &other) }
        formerRules.removeAll(keepingCapacity: true)
        batchHasFragments = other.batchHasFragments
        Evaluator.takeQuestions(of: other.answers, into: &answers)
        Evaluator.takeQuestions(of: other.evaluations, into: &evaluations)
        Evaluator.takeOutcomes(of: other.outcomes, evaluations, unless: isReached, into: &outcomes)
        probes.missAll(batch.count)
        if policy == .stateless {
            queries.ask(
                about: probes.missed, answers, evaluations, batch.decoded.headers, outcomes)
        } else {
            sessions.lookUp(tracked, &lookups)
            queries.ask(
                about: lookups.unanswered, passages, evaluations, batch.decoded.headers, outcomes)
        }
        queries.decide(with: &decider, into: &outcomes)
        finish(batch)
    }

    private mutating func exchangeQuestions(with other: inout Evaluator) {
        swap(&passages, &other.passages)
        swap(&tracked, &other.tracked)
    }

    /// Copied whole, and without their answers then: an array looks after its memory at each element
    /// that it appends.
    private static func takeQuestions(of others: [FrameAnswer], into answers: inout [FrameAnswer]) {
        answers.removeAll(keepingCapacity: true)
        answers.append(contentsOf: others)
        var room = answers.mutableSpan
        for index in room.indices { room[index] = room[index].unanswered }
    }

    private static func takeQuestions(of others: [Evaluation], into evaluations: inout [Evaluation])
    {
        evaluations.removeAll(keepingCapacity: true)
        evaluations.append(contentsOf: others)
        var room = evaluations.mutableSpan
        for index in room.indices { room[index] = room[index].unanswered }
    }

    /// Takes what the tables said to `others`, as far as they were asked. At the interfaces whose places
    /// are set in `isReached` they may say something else by now.
    private static func takeOutcomes(
        of others: [Outcome], _ evaluations: [Evaluation], unless isReached: [Bool],
        into outcomes: inout [Outcome]
    ) {
        var room = outcomes.mutableSpan
        for index in evaluations.indices {
            room[index] = isReached[evaluations[index].interface] ? .undecided : others[index]
        }
    }
}

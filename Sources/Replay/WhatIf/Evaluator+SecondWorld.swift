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
        // Lent, not copied: what is asked, and what sessions look at, is the same.
        exchangeQuestions(with: &other)
        defer { exchangeQuestions(with: &other) }
        formerRules.removeAll(keepingCapacity: true)
        batchHasFragments = other.batchHasFragments
        Evaluator.takeQuestions(of: other.answers, into: &answers)
        Evaluator.takeQuestions(of: other.evaluations, into: &evaluations)
        makeRoomForOutcomes(evaluations.count)
        if policy == .stateless {
            lookups.answerNone(ofPackets: evaluations.count)
        } else {
            sessions.lookUp(tracked, &lookups)
        }
        decideUnanswered(as: other, isReached)
        finish(batch)
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

    private mutating func exchangeQuestions(with other: inout Evaluator) {
        swap(&queries, &other.queries)
        swap(&tracked, &other.tracked)
    }

    /// Asks the tables about those packets that no session is likely to answer for, if they can say
    /// something else than those of `other` said.
    private mutating func decideUnanswered(as other: borrowing Evaluator, _ isReached: [Bool]) {
        askedQueries.removeAll(keepingCapacity: true)
        Evaluator.clear(&outcomes, upTo: evaluations.count)
        for index in lookups.unanswered {
            if isReached[evaluations[index].interface] {
                askedQueries.append(queries[index])
            } else {
                outcomes[index] = other.outcomes[index]
            }
        }
        Evaluator.decide(askedQueries, with: &decider, into: &askedOutcomes)
        var next = 0
        for index in lookups.unanswered where isReached[evaluations[index].interface] {
            outcomes[index] = askedOutcomes[next]
            next += 1
        }
    }
}

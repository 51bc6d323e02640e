internal import Captures
internal import CloudModel
internal import FilterTables

/// A batch that was decided in another world before.
extension Evaluator {
    /// Decides the frames of `batch` at the interfaces where `other` decided them. The tables are asked
    /// only for those interfaces at whose places `isReached` is set; to the others they say the same.
    ///
    /// - Precondition: `other` evaluated the same batch last, and each interface has the same place and
    ///   addresses in both fleets. What is not reached is decided by rules with equal numbers.
    mutating func evaluate(
        _ batch: borrowing FrameBatch, placedBy other: borrowing Evaluator, isReached: [Bool]
    ) {
        answers.removeAll(keepingCapacity: true)
        evaluations.removeAll(keepingCapacity: true)
        formerRules.removeAll(keepingCapacity: true)
        batchHasFragments = other.batchHasFragments
        for answer in other.answers { answers.append(answer.unanswered) }
        probes.missAll(batch.count)
        queries.removeAll()
        for place in answers.indices {
            for index in answers[place].evaluations {
                let evaluation = other.evaluations[index].unanswered
                evaluations.append(evaluation)
                if isReached[evaluation.interface] {
                    queries.append(
                        batch.decoded.headers[place], at: UInt32(evaluation.interface),
                        isEgress: evaluation.direction == .egress, for: index)
                }
            }
        }
        makeRoomForOutcomes(evaluations.count)
        for index in evaluations.indices { outcomes[index] = other.outcomes[index] }
        queries.decide(with: &decider, into: &outcomes)
        if policy != .stateless { track(as: other) }
        finish(batch)
    }
}

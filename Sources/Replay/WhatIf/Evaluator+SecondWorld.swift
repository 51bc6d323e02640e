import FilterTables

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
        queries.removeAll(keepingCapacity: true)
        for index in other.evaluations.indices {
            evaluations.append(other.evaluations[index].unanswered)
            if isReached[other.evaluations[index].interface] {
                queries.append(other.queries[index])
            }
        }
        makeRoomForOutcomes(evaluations.count)
        Evaluator.decide(queries, with: &decider, into: &outcomes)
        // From the end on, so that no outcome is overwritten before it has moved to its place.
        var next = queries.count
        for index in evaluations.indices.reversed() {
            if isReached[evaluations[index].interface] {
                next -= 1
                outcomes[index] = outcomes[next]
            } else {
                outcomes[index] = other.outcomes[index]
            }
        }
        if policy != .stateless { track(as: other) }
        finish(batch)
    }
}

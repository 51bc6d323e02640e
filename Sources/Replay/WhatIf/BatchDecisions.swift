internal import FilterTables
internal import Sessions

/// What one world decided of a batch, for another to go by and to compare.
///
/// Its arrays, because to lend an evaluator whole copies it.
struct BatchDecisions {
    let answers: [FrameAnswer]
    let evaluations: [Evaluation]
    /// For each evaluation what the tables say, if they were asked.
    let outcomes: [Outcome]
    /// For each evaluation, where connections are tracked, where its packet passes and the record that it left.
    let passages: [Passage]
    let hasFragments: Bool
}

extension Evaluator {
    /// What is decided of the last batch.
    var decisions: BatchDecisions {
        BatchDecisions(
            answers: answers, evaluations: evaluations, outcomes: outcomes, passages: passages,
            hasFragments: batchHasFragments)
    }
}

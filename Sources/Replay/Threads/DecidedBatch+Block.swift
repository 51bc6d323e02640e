internal import FilterTables

extension DecidedBatch {
    /// The frames of a block in their order, from all lanes.
    init(_ block: Block, _ names: DecisionNames) {
        var answers: [FrameAnswer] = []
        var evaluations: [Evaluation] = []
        var formerRules: [RuleOrigin] = []
        answers.reserveCapacity(block.count)
        evaluations.reserveCapacity(2 * block.count)
        // In each lane, how many frames were taken, and where its former rules begin.
        var taken = Array(repeating: 0, count: block.shares.count)
        var firstRules = taken
        for (lane, share) in block.shares.enumerated() {
            firstRules[lane] = formerRules.count
            formerRules += share.formerRules
        }
        for lane in block.lanes.lazy.map(Int.init) {
            let share = block.shares[lane]
            let answer = share.answers[taken[lane]]
            taken[lane] += 1
            answers.append(
                answer.moved(by: evaluations.count - answer.evaluations.lowerBound))
            for index in answer.evaluations {
                var evaluation = share.evaluations[index]
                if let rule = evaluation.formerRule {
                    evaluation.formerRule = rule + firstRules[lane]
                }
                evaluations.append(evaluation)
            }
        }
        self.init(
            block.whole, ofCapture: block.capture, answers, evaluations,
            DecisionNames(
                tables: names.tables, networkInterfaces: names.networkInterfaces,
                formerRules: formerRules))
    }
}

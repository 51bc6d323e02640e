internal import FilterTables

/// The parts of a block with the answers of all lanes, in the order of their frames.
struct ObservedParts {
    private let block: Block
    private var partCount = 0
    /// In each lane how many frames were taken.
    private var taken: [Int]
    /// The former rules of all lanes, and where each lane's begin.
    private var formerRules: [RuleOrigin] = []
    private var firstRules: [Int] = []

    init(_ block: Block) {
        self.block = block
        taken = Array(repeating: 0, count: block.shares.count)
        for share in block.shares {
            firstRules.append(formerRules.count)
            formerRules += share.formerRules
        }
    }

    /// The next part; `nil` when there is none.
    mutating func next(_ names: DecisionNames) -> DecidedBatch? {
        guard partCount < block.parts.count else { return nil }
        let part = block.parts[partCount]
        partCount += 1
        var answers: [FrameAnswer] = []
        var evaluations: [Evaluation] = []
        answers.reserveCapacity(part.frames.count)
        evaluations.reserveCapacity(2 * part.frames.count)
        for index in part.frames { take(Int(block.lanes[index]), &answers, &evaluations) }
        let names = DecisionNames(
            tables: names.tables, networkInterfaces: names.networkInterfaces,
            formerRules: formerRules)
        var batch = FrameBatch(keepsBytes: block.whole.keepsBytes)
        batch.begin(at: part.origin)
        batch.append(part.frames, of: block.whole)
        return DecidedBatch(batch, ofCapture: part.capture, answers, evaluations, names)
    }

    /// Takes the next frame of a lane.
    private mutating func take(
        _ lane: Int, _ answers: inout [FrameAnswer], _ evaluations: inout [Evaluation]
    ) {
        let share = block.shares[lane]
        let answer = share.answers[taken[lane]]
        taken[lane] += 1
        answers.append(answer.moved(by: evaluations.count - answer.evaluations.lowerBound))
        for index in answer.evaluations {
            var evaluation = share.evaluations[index]
            evaluation.formerRule = evaluation.formerRule.map { $0 + firstRules[lane] }
            evaluations.append(evaluation)
        }
    }
}

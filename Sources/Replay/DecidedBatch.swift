package import CloudModel
package import FilterTables

/// Someone who looks at each batch behind the decision: writes lines, shows progress.
///
/// It is called once a batch, never once a packet, in the order of the frames and by one thread at a
/// time, whatever the number of threads that decide. A replay without observers pays nothing for them, nor for answers
/// to packets of flows that it knows: see ``FlowCounters``.
package protocol FrameObserver: AnyObject {
    /// Whether batches keep the frames' bytes for it: see ``DecidedBatch/keptFrames``.
    var needsFrameBytes: Bool { get }

    /// Looks at a batch and its answers, and says whether the replay goes on.
    func observe(_ batch: DecidedBatch) -> Bool
}

extension FrameObserver {
    /// No.
    package var needsFrameBytes: Bool { false }
}

/// Consecutive frames of one capture and what became of them, in the order of the capture.
///
///     frames       0      1      2      3 …
///                  │      │      │╲
///     answers      0      1      2      3 …     verdict, reason, stretch of evaluations
///                  │      ·      │╲             (frame 1 has no packet or no interface)
///     evaluations  0             1 2    3 …     interface, direction, outcome
///
/// A value whose arrays are used again for the next batch: an observer that keeps one costs the replay
/// new arrays.
package struct DecidedBatch: Sendable {
    /// The capture's place among those that were given.
    package let capture: Int
    /// The capture's path as it was given.
    package let path: String
    /// How many frames of the capture came before this batch.
    package let framesBefore: Int
    /// How far the file had been read behind this batch, in bytes; `nil` where it cannot be told.
    package let byteOffset: Int?
    package let frames: BatchedFrames
    /// The frames as the file holds them; nothing unless an observer needs them.
    package let keptFrames: KeptFrames
    /// For each frame.
    package let answers: [FrameAnswer]
    /// What the interfaces said, in the order of the frames; where two evaluate a packet, egress comes
    /// first.
    package let evaluations: [Evaluation]
    /// The names behind the numbers of ``answers`` and ``evaluations``.
    package let names: DecisionNames

    init(
        _ batch: borrowing FrameBatch, ofCapture capture: Int, by evaluator: borrowing Evaluator
    ) {
        self.init(
            batch, ofCapture: capture, evaluator.answers, evaluator.evaluations, evaluator.names)
    }

    /// The frames of `batch`, of which others are the answers.
    init(
        _ batch: borrowing FrameBatch, ofCapture capture: Int, _ answers: [FrameAnswer],
        _ evaluations: [Evaluation], _ names: DecisionNames
    ) {
        self.capture = capture
        path = batch.origin.path
        framesBefore = batch.origin.framesBefore
        byteOffset = batch.origin.byteOffset
        frames = batch.frames
        keptFrames = batch.keptFrames
        self.answers = answers
        self.evaluations = evaluations
        self.names = names
    }

    /// An evaluation with the names that people know.
    package func decision(of evaluation: Evaluation) -> Decision { names.decision(of: evaluation) }

    /// An answer with the names that people know.
    package func decision(of answer: FrameAnswer) -> Decision {
        answer.deciding.map { decision(of: evaluations[$0]) }
            ?? Decision(answer.verdict, answer.reason)
    }
}

/// The names of rules and interfaces, while the tables are as they were for a batch.
package struct DecisionNames: Sendable {
    package let tables: FilterTables
    /// By an interface's place in the fleet's list.
    package let networkInterfaces: [NetworkInterfaceID]
    /// The rules behind ``Evaluation/formerRule``: the tables do not have them any more.
    package let formerRules: [RuleOrigin]

    /// The rule that decided, and its group; `nil` if none did.
    package func rule(of evaluation: Evaluation) -> RuleOrigin? {
        evaluation.outcome.rule.map(tables.rule) ?? evaluation.formerRule.map { formerRules[$0] }
    }

    /// An evaluation with the names that people know.
    package func decision(of evaluation: Evaluation) -> Decision {
        let origin = rule(of: evaluation)
        return Decision(
            evaluation.outcome.verdict, evaluation.outcome.reason, rule: origin?.rule,
            securityGroup: origin?.securityGroup,
            networkInterface: networkInterfaces[evaluation.interface],
            direction: evaluation.direction)
    }
}

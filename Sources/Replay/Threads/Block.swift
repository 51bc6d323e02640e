internal import Captures
internal import FilterTables

/// Consecutive frames on their way through the lanes.
///
///     whole   │ 0 │ 1 │ 2 │ 3 │ 4 │ 5 │ …   with its lane, each
///     parts   │ web.pcap  │ db.pcap   │ …   in the order of time captures take turns
final class Block {
    /// The frames in their order, and each one's lane.
    var whole: FrameBatch
    var lanes: [UInt8] = []
    /// For each stretch of frames the capture that they are of.
    private(set) var parts: [Part] = []
    /// For each lane what became of its frames.
    let shares: [LaneShare]

    /// Consecutive frames of one capture.
    struct Part {
        /// The capture's place among those given.
        let capture: Int
        var frames: Range<Int>
        var origin: BatchOrigin
    }

    init(laneCount: Int, decapsulating encapsulation: Encapsulation?, keepsBytes: Bool) {
        shares = (0..<laneCount).map { _ in LaneShare() }
        whole = FrameBatch(decapsulating: encapsulation, keepsBytes: keepsBytes)
    }

    /// Takes everything out.
    func removeAll() {
        whole.removeFrames()
        lanes.removeAll(keepingCapacity: true)
        parts.removeAll(keepingCapacity: true)
    }

    /// Notes that the last frames, those that no part has yet, are of a capture.
    func addPart(ofCapture capture: Int, _ origin: BatchOrigin) {
        let start = parts.last?.frames.upperBound ?? 0
        guard start < whole.count else { return }
        guard let last = parts.last, last.capture == capture else {
            parts.append(Part(capture: capture, frames: start..<whole.count, origin: origin))
            return
        }
        var origin = origin
        origin.framesBefore = last.origin.framesBefore
        parts[parts.count - 1] = Part(
            capture: capture, frames: last.frames.lowerBound..<whole.count, origin: origin)
    }
}

/// What became of a lane's part of a block; nothing unless somebody observes.
final class LaneShare {
    private(set) var answers: [FrameAnswer] = []
    private(set) var evaluations: [Evaluation] = []
    private(set) var formerRules: [RuleOrigin] = []

    func removeAll() {
        answers.removeAll(keepingCapacity: true)
        evaluations.removeAll(keepingCapacity: true)
        formerRules.removeAll(keepingCapacity: true)
    }

    /// Appends what became of the lane's next frames.
    func append(_ evaluator: borrowing Evaluator) {
        for answer in evaluator.answers { answers.append(answer.moved(by: evaluations.count)) }
        for var evaluation in evaluator.evaluations {
            evaluation.formerRule = evaluation.formerRule.map { $0 + formerRules.count }
            evaluations.append(evaluation)
        }
        formerRules += evaluator.formerRules
    }
}

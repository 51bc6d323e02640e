internal import FilterTables
internal import Sessions

/// All flows of some shards: who decides their packets, and what is counted of them.
///
/// Flows of different shards have nothing in common but the tables, so lanes go their ways; see
/// ``ThreadedRun``. One thread at a time.
final class Lane {
    var evaluator: Evaluator
    var tally: Tally

    init(_ fleet: CompiledFleet, sessions policy: SessionPolicy) {
        evaluator = Evaluator(fleet.forReading, sessions: policy)
        tally = Tally(ruleNumberLimit: fleet.tables.ruleNumberLimit)
    }

    /// Whether any packet left something behind.
    var hasFlows: Bool { evaluator.hasFlows }

    /// Decides the lane's frames of a block and counts them.
    func decide(_ batch: borrowing FrameBatch, at placement: Placement) {
        evaluator.evaluate(batch, at: placement)
        tally.add(batch, evaluator)
    }
}

/// Consecutive frames of one capture on their way through the lanes.
final class Block {
    /// The capture's place among those given.
    var capture = 0
    /// For each lane its frames, and what became of them.
    let shares: [LaneShare]
    /// The frames in their order, their bytes if they are kept, and each one's lane; nothing unless
    /// somebody observes.
    var whole: FrameBatch
    var lanes: [UInt8] = []
    /// How many frames there are in all shares.
    var count = 0

    init(laneCount: Int, keepsBytes: Bool) {
        shares = (0..<laneCount).map { _ in LaneShare() }
        whole = FrameBatch(keepsBytes: keepsBytes)
    }

    /// Empties the block for frames that follow in the capture of `source`, from place `index` on.
    func begin(_ source: borrowing FrameBatch, from index: Int, ofCapture capture: Int) {
        self.capture = capture
        count = 0
        lanes.removeAll(keepingCapacity: true)
        whole.begin(as: source, from: index)
        for share in shares { share.batch.begin(as: source, from: index) }
    }
}

/// A lane's part of a block.
final class LaneShare {
    var batch = FrameBatch()
    // What became of the frames; nothing unless somebody observes.
    var answers: [FrameAnswer] = []
    var evaluations: [Evaluation] = []
    var formerRules: [RuleOrigin] = []
}

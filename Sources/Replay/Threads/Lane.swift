internal import FilterTables
internal import Sessions

/// All flows of some shards: who decides their packets, and what is counted of them.
///
/// Flows of different shards have nothing in common but the tables, so lanes go their ways; see
/// ``ThreadedRun``. One thread at a time.
final class Lane {
    var evaluator: Evaluator
    var tally: Tally
    /// The lane's frames of the block at hand.
    private var batch = FrameBatch()

    init(_ fleet: CompiledFleet, sessions policy: SessionPolicy, countsFlows: Bool) {
        evaluator = Evaluator(fleet.forReading, sessions: policy, countsFlows: countsFlows)
        tally = Tally(ruleNumberLimit: fleet.tables.ruleNumberLimit)
    }

    /// Whether any packet left something behind.
    var hasFlows: Bool { evaluator.hasFlows }

    /// Decides frames and counts them.
    func decide(_ batch: borrowing FrameBatch, at placement: Placement) {
        evaluator.evaluate(batch, at: placement)
        tally.add(batch, evaluator.answered, evaluator.answers, evaluator.evaluations)
    }

    /// Completes the tally.
    func moveCounts() { evaluator.moveCounts(to: &tally) }

    /// Decides the frames of a block that are the lane's, which has this number, and counts them: in
    /// pieces of one capture each, that stay in the nearest cache.
    func decide(
        _ block: Block, as number: Int, in captures: [CaptureSource], isObserved: Bool
    ) {
        let share = block.shares[number]
        share.removeAll()
        if block.shares.count == 1, block.parts.count == 1 {
            // All frames are the lane's: they are decided where they are.
            block.whole.origin = block.parts[0].origin
            decide(block.whole, at: captures[block.parts[0].capture].placement)
            if isObserved { share.append(evaluator) }
            return
        }
        for part in block.parts {
            let placement = captures[part.capture].placement
            var first = part.frames.lowerBound
            while first < part.frames.upperBound {
                let end = min(first + 2 * FrameBatch.capacity, part.frames.upperBound)
                batch.begin(at: part.origin)
                if block.shares.count == 1 {
                    batch.append(first..<end, of: block.whole)
                } else {
                    batch.append(
                        first..<end, of: block.whole, in: block.lanes,
                        where: UInt8(truncatingIfNeeded: number))
                }
                first = end
                // Appending nothing to an array without memory writes to the empty one that all threads share.
                if batch.count == 0 { continue }
                decide(batch, at: placement)
                if isObserved { share.append(evaluator) }
            }
        }
    }
}

import CloudModel
import FilterTables
import Replay

/// What is written about evaluations, made once for each different one: there are millions of packets
/// and few ways to decide them.
///
/// At most 4,096 texts are kept, each in the one place that its evaluation's fields lead to.
struct EvaluationTexts {
    private let render: (Decision) -> [UInt8]
    /// The names that the texts were made with; numbers mean others in other tables.
    private var names: DecisionNames?
    private var keys = [Key?](repeating: nil, count: EvaluationTexts.capacity)
    private var texts = Array(repeating: [UInt8](), count: EvaluationTexts.capacity)

    private static let capacity = 4096

    /// All that a decision depends on while the tables are the same; -1 is no rule, no interface.
    private struct Key: Equatable {
        let rule: Int
        let interface: Int
        let direction: Direction
        let verdict: Verdict
        let reason: Reason

        init(rule: Int, interface: Int, direction: Direction, verdict: Verdict, reason: Reason) {
            self.rule = rule
            self.interface = interface
            self.direction = direction
            self.verdict = verdict
            self.reason = reason
        }

        init(_ evaluation: Evaluation) {
            self.init(
                rule: evaluation.outcome.rule ?? -1, interface: evaluation.interface,
                direction: evaluation.direction, verdict: evaluation.outcome.verdict,
                reason: evaluation.outcome.reason)
        }

        /// A place below ``EvaluationTexts/capacity``: the product's upper bits.
        var place: Int {
            let fields =
                UInt64(truncatingIfNeeded: rule &+ 1) << 28
                ^ UInt64(truncatingIfNeeded: interface &+ 1) << 4
                ^ (direction == .egress ? 1 : 0) ^ (verdict == .accept ? 2 : 0)
                ^ (reason == .established || reason == .notIP ? 4 : 0)
            return Int(truncatingIfNeeded: (fields &* 0x9E37_79B9_7F4A_7C15) >> 52)
        }
    }

    /// Texts that `render` makes.
    init(_ render: @escaping (Decision) -> [UInt8]) { self.render = render }

    /// Prepares for the evaluations of a batch.
    mutating func begin(_ batch: DecidedBatch) {
        if let names, names.tables.isSameVersion(as: batch.names.tables) { return }
        names = batch.names
        keys = Array(repeating: nil, count: EvaluationTexts.capacity)
    }

    /// The text for an answer of the batch.
    mutating func text(for answer: FrameAnswer, in batch: DecidedBatch) -> [UInt8] {
        if let deciding = answer.deciding {
            return text(for: batch.evaluations[deciding], in: batch)
        }
        let key = Key(
            rule: -1, interface: -1, direction: .ingress, verdict: answer.verdict,
            reason: answer.reason)
        return text(key) { batch.decision(of: answer) }
    }

    /// The text for an evaluation of the batch.
    mutating func text(for evaluation: Evaluation, in batch: DecidedBatch) -> [UInt8] {
        guard evaluation.formerRule == nil else { return render(batch.decision(of: evaluation)) }
        return text(Key(evaluation)) { batch.decision(of: evaluation) }
    }

    private mutating func text(_ key: Key, _ decision: () -> Decision) -> [UInt8] {
        let place = key.place
        if keys[place] != key {
            texts[place] = render(decision())
            keys[place] = key
        }
        return texts[place]
    }
}

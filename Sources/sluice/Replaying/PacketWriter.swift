import Captures
import CloudModel
import Replay

/// Writes the frames with one verdict, or all of them with a comment each, to a capture file.
final class PacketWriter: FrameObserver {
    private let output: CaptureOutput
    private let choice: Choice
    private var comments = EvaluationTexts { decision in Array(decision.comment.utf8) }

    /// Which frames are written, and how.
    enum Choice: Equatable {
        case only(Verdict)
        /// All, with what was decided as a comment.
        case annotated
    }

    var needsFrameBytes: Bool { true }

    init(_ choice: Choice, to output: CaptureOutput) {
        self.choice = choice
        self.output = output
    }

    func observe(_ batch: DecidedBatch) -> Bool {
        comments.begin(batch)
        for index in batch.frames.indices {
            let answer = batch.answers[index]
            switch choice {
            case .only(let verdict):
                if answer.verdict == verdict { write(index, of: batch, comment: []) }
            case .annotated:
                write(index, of: batch, comment: comments.text(for: answer, in: batch))
            }
        }
        return output.failure == nil
    }

    /// Why writing stopped.
    var failure: OutputError? { output.failure }

    /// Completes the file.
    func finish() throws(OutputError) { try output.finish() }

    private func write(_ index: Int, of batch: DecidedBatch, comment: [UInt8]) {
        let kept = batch.keptFrames.frames[index]
        output.append(
            CapturedFrame(batch.frames[index], kept), batch.keptFrames.bytes[kept.range],
            from: batch.path, comment: comment)
    }
}

extension Decision {
    /// The decision as a frame's comment: `drop: rule sgr-1 (sg-a)`, `accept: established`.
    var comment: String {
        guard let rule, let securityGroup else { return "\(verdict.rawValue): \(reason.rawValue)" }
        return "\(verdict.rawValue): rule \(rule.text) (\(securityGroup.text))".printable
    }
}

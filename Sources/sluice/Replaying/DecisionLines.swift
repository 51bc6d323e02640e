import CloudFiles
import CloudModel
import Replay

/// Writes each frame's decision as a line of JSON (FORMATS section 5).
final class DecisionLines: FrameObserver {
    private let output: OutputStorage
    private var writer = JSONWriter()

    init(_ output: OutputStorage) { self.output = output }

    func observe(_ batch: DecidedBatch) -> Bool {
        writer.removeAll()
        for index in batch.frames.indices { write(index, of: batch) }
        output.append(writer.bytes)
        return output.failure == nil
    }

    private func write(_ index: Int, of batch: DecidedBatch) {
        let frame = batch.frames[index]
        let answer = batch.answers[index]
        writer.beginObject()
        writer.write("frame", batch.framesBefore + index + 1)
        writer.write("capture", batch.path)
        writer.write("time", frame.captureTime)
        writer.writeMembers(batch.decision(of: answer))
        if let packet = frame.packet { writer.write("packet", packet) }
        if answer.evaluations.count > 1 {
            writer.beginArray("evaluations")
            for evaluation in answer.evaluations {
                writer.write(batch.decision(of: batch.evaluations[evaluation]))
            }
            writer.endArray()
        }
        writer.endObject()
        writer.endLine()
    }
}

import CloudFiles
import CloudModel
import Questions
import ReferenceFilter

extension Explanation {
    /// The answer as `explain -o json` prints it (FORMATS section 5), with a list of the switches that
    /// the verdict hangs on.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    /// Writes the members of ``json`` into the object that is open.
    func writeMembers(to writer: inout JSONWriter) {
        writer.write("decision", decision)
        writer.beginArray("evaluations")
        for evaluation in evaluations { writer.write(evaluation.decision) }
        writer.endArray()
        writer.beginArray("candidates")
        for evaluation in evaluations { evaluation.writeCandidates(to: &writer) }
        writer.endArray()
        if let reply { writer.write("reply", reply) }
        writer.beginArray("switches")
        for effect in switchEffects {
            writer.beginObject()
            writer.write("switch", effect.name)
            writer.write("value", effect.current)
            writer.write("otherValue", effect.other)
            writer.write("decision", effect.decision)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension ExplainedEvaluation {
    fileprivate func writeCandidates(to writer: inout JSONWriter) {
        for candidate in candidates {
            writer.beginObject()
            writer.write("rule", candidate.rule.id.text)
            writer.write("securityGroup", candidate.securityGroup.text)
            writer.write("direction", candidate.rule.direction.rawValue)
            if let failed = candidate.failed {
                writer.write("failed", failed.rawValue)
            } else {
                writer.write("failed", literal: "null")
            }
            writer.endObject()
        }
    }
}

import CloudFiles
import CloudModel
import Questions
import Replay

/// Why a frame of a capture is accepted or dropped.
///
/// A later fragment whose first one the capture showed before is decided as that one, as in a replay,
/// unless the fleet's `fragments` switch says otherwise. Source: SEMANTICS A.11.
struct ExplainedFrame {
    private let found: FoundFrame
    private let path: String
    /// `nil` if the frame has no packet.
    private let explanation: Explanation?
    /// The frame that decides for this one.
    private let firstFragment: Int?

    init(
        _ found: FoundFrame, of path: String, _ fleet: Fleet, at binding: InterfaceBinding?,
        vpc: VPCID?
    ) {
        self.found = found
        self.path = path
        let first =
            fleet.switches.fragments == .firstFragmentDecides ? found.firstFragment : nil
        firstFragment = first?.number
        let explainer = Explainer(
            fleet, at: binding, vpc: vpc,
            macs: (found.frame.sourceMAC, found.frame.destinationMAC))
        explanation = found.frame.packet.map { packet in
            first.map { explainer.explain($0.packet, for: packet) } ?? explainer.explain(packet)
        }
    }

    /// The answer for people.
    var text: String {
        let place = "frame \(found.number) of \(path.printable), at \(found.time.text)"
        guard let explanation else {
            return "\(decision.verdict): \(decision.sentence)\n\(place)\n"
        }
        guard let firstFragment else { return explanation.text(notes: [place]) }
        return explanation.text(notes: [
            place,
            "a later fragment, which is decided as the first one of its datagram is, "
                + "frame \(firstFragment)",
        ])
    }

    /// The answer as `explain -o json` prints it (FORMATS section 5), with the frame before it.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.write("frame", found.number)
        writer.write("capture", path)
        writer.write("time", found.time)
        if let packet = found.frame.packet { writer.write("packet", packet) }
        if let firstFragment { writer.write("firstFragment", firstFragment) }
        if let explanation {
            explanation.writeMembers(to: &writer)
        } else {
            writer.write("decision", decision)
            for key in ["evaluations", "candidates", "switches"] {
                writer.beginArray(key)
                writer.endArray()
            }
        }
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private var decision: Decision {
        if let explanation { return explanation.decision }
        guard case .none(let reason) = found.frame.content else {
            preconditionFailure("a packet is explained")
        }
        return Decision(.none, reason)
    }
}

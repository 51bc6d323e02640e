import Captures
import CloudFiles
import CloudModel
import Questions
import Replay

private let captureOption = Option(
    "-r", .text("CAPTURE"), summary: "explain a frame of this capture instead of PACKET")
private let frameOption = Option(
    "--frame", .count("N"), summary: "which frame of it, counted from 1")
private let format = Option.format("text", "json")

/// `sluice explain`: the decision for one packet, and why.
let explainCommand = Command(
    "explain", "why one packet is accepted or dropped", optionalOperands: ["PACKET"],
    options: [.fleet, captureOption, frameOption, .decapsulate, .interface, .vpc, format],
    notes: """
        PACKET is one argument, so quote it:
          "tcp 203.0.113.5:40000 > 10.0.1.10:443"       flags S may follow
          "udp [2001:db8::1]:5353 > [2001:db8::2]:53"
          "icmp 10.0.0.1 > 10.0.0.2 type 8 code 0"
          "47 10.0.0.1 > 10.0.0.2"                       any protocol, by number
        Ports, and type and code, may be left out: then only rules that do not ask for them match.
        A packet between two interfaces is explained at both, egress first. Of a packet that is
        accepted it is said what becomes of the reply to it.
        CAPTURE is pcap or pcapng, plain, gzip or zstd; `-` is standard input.
        The answer is that for the first packet of a connection: no session admits it.
        """
) { arguments throws(CommandFailure) in
    let question = try ExplainQuestion(arguments)
    let fleet = try loadFleet(arguments)
    let (binding, vpc) = (try arguments.binding(in: fleet), try arguments.vpc(in: fleet))
    let isJSON = arguments.choice(format) == "json"
    switch question {
    case .packet(let packet):
        let explanation = Explainer(fleet, at: binding, vpc: vpc).explain(packet)
        try printOutput { $0.append(isJSON ? explanation.json : Array(explanation.text.utf8)) }
    case .frame(let number, let path):
        let found = try search(number, path, decapsulating: arguments.encapsulation)
        let explained = ExplainedFrame(found, of: path, fleet, at: binding, vpc: vpc)
        try printOutput { $0.append(isJSON ? explained.json : Array(explained.text.utf8)) }
    }
    return .done
}

/// What `explain` is asked about.
private enum ExplainQuestion {
    case packet(Packet)
    case frame(Int, path: String)

    init(_ arguments: Arguments) throws(CommandFailure) {
        switch (
            arguments.operands.first, arguments.text(captureOption), arguments.count(frameOption)
        ) {
        case (let text?, nil, nil):
            guard !arguments.has(.decapsulate) else {
                throw .usage("`--decapsulate` is for frames of a capture", command: "explain")
            }
            do throws(PacketTextError) {
                self = .packet(try Packet(text))
            } catch {
                throw .usage(error.message, command: "explain")
            }
        case (nil, let path?, let number?): self = .frame(number, path: path)
        default:
            throw .usage(
                "`explain` needs either PACKET or `-r CAPTURE` and `--frame N`",
                command: "explain")
        }
    }
}

private func search(
    _ number: Int, _ path: String, decapsulating encapsulation: Encapsulation?
) throws(CommandFailure) -> FoundFrame {
    do throws(FrameSearchError) {
        return try findFrame(number, inCaptureAt: path, decapsulating: encapsulation)
    } catch {
        throw .input(error.message)
    }
}

import CloudFiles
import CloudModel
import Questions

private let format = Option.format("text", "json")

/// `sluice explain`: the decision for one packet, and why.
let explainCommand = Command(
    "explain", "why one packet is accepted or dropped", operands: ["PACKET"],
    options: [.fleet, .interface, .vpc, format],
    notes: """
        PACKET is one argument, so quote it:
          "tcp 203.0.113.5:40000 > 10.0.1.10:443"       flags S may follow
          "udp [2001:db8::1]:5353 > [2001:db8::2]:53"
          "icmp 10.0.0.1 > 10.0.0.2 type 8 code 0"
          "47 10.0.0.1 > 10.0.0.2"                       any protocol, by number
        Ports, and type and code, may be left out: then only rules that do not ask for them match.
        The answer is that for the first packet of a connection: no session admits it.
        """
) { arguments throws(CommandFailure) in
    let packet: Packet
    do throws(PacketTextError) {
        packet = try Packet(arguments.operands[0])
    } catch {
        throw .usage(error.message, command: "explain")
    }
    let fleet = try loadFleet(arguments)
    let binding = try arguments.binding(in: fleet)
    let explainer = Explainer(fleet, at: binding, vpc: try arguments.vpc(in: fleet))
    let explanation = explainer.explain(packet)
    try printOutput { output in
        if arguments.choice(format) == "json" {
            output.append(explanation.json)
        } else {
            output.append(explanation.text)
        }
    }
    return .done
}

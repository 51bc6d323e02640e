import Captures
import CloudModel

extension FrameFields {
    /// The packet's fields.
    init(_ packet: Packet) {
        self.init(
            source: packet.source.description, destination: packet.destination.description,
            ipProtocol: String(packet.ipProtocol.rawValue), sourcePort: "-", destinationPort: "-",
            icmpType: "-", icmpCode: "-", tcpFlags: "-",
            fragmentOffset: String(packet.fragment?.offset ?? 0),
            hasMore: packet.fragment?.hasMore == true ? "1" : "0")
        switch packet.transport {
        case .none: break
        case .ports(let source, let destination, let flags):
            sourcePort = String(source)
            destinationPort = String(destination)
            tcpFlags = flags.map { String($0.rawValue) } ?? "-"
        case .icmp(let type, let code):
            icmpType = String(type)
            icmpCode = String(code)
        }
    }
}

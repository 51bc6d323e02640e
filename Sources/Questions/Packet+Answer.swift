package import CloudModel

extension Packet {
    /// The packet with which the other end answers this one; `nil` for what asks for no answer, and for
    /// fragments.
    package var answer: Packet? {
        guard fragment == nil, quoted == nil else { return nil }
        var answer = self
        (answer.source, answer.destination) = (destination, source)
        switch transport {
        case .ports(let source, let destination, let flags):
            answer.transport = .ports(
                source: destination, destination: source,
                tcpFlags: flags.map { $0.isBareSYN ? [.syn, .ack] : $0 })
        case .icmp(let type, let code):
            guard case .request(let replyType)? = ipProtocol.icmpKind(ofType: type) else {
                return nil
            }
            answer.transport = .icmp(type: replyType, code: code)
        case .none:
            guard !ipProtocol.isICMP else { return nil }
        }
        return answer
    }
}

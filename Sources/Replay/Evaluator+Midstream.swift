internal import Captures
internal import CloudModel
internal import FilterTables
internal import Sessions

/// The questions about a batch's dropped packets of unknown flows, and the memory for them.
struct UnknownFlows {
    /// For each question the place of its answer in the batch.
    fileprivate var places: [Int] = []
    fileprivate var queries: [Query] = []
    fileprivate var outcomes: [Outcome] = []
}

/// Drops that come from where a capture begins, not from a rule.
///
/// A capture may begin in mid-connection: the server's next packet meets no session. Such a drop is
/// counted apart if the reversed packet, in the other direction at the same interface, would be
/// accepted by the rules: then the connection was well begun.
extension Evaluator {
    /// Marks the answers of a batch.
    mutating func findMidstream(_ batch: borrowing FrameBatch) {
        guard policy != .stateless else { return }
        collectQueries(batch)
        guard !unknownFlows.queries.isEmpty else { return }
        while unknownFlows.outcomes.count < unknownFlows.queries.count {
            unknownFlows.outcomes.append(.undecided)
        }
        Evaluator.decide(
            unknownFlows.queries, with: &decider, into: &unknownFlows.outcomes)
        for (index, place) in unknownFlows.places.enumerated() {
            answers[place].isMidstream = unknownFlows.outcomes[index].verdict == .accept
        }
    }

    private mutating func collectQueries(_ batch: borrowing FrameBatch) {
        unknownFlows.places.removeAll(keepingCapacity: true)
        unknownFlows.queries.removeAll(keepingCapacity: true)
        let start = batch.origin.captureStart.map { SessionTime($0) }
        for place in answered {
            guard answers[place].kind.isDrop, let index = answers[place].deciding,
                evaluations[index].isOfUnknownFlow, let packet = batch.decoded.packet(at: place)
            else { continue }
            let evaluation = evaluations[index]
            let time = SessionTime(batch.decoded.facts[place].time)
            guard isFromMiddle(packet, at: time, of: start, evaluation.interface)
            else { continue }
            unknownFlows.places.append(place)
            unknownFlows.queries.append(
                Query(packet.reversed, at: evaluation.interface, evaluation.direction.opposite))
        }
    }

    /// Whether a packet does not look like the first of its flow, in a capture that began at `start`.
    private func isFromMiddle(
        _ packet: Packet, at time: SessionTime, of start: SessionTime?, _ interface: Int
    ) -> Bool {
        switch packet.transport {
        case .ports(_, _, let flags) where packet.ipProtocol == .tcp:
            return !(flags?.isBareSYN ?? false)
        case .ports where packet.ipProtocol == .udp:
            guard let start else { return false }
            return sessions.rules.isWithinUDPTimeout(time, of: start, at: interface)
        case .icmp(let type, _):
            guard case .reply? = packet.ipProtocol.icmpKind(ofType: type) else { return false }
            return true
        case .ports, .none:
            return false
        }
    }
}

extension Packet {
    /// The packet that this one answers, as far as rules ask: ends and ICMP type turned round.
    fileprivate var reversed: Packet {
        var request = self
        request.source = destination
        request.destination = source
        switch transport {
        case .ports(let source, let destination, _):
            request.transport = .ports(
                source: destination, destination: source, tcpFlags: nil)
        case .icmp(let type, let code):
            if case .reply(let requestType)? = ipProtocol.icmpKind(ofType: type) {
                request.transport = .icmp(type: requestType, code: code)
            }
        case .none:
            break
        }
        return request
    }
}

internal import Captures
internal import CloudModel
internal import FilterTables

/// The flows that flip, at most as many as there is room for.
///
/// Flows beyond that are not told apart: their packets are counted in the totals, and as
/// ``unlisted``. A flow takes about 600 bytes.
package struct FlipTable: Sendable {
    /// How many flows are told apart unless told otherwise: about 80 MB.
    package static let standardCapacity = 131_072

    private let capacity: Int
    private var flows: [FlowFlip] = []
    private var places: [FlowID: Int] = [:]
    private var broken = BrokenConnections()
    /// All packets that flip, those of flows without room among them.
    private(set) var totals: [Flip: PacketCount] = [:]
    /// The packets of flows that there was no room for.
    private(set) var unlisted: [Flip: PacketCount] = [:]

    init(capacity: Int) { self.capacity = capacity }

    /// Takes the flows out, those with the greatest impact first.
    mutating func removeFlows() -> [FlowFlip] {
        // Moved and sorted where they are: a copy would double the most memory that a what-if takes.
        var sorted: [FlowFlip] = []
        swap(&sorted, &flows)
        places = [:]
        broken = BrokenConnections()
        sorted.sort { left, right in
            if left.impact != right.impact { return left.impact > right.impact }
            if left.impactBytes != right.impactBytes { return left.impactBytes > right.impactBytes }
            return left.number < right.number
        }
        return sorted
    }

    /// Counts a frame that flips. The result is whether its flow is a new one.
    mutating func add(
        _ flip: Flip, _ index: Int, of batch: borrowing FrameBatch, _ before: BatchDecisions,
        _ after: BatchDecisions, _ names: WorldNames
    ) -> Bool {
        let frame = batch.frames[index]
        let byteCount = Int(frame.originalLength)
        totals[flip, default: PacketCount()].add(byteCount: byteCount)
        guard let packet = frame.packet, let place = droppingPlace(flip, index, before, after)
        else {
            return false
        }
        let time = frame.captureTime
        let id = FlowID(packet, flip, at: place)
        let known = places[id] ?? flows.count
        if known == flows.count {
            guard flows.count < capacity else {
                unlisted[flip, default: PacketCount()].add(byteCount: byteCount)
                return false
            }
            places[id] = known
            if flip == .acceptToDrop { broken.add(batch.decoded.headers[index], flow: known) }
            flows.append(
                FlowFlip(
                    flip: flip, number: known, packet: packet,
                    before: before.decision(there: place, index, names.before),
                    after: after.decision(there: place, index, names.after), firstSeen: time,
                    lastSeen: time,
                    interface: place.interface, direction: place.direction))
        }
        flows[known].count.add(byteCount: byteCount)
        if time.time < flows[known].firstSeen.time { flows[known].firstSeen = time }
        if flows[known].lastSeen.time < time.time { flows[known].lastSeen = time }
        let isMidstream = before.answers[index].isMidstream || after.answers[index].isMidstream
        if isMidstream { flows[known].midstreamCount += 1 }
        return flows[known].count.packets == 1
    }

    /// Finds out which rules and ports stand behind the newest flow.
    mutating func explainLast(_ before: inout Evaluator, _ after: inout Evaluator) {
        let place = flows.count - 1
        let flow = flows[place]
        let opening =
            flow.flip == .acceptToDrop
            ? before.opening(of: flow.packet, at: flow.interface, flow.direction)
            : after.opening(of: flow.packet, at: flow.interface, flow.direction)
        let accepting = flow.flip == .acceptToDrop ? flow.before : flow.after
        if accepting.reason == .established { flows[place].admittedBy = opening?.rule }
        let first = opening?.packet ?? flow.packet
        if case .ports(_, let port, _) = first.transport { flows[place].servicePort = port }
    }

    /// Whether there are connections of which a packet is dropped.
    var followsConnections: Bool { !broken.isEmpty }

    /// Counts a packet that both worlds may accept, if it belongs to a connection of which a packet is
    /// dropped.
    @inline(__always)
    mutating func follow(_ index: Int, of batch: borrowing FrameBatch) {
        guard !broken.isEmpty, let flow = broken.flow(of: batch.decoded.headers[index]) else {
            return
        }
        flows[flow].dependent.add(byteCount: Int(batch.decoded.facts[index].originalLength))
    }

    /// Where the packet is dropped, in the world that drops it.
    private func droppingPlace(
        _ flip: Flip, _ index: Int, _ before: BatchDecisions, _ after: BatchDecisions
    ) -> EvaluationPlace? {
        flip == .acceptToDrop ? after.decidingPlace(index) : before.decidingPlace(index)
    }
}

extension BatchDecisions {
    /// Where a packet is decided, if it is anywhere.
    fileprivate func decidingPlace(_ index: Int) -> EvaluationPlace? {
        answers[index].deciding.map { deciding in
            EvaluationPlace(
                interface: evaluations[deciding].interface,
                direction: evaluations[deciding].direction)
        }
    }

    /// What the world says at a place; if it was not asked there, its answer.
    fileprivate func decision(
        there place: EvaluationPlace, _ index: Int, _ names: DecisionNames
    ) -> Decision {
        let answer = answers[index]
        for evaluation in evaluations[answer.evaluations]
        where evaluation.interface == place.interface && evaluation.direction == place.direction {
            return names.decision(of: evaluation)
        }
        return answer.deciding.map { names.decision(of: evaluations[$0]) }
            ?? Decision(answer.verdict, answer.reason)
    }
}

/// The names behind the numbers of both worlds' decisions: an object, because a copy of all that names need
/// takes as long as to count a packet.
final class WorldNames {
    let before: DecisionNames
    let after: DecisionNames

    init(before: DecisionNames, after: DecisionNames) {
        self.before = before
        self.after = after
    }
}

/// An interface and a direction in which packets pass it.
struct EvaluationPlace: Hashable, Sendable {
    let interface: Int
    let direction: Direction
}

/// What the packets of one flow that flips have in common.
private struct FlowID: Hashable {
    let source: IPAddress
    let destination: IPAddress
    let ipProtocol: IPProtocol
    let transport: Transport
    let place: EvaluationPlace
    let flip: Flip

    init(_ packet: Packet, _ flip: Flip, at place: EvaluationPlace) {
        source = packet.source
        destination = packet.destination
        ipProtocol = packet.ipProtocol
        transport = packet.transport.withoutFlags
        self.place = place
        self.flip = flip
    }
}

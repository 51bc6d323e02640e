package import CloudModel

/// The flows of which most packets or bytes are dropped, in bounded memory.
///
/// It counts exactly while no more flows are dropped than there is room for. Then the flows that have
/// neither many packets nor many bytes are forgotten, and ``mostMissed`` says how much of any flow can
/// be missing from its count, in the manner of space-saving (Metwally, Agrawal and El Abbadi, ICDT 2005)
/// but for many flows at a time: a count is never too high.
///
/// One thread at a time. A flow takes about 500 bytes.
package final class DroppedFlows: FrameObserver {
    private let capacity: Int
    // In the order in which they came, so that equals are told apart alike in every run.
    private var flows: [DroppedFlow] = []
    private var places: [FlowKey: Int] = [:]
    /// No flow has more packets, or bytes, than it is listed with and these; 0 while all is exact.
    package private(set) var mostMissed = (packets: 0, bytes: 0)

    /// How many flows are told apart unless told otherwise.
    package static let standardCapacity = 65_536

    /// No flows so far; at most `capacity` are told apart.
    ///
    /// - Precondition: `capacity` is at least 4.
    package init(capacity: Int = DroppedFlows.standardCapacity) {
        precondition(capacity >= 4)
        self.capacity = capacity
    }

    package func observe(_ batch: DecidedBatch) -> Bool {
        for index in batch.frames.indices where batch.answers[index].verdict == .drop {
            count(index, of: batch)
        }
        return true
    }

    /// The `count` flows with most packets, the most first.
    package func withMostPackets(_ count: Int) -> [DroppedFlow] {
        Array(order(by: \.packetCount).prefix(count).map { flows[$0] })
    }

    /// The `count` flows with most bytes, the most first.
    package func withMostBytes(_ count: Int) -> [DroppedFlow] {
        Array(order(by: \.byteCount).prefix(count).map { flows[$0] })
    }

    private func count(_ index: Int, of batch: DecidedBatch) {
        let frame = batch.frames[index]
        guard let packet = frame.packet, let deciding = batch.answers[index].deciding else {
            return
        }
        let evaluation = batch.evaluations[deciding]
        let key = FlowKey(packet, evaluation.interface, evaluation.direction)
        let place: Int
        if let known = places[key] {
            place = known
        } else {
            if flows.count == capacity { makeRoom() }
            place = flows.count
            places[key] = place
            flows.append(
                DroppedFlow(
                    key: key, packet: packet, decision: batch.decision(of: evaluation),
                    time: frame.captureTime, missed: mostMissed))
        }
        flows[place].count(byteCount: Int(frame.originalLength), at: frame.captureTime)
    }

    /// Forgets all flows but the quarter with most packets and the quarter with most bytes.
    private func makeRoom() {
        var isKept = Array(repeating: false, count: flows.count)
        for place in order(by: \.mostPackets).prefix(capacity / 4) { isKept[place] = true }
        for place in order(by: \.mostBytes).prefix(capacity / 4) { isKept[place] = true }
        for place in flows.indices where !isKept[place] {
            mostMissed.packets = max(mostMissed.packets, flows[place].mostPackets)
            mostMissed.bytes = max(mostMissed.bytes, flows[place].mostBytes)
        }
        flows = flows.indices.filter { isKept[$0] }.map { flows[$0] }
        places.removeAll(keepingCapacity: true)
        for (place, flow) in flows.enumerated() { places[flow.key] = place }
    }

    /// The places of the flows, those with the most first.
    private func order(by value: KeyPath<DroppedFlow, Int>) -> [Int] {
        let values = flows.map { $0[keyPath: value] }
        return values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    }
}

/// A flow of which packets are dropped: all packets with the same addresses, protocol and ports (or ICMP
/// type and code) that the same interface drops in the same direction.
package struct DroppedFlow: Sendable {
    fileprivate let key: FlowKey
    /// The first packet that was dropped, and what was decided.
    package let packet: Packet
    package let decision: Decision
    package private(set) var packetCount = 0
    /// On the wire.
    package private(set) var byteCount = 0
    /// The earliest and the latest of the packets' times.
    package private(set) var firstSeen: CaptureTime
    package private(set) var lastSeen: CaptureTime
    private let missed: (packets: Int, bytes: Int)

    fileprivate init(
        key: FlowKey, packet: Packet, decision: Decision, time: CaptureTime,
        missed: (packets: Int, bytes: Int)
    ) {
        self.key = key
        self.packet = packet
        self.decision = decision
        self.missed = missed
        firstSeen = time
        lastSeen = time
    }

    /// What the counts can be at most.
    fileprivate var mostPackets: Int { packetCount + missed.packets }
    fileprivate var mostBytes: Int { byteCount + missed.bytes }

    fileprivate mutating func count(byteCount: Int, at time: CaptureTime) {
        packetCount += 1
        self.byteCount += byteCount
        if time.time < firstSeen.time { firstSeen = time }
        if lastSeen.time < time.time { lastSeen = time }
    }
}

/// What the packets of one flow have in common.
private struct FlowKey: Hashable {
    let source: IPAddress
    let destination: IPAddress
    let ipProtocol: IPProtocol
    let transport: Transport
    let interface: Int
    let direction: Direction

    init(_ packet: Packet, _ interface: Int, _ direction: Direction) {
        source = packet.source
        destination = packet.destination
        ipProtocol = packet.ipProtocol
        transport = packet.transport.withoutFlags
        self.interface = interface
        self.direction = direction
    }
}

import CloudModel
import FilterTables
import TestSupport
import Testing

@testable import Sessions

@Suite("Packets judged by batches")
struct SessionBatchAgreementTests {
    @Test(
        "are judged as if the tables were asked about each of them first",
        arguments: Vendor.allCases)
    func agreement(vendor: Vendor) {
        var (packetCount, establishedCount, spared, followedCount) = (0, 0, 0, 0)
        for seed in seeds(200, unoptimised: 20) {
            var worlds = TwinSessions(seed: seed, vendor)
            for step in 0..<60 {
                if step % 9 == 8 { worlds.followChange() }
                let batch = worlds.nextBatch()
                let (one, other) = (worlds.judgeInTurn(batch), worlds.judgeTogether(batch))
                let third = worlds.judgeTraced(batch)
                spared += other.spared
                packetCount += batch.headers.count
                for (place, judgement) in other.judgements.enumerated() {
                    let isSame =
                        judgement.outcome == one[place].outcome
                        && judgement.isOfUnknownFlow == one[place].isOfUnknownFlow
                    #expect(isSame, "seed \(seed), step \(step), packet \(place)")
                    let isSameTraced =
                        third[place].outcome == one[place].outcome
                        && third[place].isOfUnknownFlow == one[place].isOfUnknownFlow
                    #expect(isSameTraced, "seed \(seed), step \(step), traced packet \(place)")
                    if judgement.outcome == .established { establishedCount += 1 }
                }
            }
            followedCount += worlds.followedCount
            let hasEqualCounts = worlds.hasEqualCounts
            #expect(hasEqualCounts, "seed \(seed)")
        }
        print(
            "agreement, batches of packets, traced or not, at sessions of \(vendor): \(packetCount) packets, "
                + "\(establishedCount) established, \(spared) not asked about, "
                + "\(followedCount) followed")
        #expect(spared > 200)
        #expect(followedCount > 200)
    }
}

/// The same packets for three tables of sessions.
private struct TwinSessions: ~Copyable {
    /// Packets with the interfaces that they pass.
    struct Batch {
        var headers: [PacketHeader] = []
        var quoted: [QuotedPacket?] = []
        var passages: [Passage] = []
        var queries: [Query] = []
        var packets: [TrackedPacket] = []
    }

    private let flows: [Packet]
    private let interfaceCount: Int
    private var random: SeededGenerator
    private var decider: Decider
    private var inTurn: Sessions
    private var together: Sessions
    private var traced: Sessions
    private var traces: [TracedFlow: RecordTrace] = [:]
    /// How many packets followed a trace.
    private(set) var followedCount = 0
    private var tracked = TrackedBatch()
    private var lookups = FlowLookups()
    private var second: Int64 = 1_700_000_000

    init(seed: UInt64, _ vendor: Vendor) {
        let shape = WorldShape.small(vendor)
        let fleet = RandomFleet(seed: seed, shape: shape).fleet
        var random = SeededGenerator(seed: seed ^ 0x5E55)
        var probes = EdgeProbes(fleet, shape: shape, seed: seed)
        flows = (0..<20).map { _ in probes.next() }
        interfaceCount = fleet.networkInterfaces.count
        decider = Decider(FilterTables(compiling: fleet))
        let capacity = random.pick([0, 256, 256 * 2, 1_048_576])
        inTurn = Sessions(for: fleet, capacity: capacity)
        together = Sessions(for: fleet, capacity: capacity)
        traced = Sessions(for: fleet, capacity: capacity)
        self.random = random
    }

    /// Up to 64 packets of a few flows, from either end, at interfaces that need not own them.
    mutating func nextBatch() -> Batch {
        var batch = Batch()
        for _ in 0..<Int.random(in: 1...64, using: &random) {
            var packet = random.pick(flows)
            if random.oneIn(2) { turn(&packet) }
            second += random.pick([0, 0, 0, 1, 3, 20, -1])
            for _ in 0..<(random.oneIn(3) ? 2 : 1) { add(packet, to: &batch) }
        }
        return batch
    }

    private mutating func turn(_ packet: inout Packet) {
        (packet.source, packet.destination) = (packet.destination, packet.source)
        guard case .ports(let source, let destination, _) = packet.transport else { return }
        let flags = random.pick(["S", "S.", ".", ".", "F.", "R"])
        packet.transport = .ports(
            source: destination, destination: source,
            tcpFlags: packet.ipProtocol == .tcp ? TCPFlags(flags) : nil)
    }

    private mutating func add(_ packet: Packet, to batch: inout Batch) {
        let interface = Int.random(in: 0..<min(2, interfaceCount), using: &random)
        let direction = random.pick(Direction.allCases)
        let header = PacketHeader(packet)
        batch.passages.append(
            Passage(
                of: batch.headers.count, at: UInt32(interface), isEgress: direction == .egress,
                SessionTime(seconds: second, nanoseconds: 0)))
        batch.headers.append(header)
        batch.quoted.append(packet.quoted)
        batch.queries.append(Query(packet, at: interface, direction))
        batch.packets.append(
            TrackedPacket(
                packet, at: interface, direction, SessionTime(seconds: second, nanoseconds: 0)))
    }

    /// Has both judge their sessions again, as after a change that alters nothing.
    mutating func followChange() {
        let all = Array(0..<interfaceCount)
        inTurn.follow([], concerning: all, { _ in nil }, &decider)
        together.follow([], concerning: all, { _ in nil }, &decider)
        traced.follow([], concerning: all, { _ in nil }, &decider)
    }

    mutating func judgeInTurn(_ batch: Batch) -> [Judgement] {
        var judgements: [Judgement] = []
        for (packet, query) in zip(batch.packets, batch.queries) {
            let outcome = decider.outcome(of: query)
            judgements.append(inTurn.judge(packet, stateless: outcome, &decider))
        }
        return judgements
    }

    /// Judges all at once; `spared` is the number of packets that the tables were not asked about first.
    mutating func judgeTogether(_ batch: Batch) -> (judgements: [Judgement], spared: Int) {
        let count = batch.passages.count
        tracked.replace(by: batch.passages, count: count, of: batch.headers) {
            batch.quoted[$0]
        }
        together.lookUp(tracked, &lookups)
        var outcomes = Array(repeating: Outcome.undecided, count: count)
        for place in lookups.unanswered {
            outcomes[place] = decider.outcome(of: batch.queries[place])
        }
        var judgements = Array(repeating: Judgement.none, count: count)
        together.judge(
            0..<count, of: tracked, lookups, &outcomes, &decider, into: &judgements)
        return (judgements, count - lookups.unanswered.count)
    }

    /// Judges those whose flows were traced by the traces, however old, and others as they come, or as they are
    /// found.
    mutating func judgeTraced(_ batch: Batch) -> [Judgement] {
        var passages = batch.passages
        var outcomes = Array(repeating: Outcome.undecided, count: passages.count)
        var (searched, unanswered): ([Int], [Int]) = ([], [])
        for place in passages.indices {
            if let trace = traces[TracedFlow(batch, place)] {
                passages[place].trace = trace
            } else if random.oneIn(2) {
                searched.append(place)
            } else {
                unanswered.append(place)
            }
        }
        traced.find(searched, &passages, of: batch.headers, &unanswered)
        for place in unanswered { outcomes[place] = decider.outcome(of: batch.queries[place]) }
        var judgements = Array(repeating: Judgement(.established), count: passages.count)
        var place = 0
        while true {
            let end = traced.goOn(place..<passages.count, passages, of: batch.headers)
            followedCount += end - place
            guard end < passages.count else { return judgements }
            place = end + 1
            if outcomes[end].isUndecided {
                outcomes[end] = decider.outcome(of: batch.queries[end])
            }
            judgements[end] = traced.judge(
                &passages[end], of: batch.headers[end], quoting: batch.quoted[end],
                stateless: outcomes[end], &decider)
            let flow = TracedFlow(batch, end)
            if passages[end].trace.isKnown { traces[flow] = passages[end].trace }
        }
    }

    var hasEqualCounts: Bool {
        let time = SessionTime(seconds: second, nanoseconds: 0)
        return inTurn.counts == together.counts && inTurn.counts == traced.counts
            && inTurn.counts(at: time) == together.counts(at: time)
            && inTurn.counts(at: time) == traced.counts(at: time)
    }
}

/// What packets that follow one another's trace have in common.
private struct TracedFlow: Hashable {
    private let header: PacketHeader
    private let interface: UInt32
    private let isEgress: Bool

    init(_ batch: TwinSessions.Batch, _ place: Int) {
        let header = batch.headers[place]
        self.header = PacketHeader(
            source: (header.sourceHigh, header.sourceLow),
            destination: (header.destinationHigh, header.destinationLow),
            sourcePort: header.sourcePort, destinationPort: header.destinationPort,
            ipProtocol: header.ipProtocol, tcpFlags: 0, traits: header.traits)
        interface = batch.passages[place].interface
        isEgress = batch.passages[place].isEgress
    }
}

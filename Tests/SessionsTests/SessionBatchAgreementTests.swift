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
        var (packetCount, establishedCount, spared) = (0, 0, 0)
        for seed in seeds(200, unoptimised: 20) {
            var worlds = TwinSessions(seed: seed, vendor)
            for step in 0..<60 {
                if step % 9 == 8 { worlds.followChange() }
                let batch = worlds.nextBatch()
                let (one, other) = (worlds.judgeInTurn(batch), worlds.judgeTogether(batch))
                spared += other.spared
                packetCount += batch.headers.count
                for (place, judgement) in other.judgements.enumerated() {
                    let isSame =
                        judgement.outcome == one[place].outcome
                        && judgement.isOfUnknownFlow == one[place].isOfUnknownFlow
                    #expect(isSame, "seed \(seed), step \(step), packet \(place)")
                    if judgement.outcome == .established { establishedCount += 1 }
                }
            }
            let hasEqualCounts = worlds.hasEqualCounts
            #expect(hasEqualCounts, "seed \(seed)")
        }
        print(
            "agreement, batches of packets at sessions of \(vendor): \(packetCount) packets, "
                + "\(establishedCount) established, \(spared) not asked about")
        #expect(spared > 200)
    }
}

/// The same packets for two tables of sessions.
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
                seconds: second, nanoseconds: 0))
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

    var hasEqualCounts: Bool {
        inTurn.counts == together.counts
            && inTurn.counts(at: SessionTime(seconds: second, nanoseconds: 0))
                == together.counts(at: SessionTime(seconds: second, nanoseconds: 0))
    }
}

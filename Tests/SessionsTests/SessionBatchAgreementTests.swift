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
        var (packetCount, establishedCount) = (0, 0)
        var (followedCount, twinnedCount) = (0, 0)
        for seed in seeds(200, unoptimised: 20) {
            var worlds = SameSessions(seed: seed, vendor)
            for step in 0..<60 {
                if step % 9 == 8 { worlds.followChange() }
                let batch = worlds.nextBatch()
                let expected = worlds.judgeInTurn(batch)
                let (traced, twinned) = (worlds.judgeTraced(batch), worlds.judgeTwinned(batch))
                packetCount += batch.headers.count
                for place in expected.indices {
                    let isSame = traced[place].isSame(as: expected[place])
                    #expect(isSame, "seed \(seed), step \(step), traced packet \(place)")
                    let isSameTwinned = twinned[place].isSame(as: expected[place])
                    #expect(isSameTwinned, "seed \(seed), step \(step), packet \(place)")
                    if expected[place].outcome == .established { establishedCount += 1 }
                }
            }
            followedCount += worlds.followedCount
            twinnedCount += worlds.twinnedCount
            let hasEqualCounts = worlds.hasEqualCounts
            #expect(hasEqualCounts, "seed \(seed)")
        }
        print(
            "agreement, batches of packets, traced or not, at sessions of \(vendor): \(packetCount) packets, "
                + "\(establishedCount) established, \(followedCount) followed a trace, "
                + "\(twinnedCount) a twin")
        #expect(followedCount > 200)
        #expect(twinnedCount > 200)
    }
}

extension Judgement {
    fileprivate func isSame(as other: Judgement) -> Bool {
        outcome == other.outcome && isOfUnknownFlow == other.isOfUnknownFlow
    }
}

/// The same packets for several tables of sessions, three of which have room for as many flows.
private struct SameSessions: ~Copyable {
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
    private var traced: Sessions
    private var traces: [TracedFlow: RecordTrace] = [:]
    /// The sessions of another world, with other room, and those that follow their twins.
    private var other: Sessions
    private var twinned: Sessions
    private var twins: RecordTwins
    /// How many packets followed a trace.
    private(set) var followedCount = 0
    /// How many had a twin to follow.
    private(set) var twinnedCount = 0
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
        traced = Sessions(for: fleet, capacity: capacity)
        other = Sessions(for: fleet, capacity: random.pick([256, 1_048_576]))
        twinned = Sessions(for: fleet, capacity: capacity)
        twins = RecordTwins(of: other)
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

    /// Has all judge their sessions again, as after a change that alters nothing.
    mutating func followChange() {
        let all = Array(0..<interfaceCount)
        inTurn.follow([], concerning: all, { _ in nil }, &decider)
        other.follow([], concerning: all, { _ in nil }, &decider)
        twinned.follow([], concerning: all, { _ in nil }, &decider)
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

    /// Judges those whose flows were traced by the traces, however old, and others as they come, or as they are
    /// found.
    mutating func judgeTraced(_ batch: Batch) -> [Judgement] {
        var passages = batch.passages
        for place in passages.indices {
            passages[place].trace = traces[TracedFlow(batch, place)] ?? .none
        }
        followedCount += passages.count { $0.trace.isKnown }
        let judgements = SameSessions.judge(batch, &passages, at: &traced, &decider, &random)
        for place in passages.indices where passages[place].trace.isKnown {
            traces[TracedFlow(batch, place)] = passages[place].trace
        }
        return judgements
    }

    /// Judges by the twins of the records that another world's passages lead to.
    mutating func judgeTwinned(_ batch: Batch) -> [Judgement] {
        var others = batch.passages
        _ = SameSessions.judge(batch, &others, at: &other, &decider, &random)
        var passages = others.map { twins.twin(of: $0) }
        twinnedCount += passages.count { $0.trace.isKnown }
        let judgements = SameSessions.judge(
            batch, &passages, at: &twinned, &decider, &random)
        for place in passages.indices where random.oneIn(2) {
            twins.note(passages[place].trace, of: others[place].trace)
        }
        return judgements
    }

    private static func judge(
        _ batch: Batch, _ passages: inout [Passage], at sessions: inout Sessions,
        _ decider: inout Decider, _ random: inout SeededGenerator
    ) -> [Judgement] {
        var (searched, unanswered): ([Int], [Int]) = ([], [])
        for place in passages.indices where !passages[place].trace.isKnown {
            if random.oneIn(2) { searched.append(place) } else { unanswered.append(place) }
        }
        sessions.find(searched, &passages, of: batch.headers, &unanswered)
        var outcomes = Array(repeating: Outcome.undecided, count: passages.count)
        for place in unanswered { outcomes[place] = decider.outcome(of: batch.queries[place]) }
        var judgements = Array(repeating: Judgement(.established), count: passages.count)
        var place = 0
        while true {
            place = sessions.goOn(place..<passages.count, passages, of: batch.headers)
            guard place < passages.count else { return judgements }
            if outcomes[place].isUndecided {
                outcomes[place] = decider.outcome(of: batch.queries[place])
            }
            judgements[place] = sessions.judge(
                &passages[place], of: batch.headers[place], quoting: batch.quoted[place],
                stateless: outcomes[place], &decider)
            place += 1
        }
    }

    var hasEqualCounts: Bool {
        let time = SessionTime(seconds: second, nanoseconds: 0)
        return inTurn.counts == traced.counts && inTurn.counts == twinned.counts
            && inTurn.counts(at: time) == traced.counts(at: time)
            && inTurn.counts(at: time) == twinned.counts(at: time)
    }
}

/// What packets that follow one another's trace have in common.
private struct TracedFlow: Hashable {
    private let header: PacketHeader
    private let interface: UInt32
    private let isEgress: Bool

    init(_ batch: SameSessions.Batch, _ place: Int) {
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

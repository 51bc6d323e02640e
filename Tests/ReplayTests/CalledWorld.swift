import CloudFiles
import CloudModel
import ControlPlane
import FilterTables
import Replay
import Sessions
import TestSupport
import Testing

/// A random fleet at work that is given random calls, and its twin, which is given only those that are
/// not refused: what a refused call leaves behind, in sessions too, has the two part sooner or later.
struct CalledWorld: ~Copyable {
    private let seed: UInt64
    private let shape: WorldShape
    private var random: SeededGenerator
    private var requests: RandomRequests
    private var edges: EdgeProbes
    private var live: LiveFleet
    private var twin: LiveFleet
    /// Asks tables alone, and so leaves sessions as they are.
    private var prober: Decider
    /// Packets of late that were accepted, for flows that go on.
    private var flows: [Crossing] = []
    private(set) var figures = Figures()

    init(seed: UInt64, _ vendor: Vendor) {
        self.seed = seed
        shape = .crowded(vendor)
        random = SeededGenerator(seed: seed ^ 0xA70_311C)
        requests = RandomRequests(seed: seed, vendor: vendor)
        var fleet = RandomFleet.operable(seed: seed, shape: shape)
        fleet.removeRefusedRules()
        fleet.switches.sessionOnChange = random.pick(Switches.SessionOnChange.allCases)
        edges = EdgeProbes(fleet, shape: shape, seed: seed)
        live = LiveFleet(fleet)
        twin = LiveFleet(fleet)
        prober = Decider(live.evaluator.fleet.tables)
    }

    /// Makes a random call. Accepted, the twin follows; refused, all has to be as it was.
    mutating func call() throws {
        let request = requests.next(for: live.fleet)
        let probes = crossings(count: 24)
        let before = state(seenBy: probes)
        switch live.perform(request) {
        case .success(let success):
            figures.accepted += 1
            guard case .success(let twins) = twin.perform(request) else {
                Issue.record("seed \(seed): the twin refuses \(request)")
                return
            }
            try #require(success.changes == twins.changes, "seed \(seed): \(request)")
            edges = EdgeProbes(live.fleet, shape: shape, seed: random.next())
        case .refused(let refusal):
            figures.refused += 1
            if refusal.code == "DryRunOperation" { figures.dryRuns += 1 }
            let after = state(seenBy: probes)
            try #require(
                after == before, "seed \(seed): \(request) was refused: \(refusal)")
            try compareWithFreshTables(probeCount: 24)
        }
    }

    /// Lets some packets pass, which the twin has to decide alike.
    mutating func exchangePackets() throws {
        if random.oneIn(4) { advance(by: .seconds(random.pick([1, 3, 29, 61, 600]))) }
        for crossing in crossings(count: 6) + continuations(count: 6) {
            let placement = Placement.bound(interface: crossing.interface, crossing.direction)
            let decided = live.decide(crossing.packet, at: placement)
            let expected = twin.decide(crossing.packet, at: placement)
            try #require(decided == expected, "seed \(seed): \(crossing)")
            if decided.decision.reason == .established { figures.packetsOfSessions += 1 }
            if decided.decision.verdict == .accept { remember(crossing) }
        }
        let (counts, expected) = (live.evaluator.sessionCounts(), twin.evaluator.sessionCounts())
        try #require(counts == expected, "seed \(seed)")
        figures.sessionsCut = counts?.cut ?? 0
    }

    /// Compares the tables with those that are compiled from the fleet as it would be saved now.
    mutating func compareWithFreshTables(probeCount: Int) throws {
        let saved = try loadFleet(savedFleet(), file: "saved.json").fleet
        try #require(saved == live.fleet, "seed \(seed)")
        let fresh = FilterTables(compiling: saved)
        for crossing in crossings(count: probeCount) {
            let found = answer(to: crossing, from: live.evaluator.fleet.tables)
            let expected = answer(to: crossing, from: fresh)
            try #require(found == expected, "seed \(seed): \(crossing)")
            let vpc = saved.networkInterfaces[crossing.interface].vpc
            try #require(
                live.evaluator.fleet.tables.sites(for: crossing.packet, vpc: vpc)
                    == fresh.sites(for: crossing.packet, vpc: vpc), "seed \(seed): \(crossing)")
        }
    }
}

// MARK: - What is looked at

extension CalledWorld {
    /// What a refused call must leave as it is.
    private struct State: Equatable {
        let savedFleet: [UInt8]
        let tableByteCount: Int
        let sessions: SessionCounts?
        let answers: [Answer]
    }

    /// What tables by themselves say.
    private struct Answer: Equatable {
        let verdict: Verdict
        let reason: Reason
        let rule: RuleOrigin?
    }

    private mutating func state(seenBy probes: [Crossing]) -> State {
        let tables = live.evaluator.fleet.tables
        var answers: [Answer] = []
        for probe in probes { answers.append(answer(to: probe, from: tables)) }
        return State(
            savedFleet: savedFleet(), tableByteCount: tables.byteCount,
            sessions: live.evaluator.sessionCounts(), answers: answers)
    }

    private func savedFleet() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(live.fleet)
        return writer.bytes
    }

    private mutating func answer(to crossing: Crossing, from tables: FilterTables) -> Answer {
        prober.adopt(tables)
        let outcome = prober.outcome(
            of: Query(crossing.packet, at: crossing.interface, crossing.direction))
        return Answer(
            verdict: outcome.verdict, reason: outcome.reason,
            rule: outcome.rule.map { tables.rule($0) })
    }
}

// MARK: - Packets

/// A packet that passes an interface.
private struct Crossing {
    var packet: Packet
    var interface: Int
    var direction: Direction

    /// The packet's answer.
    var reversed: Crossing {
        var answer = self
        answer.direction = direction.opposite
        answer.packet.source = packet.destination
        answer.packet.destination = packet.source
        if case .ports(let source, let destination, let flags) = packet.transport {
            answer.packet.transport = .ports(
                source: destination, destination: source, tcpFlags: flags)
        }
        return answer
    }
}

extension CalledWorld {
    private mutating func crossings(count: Int) -> [Crossing] {
        var crossings: [Crossing] = []
        for _ in 0..<count {
            crossings.append(
                Crossing(
                    packet: edges.next(),
                    interface: random.pick(live.fleet.networkInterfaces.indices),
                    direction: random.pick(Direction.allCases)))
        }
        return crossings
    }

    /// Packets of flows that were accepted before, and answers to them.
    private mutating func continuations(count: Int) -> [Crossing] {
        guard !flows.isEmpty else { return [] }
        var continuations: [Crossing] = []
        for _ in 0..<count {
            let flow = random.pick(flows)
            continuations.append(random.oneIn(2) ? flow : flow.reversed)
        }
        return continuations
    }

    private mutating func remember(_ crossing: Crossing) {
        if flows.count < 32 {
            flows.append(crossing)
        } else {
            flows[random.pick(flows.indices)] = crossing
        }
    }

    private mutating func advance(by duration: Duration) {
        live.advance(by: duration)
        twin.advance(by: duration)
    }
}

// MARK: - Figures

extension CalledWorld {
    /// What happened, to tell whether it was enough.
    struct Figures: CustomStringConvertible {
        var accepted = 0
        var refused = 0
        /// Of those refused, the ones that only asked.
        var dryRuns = 0
        var packetsOfSessions = 0
        var sessionsCut = 0

        var description: String {
            "\(accepted) accepted, \(refused) refused (\(dryRuns) dry runs), "
                + "\(packetsOfSessions) packets of sessions, \(sessionsCut) sessions cut"
        }

        static func += (sum: inout Figures, other: Figures) {
            sum.accepted += other.accepted
            sum.refused += other.refused
            sum.dryRuns += other.dryRuns
            sum.packetsOfSessions += other.packetsOfSessions
            sum.sessionsCut += other.sessionsCut
        }
    }
}

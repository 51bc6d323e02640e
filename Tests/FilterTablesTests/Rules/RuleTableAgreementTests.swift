import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Rule tables")
struct RuleTableAgreementTests {
    @Test(
        "decide as a scan of their rules, through edits of tables and forks",
        arguments: seeds(25, unoptimised: 5))
    func equalsScan(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = RuleWorld()
        let pool = samplePool(&random, world)
        let packets = (0..<40).map { _ in randomPacket(&random) }
        let classed = packets.map { world.classed($0) }
        let linesOutside = world.arena.liveLineCount
        var versions: [(table: RuleTable, rules: [SampleRule])] = [
            (RuleTable(.drop, in: world.arena), [])
        ]
        for _ in 0..<120 {
            let index = Int.random(in: 0..<versions.count, using: &random)
            if random.oneIn(8), versions.count < 4 {
                world.arena.retain(versions[index].table.block)
                versions.append(versions[index])
            }
            edit(&versions[index], with: pool, world, &random)
            for (table, rules) in versions {
                try expectScan(table, rules, packets, classed, world, seed)
            }
        }
        for index in versions.indices {
            while let rule = versions[index].rules.popLast() {
                versions[index].table = world.removing(rule, from: versions[index].table)
            }
            world.arena.release(versions[index].table.block)
        }
        #expect(world.arena.liveLineCount == linesOutside, "seed \(seed)")
        world.releaseAll()
        #expect(world.arena.liveLineCount == 0, "seed \(seed)")
    }

    @Test("are stored alike whatever edits led to them", arguments: UInt64(1)...20)
    func dependOnContentAlone(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let world = RuleWorld()
        let pool = samplePool(&random, world)
        let kept = Array(pool.shuffled(using: &random).prefix(60))
        var table = RuleTable(.drop, in: world.arena)
        for rule in pool.shuffled(using: &random) { table = world.inserting(rule, into: table) }
        for rule in pool.shuffled(using: &random) where !kept.contains(rule) {
            table = world.removing(rule, from: table)
        }
        let fresh = world.table(kept)
        #expect(world.image(of: table) == world.image(of: fresh), "seed \(seed)")
    }

    @Test("take a tie's smaller match from whichever table has it")
    func acrossTables() {
        let world = RuleWorld()
        let pair = SelectorPair(peer: WideSelector.any)
        let ids: [RuleID] = ["sgr-aaaaaaaaaaaa2", "sgr-aaaaaaaaaaaa1"]
        let rules = ids.enumerated().map { place, id in
            SampleRule(pair: pair, id: id, number: UInt32(place))
        }
        #expect(rules[0].step.order == rules[1].step.order)
        for (place, id) in ids.enumerated() { world.name(UInt32(place), id) }
        let tables = rules.map { world.table([$0]) }
        let packet = world.classed(SamplePacket())
        for order in [[0, 1], [1, 0]] {
            var match = Match.none
            for place in order {
                match = world.match(in: tables[place], of: packet, before: match)
            }
            #expect(match.rule == 1)
        }
    }

    // MARK: Edits and checks

    private func edit(
        _ version: inout (table: RuleTable, rules: [SampleRule]), with pool: [SampleRule],
        _ world: RuleWorld, _ random: inout SeededGenerator
    ) {
        let rule = random.pick(pool)
        if let place = version.rules.firstIndex(of: rule) {
            version.rules.remove(at: place)
            version.table = world.removing(rule, from: version.table)
        } else {
            version.rules.append(rule)
            version.table = world.inserting(rule, into: version.table)
        }
    }

    private func expectScan(
        _ table: RuleTable, _ rules: [SampleRule], _ packets: [SamplePacket],
        _ classed: [ClassedPacket], _ world: RuleWorld, _ seed: UInt64
    ) throws {
        for (packet, classedPacket) in zip(packets, classed) {
            let match = world.match(in: table, of: classedPacket)
            let expected = rules.filter { $0.admits(packet) }
                .min { $0.isTriedBefore($1) }
            try #require(
                match.isNone == (expected == nil), "seed \(seed): \(packet) of \(rules)")
            guard let expected else { continue }
            try #require(
                match.rule == expected.number ?? RuleStep.noRule,
                "seed \(seed): \(packet) of \(rules)")
            let outcome: Outcome =
                expected.number.map { Outcome(expected.policy, byRule: $0) }
                ?? Outcome(.accept, .system)
            try #require(match.outcome == outcome, "seed \(seed)")
        }
    }

    // MARK: Random rules and packets

    /// Ids that share what an order holds of them, and others.
    private let ids =
        (0..<40).map { RuleID("sgr-abcdefghij\($0)") }
        + (0..<40).map { RuleID(number: $0 * 37) } + (0..<20).map { RuleID("rule \($0)") }

    /// 120 different rules, few pairs among them, with names.
    private func samplePool(
        _ random: inout SeededGenerator, _ world: RuleWorld
    ) -> [SampleRule] {
        let shuffled = ids.shuffled(using: &random)
        var pool = (0..<100).map { number in
            world.name(UInt32(number), shuffled[number])
            var rule = randomRule(&random)
            rule.number = UInt32(number)
            rule.id = shuffled[number]
            return rule
        }
        while pool.count < 120 {
            var step = randomRule(&random)
            (step.priority, step.policy) = (1, .accept)
            if !pool.contains(step) { pool.append(step) }
        }
        return pool
    }

    private func randomRule(_ random: inout SeededGenerator) -> SampleRule {
        let selectors: [SelectorID] = [0, 0, 1, 2, 3, 4, 5, 6 + 256, 6]
        return SampleRule(
            pair: SelectorPair(
                peer: random.pick(selectors), local: random.oneIn(2) ? 0 : random.pick(selectors)),
            priority: random.pick([1, 1, 2]), policy: random.pick([.accept, .drop]),
            ipProtocol: random.pick([.all, .only(.tcp), .only(.udp), .only(.icmp)]),
            destination: random.oneIn(3) ? nil : randomPorts(&random),
            source: random.oneIn(2) ? nil : randomPorts(&random))
    }

    private func randomPorts(_ random: inout SeededGenerator) -> ClosedRange<UInt16> {
        let first = UInt16.random(in: 0...6, using: &random)
        return random.oneIn(5) ? 0...(.max) : first...first + random.pick([0, 3])
    }

    private func randomPacket(_ random: inout SeededGenerator) -> SamplePacket {
        SamplePacket(
            peerMembers: randomMembers(&random), localMembers: randomMembers(&random),
            ipProtocol: random.pick([6, 6, 17, 1, 47]),
            destination: UInt16.random(in: 0...9, using: &random),
            source: UInt16.random(in: 0...9, using: &random), knowsTransport: !random.oneIn(4),
            isIPv6: random.oneIn(2))
    }

    private func randomMembers(_ random: inout SeededGenerator) -> [SelectorID] {
        let members: [SelectorID] = [3, 4, 5, 6, 6 + 256, 900]
        return Array(members.shuffled(using: &random).prefix(Int.random(in: 0...6, using: &random)))
    }
}

import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Limits of rule tables")
struct RuleTableLimitTests {
    @Test("no rule, one rule")
    func fewest() {
        let world = RuleWorld()
        let packet = world.classed(SamplePacket(peerMembers: [9]))
        var table = RuleTable(.accept, in: world.arena)
        let memory = world.arena.memory
        let lines = world.arena.liveLineCount
        #expect(world.match(in: table, of: packet).isNone)
        #expect(table.defaultOutcome(in: memory) == Outcome(.accept, .default))
        let stamp = table.stamp(in: memory)
        let rule = SampleRule(pair: SelectorPair(peer: 9), id: "sgr-1", number: 0)
        table = world.inserting(rule, into: table)
        #expect(table.stamp(in: memory) != stamp)
        #expect(world.match(in: table, of: packet).rule == 0)
        #expect(table.stepCount(in: memory) == 1 && table.pairCount(in: memory) == 1)
        table = world.removing(rule, from: table)
        #expect(world.match(in: table, of: packet).isNone)
        #expect(world.arena.liveLineCount == lines)
    }

    @Test("thousands of pairs, up and down over the sizes of the directory", arguments: [1, 2])
    func manyPairs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = RuleWorld()
        // Past 2,796 pairs the header does not list the pages itself, past 1,024 it has no filter.
        let rules = (0..<3200).map { number in
            SampleRule(
                pair: SelectorPair(
                    peer: UInt32(3 + number / 3), local: [0, 1, 5][number % 3]),
                id: RuleID(number: number), number: UInt32(number))
        }
        var table = RuleTable(.drop, in: world.arena)
        var images: [Int: [UInt32]] = [:]
        let counts: Set = [0, 11, 12, 13, 1023, 1024, 1025, 2795, 2796, 2797, 2808, 2809]
        for (count, rule) in rules.enumerated() {
            if counts.contains(count) { images[count] = world.image(of: table) }
            table = world.inserting(rule, into: table)
        }
        for rule in rules.shuffled(using: &random).prefix(400) {
            let packet = SamplePacket(peerMembers: [rule.pair.peer], localMembers: [5])
            let match = world.match(in: table, of: world.classed(packet))
            // The pairs of a peer are three rules on end.
            let first = try #require(rule.number) / 3 * 3
            #expect(match.rule == first)
        }
        world.releaseAll()
        world.arena.retain(table.block)
        let fork = table
        let lines = world.arena.liveLineCount
        for (count, rule) in rules.enumerated().reversed() {
            table = world.removing(rule, from: table)
            if counts.contains(count) { #expect(world.image(of: table) == images[count]) }
        }
        world.arena.release(table.block)
        #expect(world.arena.liveLineCount == lines)
        world.arena.release(fork.block)
        #expect(world.arena.liveLineCount == 0)
    }

    @Test("many rules of one pair, removed in another order than they came")
    func onePair() throws {
        var random = SeededGenerator(seed: 1)
        let world = RuleWorld()
        let rules = (0..<20_000).map { number in
            SampleRule(
                pair: SelectorPair(peer: WideSelector.anyIPv4),
                priority: UInt8(1 + number % 100), id: RuleID(number: number),
                ipProtocol: .only(.tcp), destination: UInt16(number)...UInt16(number),
                number: UInt32(number))
        }
        let order = rules.shuffled(using: &random)
        var table = world.table(order)
        let fresh = world.table(rules.sorted { $0.isTriedBefore($1) })
        #expect(world.image(of: table) == world.image(of: fresh))
        world.arena.release(fresh.block)
        for port in stride(from: UInt16(0), to: 20_000, by: 997) {
            let packet = world.classed(SamplePacket(destination: port))
            let match = world.match(in: table, of: packet)
            #expect(match.rule == UInt32(port))
        }
        world.arena.retain(table.block)
        let fork = table
        let lines = world.arena.liveLineCount
        var image = world.image(of: fork)
        for rule in rules.shuffled(using: &random) { table = world.removing(rule, from: table) }
        #expect(world.image(of: fork) == image)
        world.arena.release(table.block)
        #expect(world.arena.liveLineCount == lines)
        // In place, too, when nobody else holds the table.
        table = fork
        for rule in rules[10_000...] { table = world.removing(rule, from: table) }
        let half = world.table(Array(rules[..<10_000]))
        image = world.image(of: half)
        #expect(world.image(of: table) == image)
        world.arena.release(half.block)
        world.arena.release(table.block)
        #expect(world.arena.liveLineCount == 0)
    }

    @Test("chains and hits that overrun the room of a look-up", arguments: UInt64(1)...4)
    func longChains(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = RuleWorld()
        let selectors = Array(SelectorID(3)..<83)
        let dense = (0..<400).map { SelectorPair(peer: 3 + $0 / 20, local: 3 + $0 % 20) }
        let sparse = (0..<200).map { _ in
            SelectorPair(
                peer: random.pick([0, 1] + selectors), local: random.pick([0, 1] + selectors))
        }
        let rules = (dense + sparse).shuffled(using: &random).enumerated().map { number, pair in
            let port = UInt16.random(in: 0..<100, using: &random)
            return SampleRule(
                pair: pair, id: RuleID(number: number), destination: port...port,
                number: UInt32(number))
        }
        let table = world.table(rules)
        for _ in 0..<300 {
            let packet = SamplePacket(
                peerMembers: someMembers(of: selectors, &random),
                localMembers: someMembers(of: selectors, &random),
                destination: UInt16.random(in: 0..<100, using: &random))
            let expected = rules.first { $0.admits(packet) }?.number ?? RuleStep.noRule
            let match = world.match(in: table, of: world.classed(packet))
            try #require(match.rule == expected, "seed \(seed)")
        }
    }

    private func someMembers(
        of selectors: [SelectorID], _ random: inout SeededGenerator
    ) -> [SelectorID] {
        let count = random.pick([0, 1, 29, 30, 31, 59, 60, 61, 80])
        return Array(selectors.shuffled(using: &random).prefix(count))
    }

    @Test("a directory of up to three levels")
    func directory() {
        let arena = BlockArena()
        let table = RuleTable(.drop, in: arena)
        var header = table.block
        let lines = arena.liveLineCount
        // 233 · 256 pages and a few more.
        let limit = 59_660
        for count in 0..<limit {
            header = PairDirectory.grown(header, from: count, in: arena)
            let place = PairDirectory.place(ofPage: count, of: header, count + 1, in: arena)
            let page = arena.allocate(.pairPage)
            arena.memory.setWord(page, 0, 0)
            arena.memory.setWord(page, 1, UInt32(count))
            place.set(page, in: arena.memory)
        }
        for index in stride(from: 0, to: limit, by: 61) {
            let page = PairDirectory.page(at: index, of: header, limit, in: arena.memory)
            #expect(arena.memory.word(page, 1) == UInt32(index))
        }
        for count in (1...limit).reversed() {
            let place = PairDirectory.place(ofPage: count - 1, of: header, count, in: arena)
            let page = place.page(in: arena.memory)
            #expect(arena.memory.word(page, 1) == UInt32(count - 1))
            arena.release(page)
            place.set(.none, in: arena.memory)
            header = PairDirectory.shrunk(header, from: count, in: arena)
        }
        #expect(arena.liveLineCount == lines)
    }
}

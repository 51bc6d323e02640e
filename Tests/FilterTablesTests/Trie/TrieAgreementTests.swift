import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Tries of classes")
struct TrieAgreementTests {
    @Test("equal a search, and are the same built in bulk", arguments: UInt64(1)...24)
    func equalSearch(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = TrieModel(seed % 2 == 0 ? .ipv4 : .ipv6)
        let arena = BlockArena()
        try arena.exclusively {
            var trie = TrieEntry.empty
            for step in 1...Int.random(in: 1...400, using: &random) {
                let (membership, isIn) = model.flip(&random)
                trie = arena.flipping(membership, isIn: isIn, trie)
                if step % 16 == 0 { try expect(trie, in: arena, equals: model) }
            }
            try expect(trie, in: arena, equals: model)
            let fresh = BlockArena()
            let built = fresh.exclusively { Trie.building(Array(model.memberships), in: fresh) }
            try #require(arena.shape(of: trie) == fresh.shape(of: built))
            try #require(arena.liveLineCount == fresh.liveLineCount)
            fresh.expectExactCounts(below: [built])
            for membership in model.memberships.shuffled(using: &random) {
                trie = Trie.removing(
                    membership.member, at: membership.prefix, from: trie, in: arena)
            }
            try #require(trie == .empty)
            try #require(arena.liveLineCount == 0)
            try #require(arena.classes.count == 0)
        }
    }

    @Test("of a fork change apart", arguments: UInt64(1)...16)
    func forks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var models = [TrieModel(seed % 2 == 0 ? .ipv4 : .ipv6)]
        let arena = BlockArena()
        try arena.exclusively {
            var tries = [TrieEntry.empty]
            for step in 1...200 {
                let place = Int.random(in: 0..<tries.count, using: &random)
                if tries.count < 4, random.oneIn(20) {
                    arena.retain(tries[place].block)
                    tries.append(tries[place])
                    models.append(models[place])
                }
                let (membership, isIn) = models[place].flip(&random)
                tries[place] = arena.flipping(membership, isIn: isIn, tries[place])
                guard step % 25 == 0 else { continue }
                for (trie, model) in zip(tries, models) {
                    try check(trie, in: arena, equals: model)
                }
                arena.expectExactCounts(below: tries)
            }
            for trie in tries { arena.release(trie.block) }
            try #require(arena.liveLineCount == 0)
            try #require(arena.classes.count == 0)
        }
    }

    @Test("change in place where nobody shares them")
    func inPlace() {
        let arena = BlockArena()
        arena.exclusively {
            var memberships: [Membership] = []
            for host in 0..<UInt64(200) {
                let prefix = AddressPrefix(high: 0x0A00_0000 << 32 | host << 33, low: 0, length: 32)
                memberships.append(Membership(prefix: prefix, member: UInt32(host % 3)))
            }
            let trie = Trie.building(memberships, in: arena)
            let extra = AddressPrefix(high: 0x0A00_0005 << 32, low: 0, length: 32)
            let edited = Trie.adding(7, at: extra, to: trie, in: arena)
            #expect(edited == trie)
            arena.retain(edited.block)
            let fork = Trie.removing(7, at: extra, from: edited, in: arena)
            #expect(fork != edited)
            #expect(
                arena.chain(ofClass: arena.memory.leaf(of: edited, high: extra.high)).count == 1)
            #expect(arena.memory.leaf(of: fork, high: extra.high) == 0)
        }
    }

    /// Leaves, counts and both look-ups.
    private func expect(
        _ trie: TrieEntry, in arena: BlockArena, equals model: TrieModel
    ) throws {
        try check(trie, in: arena, equals: model)
        arena.expectExactCounts(below: [trie])
    }

    private func check(
        _ trie: TrieEntry, in arena: BlockArena, equals model: TrieModel
    ) throws {
        let keys = model.edges
        let leaves = lookUpTogether(keys, in: trie, arena.memory, model.family)
        for (key, together) in zip(keys, leaves) {
            let leaf = arena.memory.leaf(of: trie, high: key.high, low: key.low)
            try #require(
                arena.chain(ofClass: leaf) == model.chain(high: key.high, low: key.low),
                "at \(String(key.high, radix: 16)) \(String(key.low, radix: 16))")
            try #require(together == leaf)
            guard model.family == .ipv4 else { continue }
            try #require(arena.memory.leaf(of: trie, high: key.high) == leaf)
        }
    }

    /// The leaves of `keys`, looked up in batches of up to 64.
    private func lookUpTogether(
        _ keys: [TrieKey], in trie: TrieEntry, _ memory: BlockMemory, _ family: AddressFamily
    ) -> [UInt32] {
        var lanes = TrieLanes()
        var leaves: [UInt32] = []
        while leaves.count < keys.count {
            let batch = keys[leaves.count..<min(leaves.count + TrieLanes.count, keys.count)]
            for (lane, key) in batch.enumerated() {
                lanes.entries[lane] = trie.bits
                lanes.highs[lane] = key.high
                lanes.lows[lane] = key.low
            }
            if family == .ipv4 {
                memory.descend(&lanes, count: batch.count)
            } else {
                memory.descendLong(&lanes, count: batch.count)
            }
            leaves += (0..<batch.count).map { lanes.entries[$0] }
        }
        return leaves
    }
}

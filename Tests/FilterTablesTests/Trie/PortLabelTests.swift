import TestSupport
import Testing

@testable import FilterTables

@Suite("Port labels")
struct PortLabelTests {
    @Test("are the largest cut that is not above the value", arguments: UInt64(1)...5)
    func equalSearch(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let arena = BlockArena()
        try arena.exclusively {
            var labels = PortLabels.uncut
            var cuts: Set<UInt16> = [0]
            for step in 1...300 {
                let value = UInt16.random(in: 1...(random.oneIn(2) ? 600 : .max), using: &random)
                if cuts.insert(value).inserted {
                    labels = PortLabels.cutting(at: value, in: labels, arena: arena)
                } else {
                    cuts.remove(value)
                    labels = PortLabels.joining(at: value, in: labels, arena: arena)
                }
                if step % 50 == 0 { try expect(labels, in: arena, areCutAt: cuts) }
            }
            let lineCount = arena.liveLineCount
            let cut = cuts.max()!
            labels = PortLabels.joining(at: cut, in: labels, arena: arena)
            labels = PortLabels.cutting(at: cut, in: labels, arena: arena)
            try #require(arena.liveLineCount == lineCount)
            for cut in cuts where cut != 0 {
                labels = PortLabels.joining(at: cut, in: labels, arena: arena)
            }
            try #require(labels == PortLabels.uncut)
            try #require(arena.liveLineCount == 0)
        }
    }

    @Test("take a node for each octet, and no more, when all are cut")
    func cutsEverywhere() throws {
        let arena = BlockArena()
        try arena.exclusively {
            var labels = PortLabels.uncut
            for value in stride(from: UInt16(5), through: .max, by: 5) {
                labels = PortLabels.cutting(at: value, in: labels, arena: arena)
            }
            let cuts = stride(from: UInt16(0), through: .max, by: 5)
            try expect(labels, in: arena, areCutAt: Set(cuts))
            #expect(arena.liveLineCount == 257 * 16)
            arena.release(labels.block)
            #expect(arena.liveLineCount == 0)
        }
    }

    @Test("of a fork are cut apart")
    func forks() {
        let arena = BlockArena()
        arena.exclusively {
            let labels = PortLabels.cutting(at: 22, in: PortLabels.uncut, arena: arena)
            arena.retain(labels.block)
            let fork = PortLabels.cutting(at: 80, in: labels, arena: arena)
            #expect(arena.memory.portLabel(of: 443, in: labels) == 22)
            #expect(arena.memory.portLabel(of: 443, in: fork) == 80)
            arena.release(labels.block)
            arena.release(fork.block)
            #expect(arena.liveLineCount == 0)
        }
    }

    private func expect(
        _ labels: TrieEntry, in arena: BlockArena, areCutAt cuts: Set<UInt16>
    ) throws {
        var label: UInt16 = 0
        var wrong: UInt16?
        for value in 0...UInt16.max {
            if cuts.contains(value) { label = value }
            if arena.memory.portLabel(of: value, in: labels) != label { wrong = value }
        }
        try #require(wrong == nil)
    }
}

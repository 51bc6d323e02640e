import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Candidates of pairs of classes")
struct CandidateTableTests {
    @Test(
        "are the first steps, up to one that all packets pass", arguments: UInt64(1)...200, [2, 6])
    func first(seed: UInt64, stepCapacity: Int) {
        var random = SeededGenerator(seed: seed)
        let ranks = Array(0..<UInt64.random(in: 0...20, using: &random)).shuffled(using: &random)
        // Test 3 is the one that all pass.
        let steps = ranks.map { UInt64.random(in: 0...9, using: &random) << 32 | $0 * 5 }
        var candidates = Candidates(openTest: 3, stepCapacity: stepCapacity)
        for step in steps { candidates.add(step) }
        var wanted = steps.sorted {
            UInt32(truncatingIfNeeded: $0) < UInt32(truncatingIfNeeded: $1)
        }
        if let open = wanted.firstIndex(where: { $0 >> 32 == 3 }) {
            wanted.removeSubrange((open + 1)...)
        }
        let found = (0..<candidates.count).map { candidates.steps[$0] }
        #expect(found == Array(wanted.prefix(stepCapacity + 1)))
    }

    @Test("are found until as many later pairs as have room take their line", arguments: [2, 4])
    func replacing(pairCount: Int) throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        let table = try #require(try candidates(pairCount: pairCount, in: memory))
        // Some times as many as have room: 64 steps have 128 lines.
        let keys = (1...UInt32(4096)).map {
            CandidateTable.key(ofPeer: $0 << 6, local: $0 << 8)
        }
        var before: UInt64?
        for key in keys {
            let line = try #require(table.enter(key | 0xABCDE, of: key, in: memory))
            for step in 0..<table.stepCapacity {
                let outcome = UInt32(truncatingIfNeeded: key >> 20) ^ UInt32(step)
                memory.setWord(at: table.outcome(ofStep: step, 0, inLine: line), outcome)
            }
            #expect(table.enter(key, of: key, in: memory) == nil)
            if let before { #expect(table.enter(before, of: before, in: memory) == nil) }
            before = key
        }
        let foundCount = keys.count { isFound($0, table, memory) }
        #expect(foundCount <= 128 * pairCount && foundCount > 100 * pairCount)
    }

    /// Whether a pair is there, and if so with its pattern and outcomes.
    private func isFound(
        _ key: UInt64, _ table: CandidateTable, _ memory: MergedMemory
    ) -> Bool {
        let line = table.line(of: key)
        let index = table.index(of: key, inLine: line, memory)
        guard index < table.pairCount else { return false }
        #expect(CandidateTable.pattern(of: table.word(index, inLine: line, memory)) == 0xABCDE)
        for step in 0..<table.stepCapacity {
            let outcome = memory.word(at: table.outcome(ofStep: step, index, inLine: line))
            #expect(outcome == UInt32(truncatingIfNeeded: key >> 20) ^ UInt32(step))
        }
        return true
    }

    @Test("have keys that differ where one of the records does")
    func keys() {
        let places = (0..<22).map { UInt32(64) << $0 }
        var keys: Set<UInt64> = []
        for peer in places {
            for local in places {
                let words = (
                    RangeMap.word(ofRecord: Int(peer)), RangeMap.word(ofRecord: Int(local))
                )
                let key = CandidateTable.key(ofPeer: words.0, local: words.1)
                #expect(CandidateTable.pattern(of: key) == 0)
                keys.insert(key)
            }
        }
        #expect(keys.count == places.count * places.count)
    }

    @Test("are remembered to have been missed")
    func missing() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        let table = try #require(try candidates(in: memory))
        let key = CandidateTable.key(ofPeer: 64, local: 128)
        #expect(!table.wasMissed(key, in: memory))
        #expect(table.wasMissed(key, in: memory))
        let others = (1...UInt32(100)).map { CandidateTable.key(ofPeer: 640 * $0, local: 128) }
        let falselyMissed = others.count { table.wasMissed($0, in: memory) }
        #expect(falselyMissed < 5)
    }

    @Test("are asked for on trial, and then where half of the packets find theirs")
    func use() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        let table = try #require(try candidates(in: memory))
        func askedCount() -> Int { (0..<64).count { _ in table.isAsked(memory) } }
        for _ in 0..<3 {
            #expect(table.limit(ofNew: 64, of: 64, memory) == 16)
            #expect(askedCount() == 64)
        }
        // As many as there are slots.
        #expect(table.limit(ofNew: 64, of: 64, memory) == 2)
        #expect(askedCount() == 4)
        for _ in 0..<300 { #expect(table.limit(ofNew: 8, of: 64, memory) == 8) }
        #expect(askedCount() == 64)
        for _ in 0..<300 { #expect(table.limit(ofNew: 64, of: 64, memory) <= 16) }
        #expect(askedCount() == 4)
        #expect(table.limit(ofNew: 64, of: 64, memory) == 2)
    }

    /// A table for pairs of 64 steps, whose packets have one port.
    private func candidates(pairCount: Int = 2, in memory: MergedMemory) throws -> CandidateTable? {
        var room = MergedRoom()
        let columns = room.allocate(byteCount: 8, in: memory)
        let side = (count: 1, columns: try #require(columns))
        let patterns = PatternTable(destinations: side, sources: side, &room, in: memory)
        return CandidateTable(
            stepCount: 64, pairCount: pairCount, try #require(patterns), &room, in: memory)
    }
}

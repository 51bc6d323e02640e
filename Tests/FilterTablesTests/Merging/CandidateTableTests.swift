import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Candidates of pairs of classes")
struct CandidateTableTests {
    @Test("are the first steps, up to one that all packets pass", arguments: UInt64(1)...200)
    func first(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ranks = Array(0..<UInt64.random(in: 0...20, using: &random)).shuffled(using: &random)
        // Test 3 is the one that all pass.
        let steps = ranks.map { UInt64.random(in: 0...9, using: &random) << 32 | $0 * 5 }
        var candidates = Candidates(openTest: 3)
        for step in steps { candidates.add(step) }
        var wanted = steps.sorted {
            UInt32(truncatingIfNeeded: $0) < UInt32(truncatingIfNeeded: $1)
        }
        if let open = wanted.firstIndex(where: { $0 >> 32 == 3 }) {
            wanted.removeSubrange((open + 1)...)
        }
        let found = (0..<candidates.count).map { candidates.steps[$0] }
        #expect(found == Array(wanted.prefix(CandidateTable.capacity + 1)))
    }

    @Test("are found while the table grows, and forgotten when it can grow no more")
    func growing() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = CandidateTable(stepCount: 64, &room, in: memory)
        var table = try #require(made)
        let pairs = (1...UInt64(256)).map { $0 << 6 | $0 << 40 }
        for (index, pair) in pairs.enumerated() {
            #expect(table.find(pair, memory) == nil)
            let slot = table.newSlot(of: pair, &room, in: memory)
            memory.setWord64(at: slot + CandidateTable.firstStep, pair ^ 1)
            // 64 slots become 512, of which half are taken at most.
            for older in pairs[...index] {
                let found = try #require(table.find(older, memory))
                #expect(memory.word64(at: found + CandidateTable.firstStep) == older ^ 1)
            }
        }
        _ = table.newSlot(of: 1 << 30, &room, in: memory)
        #expect(pairs.allSatisfy { table.find($0, memory) == nil })
        #expect(table.find(1 << 30, memory) != nil)
    }

    /// A step and its test share eight bytes.
    @Test("have room for a test beside an outcome")
    func layout() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        let outcome = Outcome(.drop, byRule: 0xABCD_EF01)
        memory.setOutcome(at: 64, outcome)
        memory.setHalf(at: 64 + CandidateTable.testOffset, 0xFFFF)
        #expect(memory.outcome(at: 64) == outcome)
        #expect(memory.half(at: 64 + CandidateTable.testOffset) == 0xFFFF)
    }
}

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

    @Test("are found until two later pairs take their slots")
    func replacing() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = CandidateTable(stepCount: 64, &room, in: memory)
        let table = try #require(made)
        let pairs = (1...UInt64(2000)).map { $0 << 6 | $0 << 40 }
        var before: UInt64?
        for pair in pairs {
            let slot = try #require(table.newSlot(of: pair, in: memory))
            memory.setWord64(at: slot, pair)
            memory.setWord64(at: slot + CandidateTable.firstStep, pair ^ 1)
            #expect(table.newSlot(of: pair, in: memory) == nil)
            if let before { #expect(table.newSlot(of: before, in: memory) == nil) }
            before = pair
        }
        var foundCount = 0
        for pair in pairs {
            let first = table.slot(of: pair)
            for slot in [first, table.slot(beside: first)] where memory.word64(at: slot) == pair {
                #expect(memory.word64(at: slot + CandidateTable.firstStep) == pair ^ 1)
                foundCount += 1
            }
        }
        // 64 steps have 256 slots.
        #expect(foundCount <= 256 && foundCount > 200)
    }

    @Test("are asked for on trial, and then where half of the packets find theirs")
    func use() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = CandidateTable(stepCount: 64, &room, in: memory)
        let table = try #require(made)
        func askedCount() -> Int { (0..<64).count { _ in table.isAsked(memory) } }
        #expect(table.limit(ofNew: 64, of: 64, memory) == 16)
        #expect(askedCount() == 64)
        for pair in 1...UInt64(128) {
            let slot = try #require(table.newSlot(of: pair << 6, in: memory))
            memory.setWord64(at: slot, pair << 6)
        }
        #expect(askedCount() == 4)
        for _ in 0..<300 { #expect(table.limit(ofNew: 8, of: 64, memory) == 8) }
        #expect(askedCount() == 64)
        for _ in 0..<300 { #expect(table.limit(ofNew: 64, of: 64, memory) <= 16) }
        #expect(askedCount() == 4)
        #expect(table.limit(ofNew: 64, of: 64, memory) == 2)
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

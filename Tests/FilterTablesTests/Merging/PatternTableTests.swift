import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Patterns of tests")
struct PatternTableTests {
    private typealias Tests = InlineArray<6, UInt16>

    @Test("know the first test that both ports pass", arguments: UInt64(1)...40)
    func first(seed: UInt64) throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        var random = SeededGenerator(seed: seed)
        let counts = (
            Int.random(in: 1...300, using: &random), Int.random(in: 1...90, using: &random)
        )
        let destinations = columns(ofValues: counts.0, &room, &random, memory)
        let sources = columns(ofValues: counts.1, &room, &random, memory)
        let made = PatternTable(
            destinations: (counts.0, try #require(destinations)),
            sources: (counts.1, try #require(sources)), &room, in: memory)
        let table = try #require(made)
        for _ in 0..<20 {
            let count = Int.random(in: 0...6, using: &random)
            var tests = Tests(repeating: 0)
            for index in 0..<count { tests[index] = UInt16.random(in: 0..<16, using: &random) }
            let found = table.number(ofTests: tests, count: count, in: memory)
            let number = try #require(found)
            for _ in 0..<100 {
                let destination = Int.random(in: 0..<counts.0, using: &random)
                let source = Int.random(in: 0..<counts.1, using: &random)
                let step = (0..<count).first {
                    passes(Int(tests[$0]), destination, counts.0, destinations ?? 0, memory)
                        && passes(Int(tests[$0]), source, counts.1, sources ?? 0, memory)
                }
                // Values of destinations are multiples.
                let offsets = table.offsets(destination: destination * counts.1, source: source)
                let wanted = step ?? PatternTable.leftOut
                #expect(table.step(ofPattern: number, offsets, memory) == wanted)
            }
        }
    }

    @Test("are one for the same tests, until there are too many")
    func numbers() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let columns = room.allocate(byteCount: 8 << 12, in: memory)
        let side = (count: 1, columns: try #require(columns))
        let made = PatternTable(destinations: side, sources: side, &room, in: memory)
        let table = try #require(made)
        for _ in 0..<2 {
            for index in 0..<table.capacity {
                let tests = Tests { $0 == 0 ? UInt16(index) : 7 }
                let number = table.number(ofTests: tests, count: 1 + index % 6, in: memory)
                try #require(number.map { $0 == index } ?? false)
            }
        }
        let one = table.number(ofTests: Tests(repeating: 4095), count: 6, in: memory)
        #expect(one == nil)
    }

    /// For each of sixteen tests a row of bits by value.
    private func columns(
        ofValues count: Int, _ room: inout MergedRoom, _ random: inout SeededGenerator,
        _ memory: MergedMemory
    ) -> Int? {
        let byteCount = PortClasses.columnByteCount(classCount: count)
        guard let columns = room.allocate(byteCount: 16 * byteCount, in: memory) else { return nil }
        for test in 0..<16 {
            for value in 0..<count where Bool.random(using: &random) {
                memory.setBit(value, ofRow: columns + byteCount * test)
            }
        }
        return columns
    }

    private func passes(
        _ test: Int, _ value: Int, _ count: Int, _ columns: Int, _ memory: MergedMemory
    ) -> Bool {
        let column = columns + PortClasses.columnByteCount(classCount: count) * test
        return memory.word64(at: column + (value >> 6) << 3) >> UInt64(value & 63) & 1 != 0
    }
}

@Suite("Outcomes in words")
struct OutcomeWordsTests {
    @Test("are what they were")
    func roundTrip() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = OutcomeWords(&room, in: memory)
        let words = try #require(made)
        let outcomes = [
            Outcome(.accept, byRule: 0), Outcome(.drop, byRule: 0xFFF_FFFF),
            Outcome(.drop, .default), Outcome(.accept, .intraGroup), Outcome(.accept, byRule: 77),
        ]
        for outcome in outcomes + outcomes {
            let word = words.word(of: outcome, memory)
            #expect(words.outcome(of: try #require(word), memory) == outcome)
        }
        let greater = words.word(of: Outcome(.drop, byRule: 0x1000_0000), memory)
        #expect(greater == nil)
    }

    @Test("are of sixteen kinds at most")
    func kinds() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = OutcomeWords(&room, in: memory)
        let words = try #require(made)
        let outcomes = Reason.allCases.flatMap { [Outcome(.accept, $0), Outcome(.drop, $0)] }
        let known = outcomes.count { words.word(of: $0, memory) != nil }
        #expect(outcomes.count > 16 && known == 16)
    }
}

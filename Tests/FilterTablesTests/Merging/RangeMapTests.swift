import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Ranges of addresses")
struct RangeMapTests {
    /// From one range to more than lines hold, in the whole half and in one network of it; in nodes, and with lines.
    @Test(
        "lead every address to the word of its range",
        arguments: [1, 2, 9, 10, 11, 12, 40, 300, 5000],
        [(0xFFFF, 0), (0xFFFF, 1 << 20), (0x03FF, 0)])
    func everyAddress(rangeCount: Int, shape: (mask: UInt16, nodeByteCount: Int)) throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = RangeMap(nodeByteCount: shape.nodeByteCount, &room, in: memory)
        let map = try #require(made)
        let records = room.allocate(byteCount: 64 * rangeCount, in: memory)
        let firstRecord = try #require(records)
        let scratch = room.allocateScratch(byteCount: RangeMap.Ranges.byteCount)
        var ranges = RangeMap.Ranges(place: try #require(scratch))
        var random = SeededGenerator(seed: UInt64(rangeCount))
        var ends = Set(
            (0..<rangeCount - 1).map { _ in UInt16.random(in: 0...shape.mask, using: &random) })
        ends.insert(.max)
        let sorted = ends.sorted()
        for (index, last) in sorted.enumerated() {
            let word = RangeMap.word(ofRecord: firstRecord + 64 * index)
            memory.setWord(at: firstRecord + 64 * index, word)
            ranges.append(word, to: last, memory)
        }
        #expect(!map.knows(0x0A01_0000, memory))
        // Those that take too much room for nodes are forgotten once.
        for _ in 0..<2 where !map.knows(0x0A01_0000, memory) {
            let isEntered = map.enter(ranges, for: 0x0A01_7777, &room, in: memory)
            try #require(isEntered)
        }
        #expect(map.hasLines(memory) == (shape.nodeByteCount == 0))
        var index = 0
        for low in stride(from: 0, to: 1 << 16, by: isOptimised ? 1 : 13) {
            while low > Int(sorted[index]) { index += 1 }
            let word = try #require(map.word(of: 0x0A01_0000 | UInt32(low), memory))
            try #require(RangeMap.record(of: word) == firstRecord + 64 * index)
        }
        #expect(map.word(of: 0x0A00_FFFF, memory) == nil)
        #expect(map.word(of: 0x0A02_0000, memory) == nil)
    }

    @Test("are found up to the first that was not entered")
    func lanes() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = RangeMap(nodeByteCount: 1 << 20, &room, in: memory)
        let map = try #require(made)
        let allocated = room.allocate(byteCount: 64, in: memory)
        let record = try #require(allocated)
        memory.setWord(at: record, RangeMap.word(ofRecord: record))
        var ranges = RangeMap.Ranges(place: 1 << 20)
        ranges.append(RangeMap.word(ofRecord: record), to: .max, memory)
        let isEntered = map.enter(ranges, for: 0x0A01_0000, &room, in: memory)
        try #require(isEntered)
        for index in 0..<WideTable.laneCount {
            let address: UInt32 = index == 7 ? 0x0A02_0000 : 0x0A01_0000 | UInt32(index)
            memory.setWord(at: WideTable.lane(index) + 20, address)
        }
        let count = map.findRecords(
            laneCount: WideTable.laneCount, addressOffset: 20, to: 4, memory)
        #expect(count == 7)
        for index in 0..<count {
            let word = memory.word(at: WideTable.lane(index) + 4)
            #expect(word == RangeMap.word(ofRecord: record))
        }
    }

    @Test("that have several halves whole are entered for all of these")
    func wholeHalves() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = RangeMap(nodeByteCount: 1 << 20, &room, in: memory)
        let map = try #require(made)
        var ranges = RangeMap.Ranges(place: 1 << 20)
        ranges.append(RangeMap.word(ofRecord: 64), to: .max, memory)
        ranges.last = 0x0A04_7FFF
        let isEntered = map.enter(ranges, for: 0x0A01_0203, &room, in: memory)
        try #require(isEntered)
        let known = (UInt32(0x0A00)...0x0A05).map { map.knows($0 << 16, memory) }
        #expect(known == [false, true, true, true, false, false])
    }

    @Test("name the first half that was not entered, until all were")
    func nextUnknown() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var room = MergedRoom()
        let made = RangeMap(nodeByteCount: 1 << 20, &room, in: memory)
        let map = try #require(made)
        var ranges = RangeMap.Ranges(place: 1 << 20)
        ranges.append(RangeMap.word(ofRecord: 64), to: .max, memory)
        for last: UInt32 in [0x0002_FFFF, 0x0005_FFFF, .max] {
            ranges.last = last
            let address = try #require(map.nextUnknown(memory) as UInt32?)
            #expect(!map.knows(address, memory))
            let isEntered = map.enter(ranges, for: address, &room, in: memory)
            try #require(isEntered)
        }
        let next = map.nextUnknown(memory)
        #expect(next == nil)
    }

    @Test("are one where neighbours have the same word")
    func merging() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        var ranges = RangeMap.Ranges(place: 1 << 20)
        for (word, last) in [(88, 7), (88, 9), (152, 10), (88, 0xFFFF)] as [(UInt32, UInt16)] {
            ranges.append(word, to: last, memory)
        }
        let found = (0..<ranges.count).map { (ranges.word($0, memory), ranges.last($0, memory)) }
        #expect(found.map(\.0) == [88, 152, 88] && found.map(\.1) == [9, 10, 0xFFFF])
    }

    /// Every range that a trie gives has one leaf, and ends before the next one's first address.
    @Test("of a trie hold what the trie says", arguments: UInt64(1)...5)
    func ofTries(seed: UInt64) {
        let world = RandomFleet(seed: seed, shape: .large(.alibaba))
        let tables = FilterTables(compiling: world.fleet)
        let trie = TableReader(tables.version).trie(ofSpace: 0, isIPv6: false)
        var probes = EdgeProbes(world.fleet, shape: world.shape, seed: seed)
        for _ in 0..<4000 {
            let address = UInt32(truncatingIfNeeded: probes.next().source.high >> 32)
            let (leaf, last) = tables.memory.leafRange(of: trie, from: address)
            for other in [address, address + (last - address) / 2, last] {
                #expect(tables.memory.leaf(of: trie, high: UInt64(other) << 32) == leaf)
            }
        }
    }
}

extension RangeMap {
    /// The word of an address's record; `nil` if it was not entered.
    fileprivate func word(of address: UInt32, _ pool: MergedMemory) -> UInt32? {
        pool.setWord(at: WideTable.lanes + 16, address)
        let count = findRecords(laneCount: 1, addressOffset: 16, to: 0, pool)
        return count == 1 ? pool.word(at: WideTable.lanes) : nil
    }
}

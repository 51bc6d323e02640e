import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("What merged tables are made of")
struct MergedLayoutTests {
    @Test("entries are sorted", arguments: [0, 1, 2, 3, 100, 1000])
    func sorting(count: Int) {
        let memory = MergedMemory(byteCount: 1 << 16)
        var random = SeededGenerator(seed: UInt64(count))
        let entries = (0..<count).map { _ in
            SortEntry(first: random.next() % 50, second: random.next() % 50)
        }
        for (place, entry) in entries.enumerated() { memory.setEntry(place, from: 0, entry) }
        memory.sortEntries(from: 0, count: count)
        #expect((0..<count).map { memory.entry($0, from: 0) } == entries.sorted())
        memory.unmap()
    }

    /// More than are foreseen, and fewer.
    @Test("words are found again when there are many", arguments: [nil, 100, 10_000])
    func wordMap(keyCount: Int?) throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        var room = MergedRoom()
        let empty =
            if let keyCount { WordMap(keyCount: keyCount, &room, in: memory) } else {
                WordMap(&room, in: memory)
            }
        var words = try #require(empty)
        for number in UInt32(1)...5000 {
            let isEntered = words.insert(number * 64, for: number * 7, &room, memory)
            try #require(isEntered)
        }
        for number in UInt32(1)...5000 {
            let value = words.value(of: number * 7, memory)
            let found = try #require(value)
            #expect(found == number * 64)
        }
        let unknown = words.value(of: 3, memory)
        let isUnknown = unknown == nil
        #expect(isUnknown)
        memory.unmap()
    }

    @Test("rows with the same bits have one number")
    func rowSet() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        var room = MergedRoom()
        let empty = RowSet(bitCount: 200, &room, in: memory)
        var rows = try #require(empty)
        for round in 0..<3 {
            for bit in 0..<200 {
                let made = rows.makeRow(&room, in: memory)
                let row = try #require(made)
                memory.setBit(bit, ofRow: row)
                let numbered = rows.number(of: row, &room, in: memory)
                let number = try #require(numbered)
                #expect(number == bit, "round \(round)")
            }
        }
        #expect(rows.count == 200)
        memory.unmap()
    }

    @Test("words of pairs stay when there is room for more classes", arguments: 0...2)
    func pairTable(localsForEachPeer: Int) throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        var room = MergedRoom()
        let empty = PairTable(&room, in: memory)
        var pairs = try #require(empty)
        for count in 1...100 {
            let locals = max(localsForEachPeer * count, 1)
            let hasRoom = pairs.reserve(peers: count, locals: locals, &room, in: memory)
            try #require(hasRoom)
            let place = pairs.place(ofPeer: UInt32(count - 1), local: UInt32(locals - 1))
            try #require(memory.word(at: place) == 0, "nothing else was there")
            memory.setWord(at: place, UInt32(count))
        }
        for count in 1...100 {
            let local = UInt32(max(localsForEachPeer * count, 1) - 1)
            let word = memory.word(at: pairs.place(ofPeer: UInt32(count - 1), local: local))
            #expect(word == UInt32(count))
        }
        memory.unmap()
    }

    @Test("room ends, and is there again")
    func room() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        var room = MergedRoom()
        let half = MergedMemory.tableByteCount / 2
        let first = room.allocateUncleared(byteCount: half)
        _ = try #require(first)
        let second = room.allocateUncleared(byteCount: half)
        let scratch = room.allocateScratch(byteCount: half)
        let isFull = second == nil && scratch == nil
        #expect(isFull)
        room.removeAll()
        let again = room.allocateUncleared(byteCount: half)
        _ = try #require(again)
        memory.unmap()
    }

    @Test("a class of all addresses stays when the trie changes")
    func onlyClass() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        var room = MergedRoom()
        let empty = ClassMap(&room, in: memory)
        var classes = try #require(empty)
        let isEntered = classes.enterEverywhere(7, &room, in: memory)
        #expect(isEntered)
        classes.forget(0x0A00_0000...0x0AFF_FFFF, in: memory)
        let addresses: [UInt32] = [.min, 0x0A01_0203, .max]
        for address in addresses { #expect(classes.number(of: address, memory) == 7) }
        let number = try #require(classes.onlyNumber)
        #expect(number == 7)
        classes.removeAll(in: memory)
        #expect(classes.onlyNumber == nil)
        for address in addresses {
            #expect(!ClassMap.isKnown(classes.number(of: address, memory)))
        }
        memory.unmap()
    }

    @Test(
        "maps have one class for all addresses of a leaf, and another for others",
        arguments: UInt64(1)...5)
    func maps(seed: UInt64) throws {
        let world = RandomFleet(seed: seed, shape: .large(.alibaba))
        let tables = FilterTables(compiling: world.fleet)
        let reader = TableReader(tables.version)
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        var room = MergedRoom()
        let empty = ClassMap(&room, in: memory)
        var classes = try #require(empty)
        let trie = reader.trie(ofSpace: 0, isIPv6: false)
        var probes = EdgeProbes(world.fleet, shape: world.shape, seed: seed)
        for _ in 0..<4000 {
            let high = probes.next().source.high
            let address = UInt32(truncatingIfNeeded: high >> 32)
            let leaf = tables.memory.leaf(of: trie, high: high)
            let number = classes.number(of: address, memory)
            if ClassMap.isKnown(number) {
                #expect(number == leaf & 0x7FFF)
                continue
            }
            var ranges = LeafRanges(around: address, of: trie, tables.memory)
            while let range = ranges.next() {
                let isEntered = classes.enter(
                    range.leaf & 0x7FFF, for: range.addresses, &room, in: memory)
                try #require(isEntered)
            }
            #expect(classes.number(of: address, memory) == leaf & 0x7FFF)
        }
        memory.unmap()
    }
}

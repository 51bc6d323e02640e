import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Maps of IPv6 addresses")
struct LongMapTests {
    @Test("lead every address to the word of its leaf", arguments: UInt64(1)...24)
    func everyAddress(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = TrieModel(.ipv6)
        let arena = BlockArena()
        var map = MapUnderTest()
        defer { map.memory.unmap() }
        try arena.exclusively {
            for count in [0, 1, 2, 3, 10, 40, 150] {
                for _ in 0..<count { _ = model.flip(&random) }
                let trie = Trie.building(Array(model.memberships), in: arena)
                try map.expectWords(of: trie, at: model.edges.shuffled(using: &random), arena)
                arena.release(trie.block)
            }
        }
    }

    @Test("hold where the trie has not changed", arguments: UInt64(1)...24)
    func afterEdits(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = TrieModel(.ipv6)
        let arena = BlockArena()
        var map = MapUnderTest()
        defer { map.memory.unmap() }
        var knownCount = 0
        try arena.exclusively {
            for _ in 0..<100 { _ = model.flip(&random) }
            var trie = Trie.building(Array(model.memberships), in: arena)
            for round in 0..<60 {
                if round % 10 == 0 { try map.expectWords(of: trie, at: model.edges, arena) }
                // The older trie is held, so that no block of it is written to.
                arena.retain(trie.block)
                let (membership, isIn) = model.flip(&random)
                let edited = arena.flipping(membership, isIn: isIn, trie)
                map.forget(TrieDifferences(trie, edited, arena.memory))
                arena.release(trie.block)
                trie = edited
                knownCount += try map.expectKnownWords(of: trie, at: model.edges, arena)
            }
            arena.release(trie.block)
        }
        #expect(knownCount > 1000)
    }

    /// One /64 with so many hosts, each with a class of its own, beside networks of all kinds.
    @Test(
        "do so where many hosts share their high bits",
        arguments: [1, 2, 7, 8, 31, 32, 127, 500, 2000])
    func denseHosts(hostCount: Int) throws {
        var random = SeededGenerator(seed: UInt64(hostCount))
        var prefixes = [
            AddressPrefix(high: 0, low: 1, length: 128),
            AddressPrefix(high: 0xFE80 << 48, low: 0, length: 10),
            AddressPrefix(high: .max, low: .max, length: 128),
            AddressPrefix(high: 0x2001_0DB8 << 32, low: 0, length: 32),
        ]
        for _ in 0..<hostCount {
            let host = random.next() & (random.oneIn(2) ? 0xFFF : .max)
            prefixes.append(
                AddressPrefix(high: 0x2001_0DB8_0001_0001, low: host, length: 128))
            prefixes.append(
                AddressPrefix(
                    high: 0x2001_0DB8 << 32 | random.next() & 0xFFFF_FF00, low: 0, length: 56))
        }
        let memberships = prefixes.enumerated().map {
            Membership(prefix: $1, member: UInt32($0 + 1))
        }
        var map = MapUnderTest()
        defer { map.memory.unmap() }
        let arena = BlockArena()
        try arena.exclusively {
            let trie = Trie.building(memberships, in: arena)
            try map.expectWords(of: trie, at: edges(of: prefixes), arena)
            arena.release(trie.block)
        }
    }

    private func edges(of prefixes: [AddressPrefix]) -> [TrieKey] {
        prefixes.flatMap { prefix in
            let first = TrieKey(high: prefix.high, low: prefix.low)
            let last = first.last(sharing: Int(prefix.length))
            return [first.predecessor, first, last, last.successor]
        }
    }

    @Test("have the ranges of both halves of addresses")
    func ranges() throws {
        let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
        defer { memory.unmap() }
        let arena = BlockArena()
        arena.exclusively {
            let network = AddressPrefix(high: 0x2001_0DB8 << 32, low: 0, length: 48)
            let host = AddressPrefix(high: 0x2001_0DB8_0000_0007, low: 5, length: 128)
            let trie = Trie.building(
                [Membership(prefix: network, member: 1), Membership(prefix: host, member: 2)],
                in: arena)
            let boundaries = TrieBoundaries(of: trie, arena.memory, at: 0, in: memory)
            let highs = (0..<boundaries.highCount).map { boundaries.high($0) }
            #expect(
                highs.map(\.last) == [
                    0x2001_0DB7_FFFF_FFFF, 0x2001_0DB8_0000_0006, 0x2001_0DB8_0000_0007,
                    0x2001_0DB8_0000_FFFF, .max,
                ])
            #expect(highs.map(\.lowCount) == [0, 0, 4, 0, 0])
            let lows = (0..<boundaries.lowCount).map { boundaries.low($0) }
            #expect(lows == [4, 5, .max, .max])
            arena.release(trie.block)
        }
    }

    @Test("are not made of more ranges than have room")
    func tooMany() {
        let arena = BlockArena()
        let map = MapUnderTest()
        defer { map.memory.unmap() }
        arena.exclusively {
            let memberships = (0...UInt64(TrieBoundaries.capacity / 2)).map {
                Membership(
                    prefix: AddressPrefix(high: $0 << 40, low: 0, length: 32), member: 1)
            }
            let trie = Trie.building(memberships, in: arena)
            var room = MergedRoom()
            var long = LongMap()
            let isRead = long.read(trie, arena.memory, &room, in: map.memory)
            #expect(!isRead && room.byteCount == 0)
            arena.release(trie.block)
        }
    }
}

/// A map that is read again and again, with words that tell leaves and sides apart.
private struct MapUnderTest {
    let memory = MergedMemory(byteCount: MergedMemory.tableByteCount)
    private var room = MergedRoom()
    private var map = LongMap()

    /// Reads a trie, enters words for all keys, and expects that none of them took another's place.
    mutating func expectWords(
        of trie: TrieEntry, at keys: [TrieKey], _ arena: BlockArena
    ) throws {
        let isRead = map.read(trie, arena.memory, &room, in: memory)
        try #require(isRead)
        let others = Array(keys.reversed())
        for (key, other) in zip(keys, others) {
            let query = query(from: key, to: other)
            map.enter(
                source: word(of: key, trie, arena), destination: ~word(of: other, trie, arena),
                for: query, in: memory)
        }
        for (key, other) in zip(keys, others) {
            let found = map.words(of: query(from: key, to: other), memory)
            try #require(found.source == word(of: key, trie, arena), "\(key)")
            try #require(found.destination == ~word(of: other, trie, arena), "\(other)")
        }
    }

    mutating func forget(_ differences: TrieDifferences) {
        for stretch in differences.stretches { map.forget(stretch, in: memory) }
    }

    /// Expects that the words that are known are those of the leaves, and returns how many these are.
    func expectKnownWords(
        of trie: TrieEntry, at keys: [TrieKey], _ arena: BlockArena
    ) throws -> Int {
        var count = 0
        for (key, other) in zip(keys, keys.reversed()) {
            let found = map.words(of: query(from: key, to: other), memory)
            if LongMap.isKnown(found.source) {
                try #require(found.source == word(of: key, trie, arena), "\(key)")
                count += 1
            }
            if LongMap.isKnown(found.destination) {
                try #require(found.destination == ~word(of: other, trie, arena), "\(other)")
                count += 1
            }
        }
        return count
    }

    private func word(of key: TrieKey, _ trie: TrieEntry, _ arena: BlockArena) -> UInt32 {
        arena.memory.leaf(of: trie, high: key.high, low: key.low) + 1
    }

    private func query(from source: TrieKey, to destination: TrieKey) -> Query {
        let packet = Packet(
            source: IPAddress(ipv6High: source.high, low: source.low),
            destination: IPAddress(ipv6High: destination.high, low: destination.low),
            ipProtocol: .tcp)
        return Query(packet, at: 0, .ingress)
    }
}

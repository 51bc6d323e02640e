import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Address trie")
struct AddressTrieTests {
    @Test("gives the value of the longest prefix")
    func longestPrefixWins() {
        let trie = makeTrie(["10.0.0.0/8": 1, "10.1.0.0/16": 2, "10.1.0.5": 3, "0.0.0.0/0": 9])
        #expect(value(of: "10.2.0.1", in: trie) == 1)
        #expect(value(of: "10.1.0.4", in: trie) == 2)
        #expect(value(of: "10.1.0.5", in: trie) == 3)
        #expect(value(of: "11.0.0.0", in: trie) == 9)
    }

    @Test("skips the octets that all prefixes share, and notices addresses that do not")
    func comparesSkippedOctets() {
        let trie = makeTrie(["2001:db8:0:7::/64": 1, "2001:db8:0:7::5": 2])
        #expect(trie.nodes.count == 2 * AddressTrie.wordsPerNode)
        #expect(value(of: "2001:db8:0:7::5", in: trie) == 2)
        #expect(value(of: "2001:db8:0:7::6", in: trie) == 1)
        #expect(value(of: "2001:db8:0:7:1::5", in: trie) == 1)
        #expect(value(of: "2001:db8:0:8::5", in: trie) == 0)
        #expect(value(of: "3001:db8:0:7::5", in: trie) == 0)
    }

    @Test("of nothing holds nothing")
    func empty() {
        #expect(value(of: "10.0.0.1", in: makeTrie([:])) == 0)
        #expect(value(of: "::", in: makeTrie([:])) == 0)
    }

    @Test("reads back every field of a node")
    func nodeLayout() {
        var trie = AddressTrie([])
        let node = trie.reserveNode()
        let path = AddressPrefix(CIDRBlock("2001:db8::/32")!)
        var slots = [UInt32](repeating: 5, count: 256)
        slots[64] = 6
        slots[200] = 7
        let firstEntry = trie.entries.count
        trie.fill(node, depth: 4, path: path, comparesPath: true, offPath: 8, slots: slots)
        let words = Array(trie.nodes[(node * AddressTrie.wordsPerNode)...])
        // Runs: 0…63 of 5, 64 of 6, 65…199 of 5, 200 of 7, 201…255 of 5.
        #expect(Array(words.prefix(4)) == [1, 0b11, 0, 0b11 << 8])
        #expect(words[4] == 0x2001_0DB8_0000_0000)
        #expect(words[5] == 0)
        #expect(words[6] == UInt64(firstEntry) << 32 | 0x0303_0104)
        #expect(words[7] == 1 << 32 | 8)
        #expect(Array(trie.entries[firstEntry...]) == [5, 6, 5, 7, 5])
    }

    @Test("equals a search through all prefixes", arguments: UInt64(1)...40)
    func equalsLinearSearch(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let family: AddressFamily = random.oneIn(2) ? .ipv4 : .ipv6
        var blocks: [CIDRBlock: UInt32] = [:]
        for number in 1...UInt32.random(in: 1...300, using: &random) {
            blocks[randomBlock(family, &random).canonical] = number
        }
        let trie = AddressTrie(
            blocks.map { AddressTrie.Assignment(prefix: AddressPrefix($0.key), value: $0.value) }
                .sorted { $0.prefix < $1.prefix })
        let edges = blocks.keys.flatMap {
            [$0.network, $0.last, $0.last.advanced(by: 1), randomBlock(family, &random).address]
        }
        for address in edges {
            let expected =
                blocks.filter { $0.key.contains(address) }
                .max { $0.key.prefixLength < $1.key.prefixLength }?.value ?? 0
            try #require(trie.value(high: address.high, low: address.low) == expected, "\(address)")
        }
    }

    private func makeTrie(_ values: KeyValuePairs<String, UInt32>) -> AddressTrie {
        AddressTrie(
            values.map {
                AddressTrie.Assignment(prefix: AddressPrefix(CIDRBlock($0.key)!), value: $0.value)
            }.sorted { $0.prefix < $1.prefix })
    }

    private func value(of address: String, in trie: AddressTrie) -> UInt32 {
        let address = IPAddress(address)!
        return trie.value(high: address.high, low: address.low)
    }

    /// A block whose bits are few and far between, so that blocks nest and share octets.
    private func randomBlock(_ family: AddressFamily, _ random: inout SeededGenerator) -> CIDRBlock
    {
        let high = sparseWord(&random) & (family == .ipv4 ? 0xFFFF_FFFF_0000_0000 : .max)
        let low = family == .ipv4 ? 0 : sparseWord(&random)
        let address = IPAddress(family: family, high: high, low: low)
        let length = Int.random(in: 0...family.addressBitCount, using: &random)
        return CIDRBlock(address, prefixLength: length)
    }

    private func sparseWord(_ random: inout SeededGenerator) -> UInt64 {
        random.next() & 0x0101_0000_0303_00FF
    }
}

@Suite("Prefix chains")
struct PrefixChainTests {
    @Test("are one for addresses in the same selectors")
    func sharesChains() {
        var builder = PrefixChainBuilder()
        let memberships = [("10.0.0.0/8", 1), ("10.1.0.5", 7), ("10.1.0.6", 7), ("10.1.0.6", 7)]
        let trie = builder.makeTrie(
            memberships.map { (AddressPrefix(CIDRBlock($0)!), UInt32($1)) })
        let classes = ["10.1.0.5", "10.1.0.6", "10.1.0.7", "11.0.0.0"].map { text in
            let address = IPAddress(text)!
            return trie.value(high: address.high, low: address.low)
        }
        #expect(classes[0] == classes[1])
        #expect(builder.chains.allMembers(of: classes[0]) == [7, 1])
        #expect(builder.chains.allMembers(of: classes[2]) == [1])
        #expect(classes[3] == 0)
        #expect(builder.chains.count == 3)
    }
}

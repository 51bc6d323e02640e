extension BlockMemory {
    /// The leaf of an IPv4 address, and the last address up to which all from it on have this leaf as far as one
    /// way down the trie tells: what follows may have the same.
    ///
    /// - Complexity: as ``leaf(of:high:)``.
    func leafRange(of trie: TrieEntry, from address: UInt32) -> (leaf: UInt32, last: UInt32) {
        let high = UInt64(address) << 32
        var entry = trie
        var depth = 0
        while !entry.isLeaf {
            let block = entry.block
            if entry.kind == .skip {
                guard skipHolds(block, high: high, low: 0) else {
                    let start = UInt32(truncatingIfNeeded: key(ofSkip: block).high >> 32)
                    let last = address | UInt32.max >> depth
                    return (
                        self.entry(block, SkipLayout.otherwise).bits,
                        start > address ? min(last, start - 1) : last
                    )
                }
                entry = self.entry(block, SkipLayout.match)
                depth = Int(word(block, SkipLayout.depth))
            } else {
                let bitCount = entry.kind == .wide ? 8 : 4
                entry = self.entry(block, Int((high << depth) >> (64 - bitCount)))
                depth += bitCount
            }
        }
        return (entry.bits, address | UInt32.max >> depth)
    }
}

/// The ranges of IPv4 addresses around one that have a leaf each: those of its last octet where these have several leaves,
/// else one range of all with its first half or its first three octets, and of what follows as far as that has
/// the leaf too.
struct LeafRanges: IteratorProtocol {
    private let trie: TrieEntry
    private let memory: BlockMemory
    /// Where the next range begins, and the last address; beyond it at the end.
    private var first: Int
    private let last: Int
    /// Whether there is one leaf.
    private let isOne: Bool

    init(around address: UInt32, of trie: TrieEntry, _ memory: BlockMemory) {
        self.trie = trie
        self.memory = memory
        let high = UInt64(address) << 32
        let isWholeHalf = memory.isUniform(trie, below: high, depth: 16)
        isOne = isWholeHalf || memory.isUniform(trie, below: high, depth: 24)
        let mask: UInt32 = isWholeHalf ? 0xFFFF : 0xFF
        first = Int(address & ~mask)
        last = Int(address | mask)
    }

    mutating func next() -> (leaf: UInt32, addresses: ClosedRange<UInt32>)? {
        guard first <= last else { return nil }
        let start = UInt32(first)
        let (leaf, end) = memory.leafRange(of: trie, from: start)
        // What follows in whole networks of 256.
        let wanted = isOne ? max(last, (Int(end) + 1) & ~0xFF - 1) : min(last, Int(end))
        first = wanted + 1
        return (leaf, start...UInt32(wanted))
    }
}

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

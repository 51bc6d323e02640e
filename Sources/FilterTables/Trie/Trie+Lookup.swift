extension BlockMemory {
    /// The leaf of a key: of its class the line, 0 for none, or for a number what
    /// ``TrieEntry/number`` reads.
    ///
    /// - Complexity: one step for each octet in which keys of different leaves differ; a step reads
    ///   one line, or two.
    @inline(__always)
    func leaf(of trie: TrieEntry, high: UInt64, low: UInt64) -> UInt32 {
        var entry = trie.bits
        var depth: UInt64 = 0
        while entry >> 30 != 0 {
            let block = BlockRef(line: entry & TrieEntry.lineMask)
            let kind = entry >> 30
            if kind == TrieEntry.Kind.skip.rawValue {
                let isMatch = skipHolds(block, high: high, low: low)
                entry = word(block, isMatch ? SkipLayout.match : SkipLayout.otherwise)
                depth = UInt64(word(block, SkipLayout.depth))
            } else {
                // The kind of a node says how many half octets it looks at.
                let bitCount = UInt64(kind) &<< 2
                let rest = (depth < 64 ? high : low) &<< (depth & 63)
                entry = word(block, Int(truncatingIfNeeded: rest &>> (64 &- bitCount)))
                depth &+= bitCount
            }
        }
        return entry
    }

    /// As ``leaf(of:high:low:)``, for keys of at most 64 bits: IPv4 addresses and ports.
    @inline(__always)
    func leaf(of trie: TrieEntry, high: UInt64) -> UInt32 {
        var entry = trie.bits
        var rest = high
        while entry >> 30 != 0 {
            let block = BlockRef(line: entry & TrieEntry.lineMask)
            let kind = entry >> 30
            if kind == TrieEntry.Kind.skip.rawValue {
                let isMatch =
                    (high ^ word64(block, SkipLayout.keyHigh))
                    & word64(block, SkipLayout.maskHigh) == 0
                entry = word(block, isMatch ? SkipLayout.match : SkipLayout.otherwise)
                rest = high &<< UInt64(word(block, SkipLayout.depth))
            } else {
                let bitCount = UInt64(kind) &<< 2
                entry = word(block, Int(truncatingIfNeeded: rest &>> (64 &- bitCount)))
                rest &<<= bitCount
            }
        }
        return entry
    }

    /// Whether a key begins with the bits of a skip.
    @inline(__always)
    func skipHolds(_ skip: BlockRef, high: UInt64, low: UInt64) -> Bool {
        let highDifference =
            (high ^ word64(skip, SkipLayout.keyHigh)) & word64(skip, SkipLayout.maskHigh)
        let lowDifference =
            (low ^ word64(skip, SkipLayout.keyLow)) & word64(skip, SkipLayout.maskLow)
        return highDifference | lowDifference == 0
    }

    /// The bits that a skip compares.
    func key(ofSkip skip: BlockRef) -> TrieKey {
        TrieKey(
            high: word64(skip, SkipLayout.keyHigh), low: word64(skip, SkipLayout.keyLow))
    }
}

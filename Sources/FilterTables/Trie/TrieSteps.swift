/// The forms of one octet step: a form written out in full, and the smallest form of what is written.
///
/// A step is at a depth (the bits before it) and on a key, of which the bits before the depth count.
struct TrieSteps {
    let arena: BlockArena
    let memory: BlockMemory

    init(_ arena: BlockArena) {
        self.arena = arena
        memory = arena.memory
    }

    // MARK: In full

    /// The step `entry` as a wide node that nobody else holds. Consumes `entry`.
    func widened(_ entry: TrieEntry, at depth: Int) -> BlockRef {
        switch entry.kind {
        case .wide: return owned(entry.block)
        case .narrow: return widened(narrow: owned(entry.block))
        case .leaf: return filled(with: entry)
        case .skip: return widened(skip: entry, at: depth)
        }
    }

    /// A wide node of one leaf, which is consumed.
    private func filled(with leaf: TrieEntry) -> BlockRef {
        let node = arena.allocate(.trieNode, lineCount: 16)
        arena.retain(leaf.block, count: 255)
        memory.fillWords(node, count: 256, with: leaf.bits)
        return node
    }

    private func widened(skip entry: TrieEntry, at depth: Int) -> BlockRef {
        let skip = entry.block
        let octet = memory.key(ofSkip: skip).octet(at: depth)
        let otherwise = memory.entry(skip, SkipLayout.otherwise)
        arena.retain(otherwise.block)
        let node = filled(with: otherwise)
        arena.release(otherwise.block)
        // A skip that goes on behind this octet is what hangs there.
        let isLast = memory.word(skip, SkipLayout.depth) == depth + 8
        memory.setEntry(node, octet, isLast ? match(ofConsumed: skip) : entry)
        return node
    }

    private func widened(narrow node: BlockRef) -> BlockRef {
        let wide = arena.allocate(.trieNode, lineCount: 16)
        for half in 0..<16 {
            let entry = memory.entry(node, half)
            if entry.isLeaf {
                arena.retain(entry.block, count: 15)
                memory.fillWords(wide, from: half * 16, count: 16, with: entry.bits)
            } else {
                let second = owned(entry.block)
                memory.copyWords(16, of: second, to: wide, at: half * 16)
                arena.discard(second)
            }
        }
        arena.discard(node)
        return wide
    }

    // MARK: Smallest form

    /// The smallest form of the step that `node` writes out. Consumes `node`, which nobody else holds.
    func encoded(_ node: BlockRef, at depth: Int, key: TrieKey) -> TrieEntry {
        var mixed: UInt32 = 0
        for half in 0..<16 where !isOneLeaf(node, at: half * 16) { mixed |= 1 << UInt32(half) }
        let mixedCount = mixed.nonzeroBitCount
        if mixedCount >= Trie.wideThreshold { return TrieEntry(.wide, node) }
        if mixedCount <= 1 {
            let half = mixedCount == 0 ? 0 : mixed.trailingZeroBitCount
            if let entry = encodedWithoutBranch(node, half: half, at: depth, key: key) {
                return entry
            }
        }
        return narrowed(node, mixed: mixed)
    }

    /// The leaf or skip for a step in which all half octets but `half` are single leaves; nothing if
    /// it branches.
    private func encodedWithoutBranch(
        _ node: BlockRef, half: Int, at depth: Int, key: TrieKey
    ) -> TrieEntry? {
        let leaf = memory.entry(node, half == 0 ? 16 : 0)
        for other in 1..<16
        where other != half && memory.entry(node, other * 16) != leaf { return nil }
        var exception: Int?
        for octet in half * 16..<half * 16 + 16 where memory.entry(node, octet) != leaf {
            if exception != nil { return nil }
            exception = octet
        }
        guard let exception else {
            arena.release(leaf.block, count: 255)
            arena.discard(node)
            return leaf
        }
        let entry = memory.entry(node, exception)
        arena.release(leaf.block, count: 254)
        arena.discard(node)
        return joined(
            entry, below: key.replacingOctet(at: depth, with: exception), depth: depth + 8,
            otherwise: leaf)
    }

    private func narrowed(_ node: BlockRef, mixed: UInt32) -> TrieEntry {
        let narrow = arena.allocate(.trieNode)
        for half in 0..<16 {
            if mixed & 1 << UInt32(half) == 0 {
                let leaf = memory.entry(node, half * 16)
                arena.release(leaf.block, count: 15)
                memory.setEntry(narrow, half, leaf)
            } else {
                let second = arena.allocate(.trieNode)
                memory.copyWords(16, of: node, from: half * 16, to: second)
                memory.setEntry(narrow, half, TrieEntry(.narrow, second))
            }
        }
        arena.discard(node)
        return TrieEntry(.narrow, narrow)
    }

    /// The entry for keys that have `entry` behind their first `depth` bits if these are those of
    /// `key`, and the leaf `otherwise` if not. Consumes both.
    func joined(
        _ entry: TrieEntry, below key: TrieKey, depth: Int, otherwise: TrieEntry
    ) -> TrieEntry {
        if hasAround(otherwise, entry) {
            arena.release(otherwise.block)
            return entry
        }
        let skip = arena.allocate(.trieSkip)
        let mask = TrieKey.mask(depth)
        memory.setWord64(skip, SkipLayout.keyHigh, key.high & mask.high)
        memory.setWord64(skip, SkipLayout.keyLow, key.low & mask.low)
        memory.setWord64(skip, SkipLayout.maskHigh, mask.high)
        memory.setWord64(skip, SkipLayout.maskLow, mask.low)
        memory.setEntry(skip, SkipLayout.match, entry)
        memory.setEntry(skip, SkipLayout.otherwise, otherwise)
        memory.setWord(skip, SkipLayout.depth, UInt32(depth))
        return TrieEntry(.skip, skip)
    }

    /// A skip, which nobody else holds, with another entry for the keys on its way. Consumes both, and
    /// not what the skip led to.
    func replacingMatch(of skip: BlockRef, with entry: TrieEntry) -> TrieEntry {
        let otherwise = memory.entry(skip, SkipLayout.otherwise)
        if hasAround(otherwise, entry) {
            arena.release(otherwise.block)
            arena.discard(skip)
            return entry
        }
        memory.setEntry(skip, SkipLayout.match, entry)
        return TrieEntry(.skip, skip)
    }

    /// Whether `leaf` is what `entry` has for nearly all keys anyway: no skip to it is needed.
    private func hasAround(_ leaf: TrieEntry, _ entry: TrieEntry) -> Bool {
        entry.kind == .skip
            ? memory.entry(entry.block, SkipLayout.otherwise) == leaf : entry == leaf
    }

    /// Whether the 16 entries from `start` on are one leaf.
    @inline(__always)
    func isOneLeaf(_ node: BlockRef, at start: Int) -> Bool {
        let first = memory.word(node, start)
        guard first >> 30 == 0 else { return false }
        let pair = UInt64(first) << 32 | UInt64(first)
        var difference: UInt64 = 0
        for index in start >> 1..<start >> 1 + 8 {
            difference |= memory.word64(node, index) ^ pair
        }
        return difference == 0
    }

    // MARK: Ownership

    /// What a skip leads to, owned; the skip is consumed and its other leaf dropped.
    private func match(ofConsumed skip: BlockRef) -> TrieEntry {
        let match = memory.entry(skip, SkipLayout.match)
        guard arena.isUnique(skip) else {
            arena.retain(match.block)
            arena.release(skip)
            return match
        }
        arena.release(memory.entry(skip, SkipLayout.otherwise).block)
        arena.discard(skip)
        return match
    }

    /// `node` itself if nobody else holds it, or a copy that keeps the same entries alive. Consumes
    /// `node`.
    @inline(__always)
    func owned(_ node: BlockRef) -> BlockRef {
        arena.isUnique(node) ? node : copied(node)
    }

    /// As ``owned(_:)``, for a skip.
    func owned(skip: BlockRef) -> BlockRef {
        if arena.isUnique(skip) { return skip }
        let copy = arena.duplicate(skip)
        arena.retain(memory.entry(copy, SkipLayout.match).block)
        arena.retain(memory.entry(copy, SkipLayout.otherwise).block)
        arena.release(skip)
        return copy
    }

    private func copied(_ node: BlockRef) -> BlockRef {
        let copy = arena.duplicate(node)
        var index = 0
        let end = arena.lineCount(of: node) * 16
        while index < end {
            let runEnd = Trie.endOfRun(of: copy, from: index, in: memory)
            arena.retain(memory.entry(copy, index).block, count: runEnd - index)
            index = runEnd
        }
        arena.release(node)
        return copy
    }
}

extension Trie {
    /// The trie in which `member` holds all keys that begin with `prefix`, too. Consumes `trie`.
    ///
    /// - Precondition: `member` does not end at `prefix` yet. Leaves are classes.
    /// - Complexity: O(octets of the prefix) nodes, and every leaf below `prefix`.
    static func adding(
        _ member: UInt32, at prefix: AddressPrefix, to trie: TrieEntry, in arena: BlockArena
    ) -> TrieEntry {
        var edit = MembershipEdit(.adding, member, at: prefix, in: arena)
        return edit.edited(trie)
    }

    /// The trie in which `member` does not end at `prefix`. Consumes `trie`.
    ///
    /// - Precondition: `member` ends at `prefix`.
    /// - Complexity: as ``adding(_:at:to:in:)``.
    static func removing(
        _ member: UInt32, at prefix: AddressPrefix, from trie: TrieEntry, in arena: BlockArena
    ) -> TrieEntry {
        var edit = MembershipEdit(.removing, member, at: prefix, in: arena)
        return edit.edited(trie)
    }
}

/// One member added to all classes below a prefix, or taken from them.
///
/// Both map different classes to different ones, so below the prefix no node changes its form: there
/// only the leaves are rewritten.
private struct MembershipEdit {
    enum Change {
        case adding, removing
    }

    private let change: Change
    private let member: UInt32
    private let length: Int
    private let key: TrieKey
    private let steps: TrieSteps
    /// What became of leaves. What they became lives: the trie in the making holds it.
    private var renamedLeaves = RenamedClasses()
    /// What became of the classes that their chains go on with, which leaves would push out: many share
    /// few. It lives with the leaves.
    private var renamedParents = RenamedClasses()

    /// The class of the prefix itself, with which the chains of all leaves below it end, and what it
    /// became. Both are owned.
    private var base: (old: BlockRef, new: BlockRef)?

    init(_ change: Change, _ member: UInt32, at prefix: AddressPrefix, in arena: BlockArena) {
        self.change = change
        self.member = member
        length = Int(prefix.length)
        key = TrieKey(high: prefix.high, low: prefix.low)
        steps = TrieSteps(arena)
    }

    private var arena: BlockArena { steps.arena }
    private var memory: BlockMemory { steps.memory }

    /// `trie` with the member added or taken. Consumes it.
    mutating func edited(_ trie: TrieEntry) -> TrieEntry {
        let edited = edited(trie, at: 0)
        arena.release(base?.old ?? .none)
        arena.release(base?.new ?? .none)
        return edited
    }

    // MARK: On the way to the prefix

    /// The edited form of the entry behind the first `depth` bits, which is consumed.
    private mutating func edited(_ entry: TrieEntry, at depth: Int) -> TrieEntry {
        if length == depth { return rewritten(entry) }
        if length < depth + 8 { return editedStep(entry, at: depth) }
        switch entry.kind {
        case .leaf:
            arena.retain(entry.block)
            let below = edited(entry, at: depth + 8)
            return steps.joined(below, below: key, depth: depth + 8, otherwise: entry)
        case .skip: return editedSkip(entry, at: depth)
        case .narrow: return editedNarrow(steps.owned(entry.block), at: depth)
        case .wide: return editedWide(steps.owned(entry.block), at: depth)
        }
    }

    /// A step in which several octets lie below the prefix.
    private mutating func editedStep(_ entry: TrieEntry, at depth: Int) -> TrieEntry {
        let node = steps.widened(entry, at: depth)
        let first = key.octet(at: depth)
        rewrite(node, first..<first + 1 << (depth + 8 - length))
        return steps.encoded(node, at: depth, key: key)
    }

    private mutating func editedSkip(_ entry: TrieEntry, at depth: Int) -> TrieEntry {
        let end = Int(memory.word(entry.block, SkipLayout.depth))
        let octet = key.octet(at: depth)
        if length >= end, memory.skipHolds(entry.block, high: key.high, low: key.low) {
            let skip = steps.owned(skip: entry.block)
            let below = edited(memory.entry(skip, SkipLayout.match), at: end)
            return steps.replacingMatch(of: skip, with: below)
        }
        let otherwise = memory.entry(entry.block, SkipLayout.otherwise)
        arena.retain(otherwise.block)
        if octet == memory.key(ofSkip: entry.block).octet(at: depth) {
            // The skip goes on behind this octet, and the prefix leaves it there.
            let below = edited(entry, at: depth + 8)
            return steps.joined(below, below: key, depth: depth + 8, otherwise: otherwise)
        }
        let branch = edited(otherwise, at: depth + 8)
        return replacing(octet, of: steps.widened(entry, at: depth), with: branch, at: depth)
    }

    private mutating func editedWide(_ node: BlockRef, at depth: Int) -> TrieEntry {
        let octet = key.octet(at: depth)
        let below = edited(memory.entry(node, octet), at: depth + 8)
        memory.setEntry(node, octet, below)
        // Only a half octet that became one leaf can make the node too large for its entries.
        guard below.isLeaf, steps.isOneLeaf(node, at: octet & ~15) else {
            return TrieEntry(.wide, node)
        }
        return steps.encoded(node, at: depth, key: key)
    }

    private mutating func editedNarrow(_ node: BlockRef, at depth: Int) -> TrieEntry {
        let octet = key.octet(at: depth)
        let half = memory.entry(node, octet >> 4)
        if half.isLeaf {
            arena.retain(half.block)
            let below = edited(half, at: depth + 8)
            return replacing(
                octet, of: steps.widened(TrieEntry(.narrow, node), at: depth), with: below,
                at: depth)
        }
        let second = steps.owned(half.block)
        memory.setEntry(node, octet >> 4, TrieEntry(.narrow, second))
        let below = edited(memory.entry(second, octet & 15), at: depth + 8)
        memory.setEntry(second, octet & 15, below)
        // A step that branches goes on branching unless one of its entries becomes a leaf.
        if !below.isLeaf { return TrieEntry(.narrow, node) }
        return steps.encoded(
            steps.widened(TrieEntry(.narrow, node), at: depth), at: depth, key: key)
    }

    /// The step that `node` writes out, with another entry for one octet. Consumes node and entry.
    private func replacing(
        _ octet: Int, of node: BlockRef, with entry: TrieEntry, at depth: Int
    ) -> TrieEntry {
        arena.release(memory.entry(node, octet).block)
        memory.setEntry(node, octet, entry)
        return steps.encoded(node, at: depth, key: key)
    }

    // MARK: Below the prefix

    /// All leaves of `entry` renamed. Consumes `entry`.
    private mutating func rewritten(_ entry: TrieEntry) -> TrieEntry {
        switch entry.kind {
        case .leaf: return renamed(entry, count: 1)
        case .skip:
            let skip = steps.owned(skip: entry.block)
            rewrite(skip, SkipLayout.match..<SkipLayout.otherwise + 1)
            return TrieEntry(.skip, skip)
        case .narrow, .wide:
            let node = steps.owned(entry.block)
            rewrite(node, 0..<(entry.kind == .wide ? 256 : 16))
            return TrieEntry(entry.kind, node)
        }
    }

    /// Rewrites a stretch of the entries of a node that nobody else holds.
    private mutating func rewrite(_ node: BlockRef, _ places: Range<Int>) {
        var index = places.lowerBound
        while index < places.upperBound {
            let entry = memory.entry(node, index)
            var end = index + 1
            if entry.isLeaf {
                end = min(Trie.endOfRun(of: node, from: index, in: memory), places.upperBound)
                let leaf = renamed(entry, count: end - index)
                memory.fillWords(node, from: index, count: end - index, with: leaf.bits)
            } else {
                memory.setEntry(node, index, rewritten(entry))
            }
            index = end
        }
    }

    /// What a leaf becomes. Consumes `count` references to the old one, returns as many to the new.
    private mutating func renamed(_ leaf: TrieEntry, count: Int) -> TrieEntry {
        // Held once for all that follows: an edit of a wide prefix comes here for every leaf.
        let arena = arena
        if let known = renamedLeaves.renamed(leaf.block) {
            arena.retain(known, count: count)
            arena.release(leaf.block, count: count)
            return TrieEntry(leaf: known)
        }
        let new = changedClass(leaf.block, in: arena)
        arena.retain(new, count: count - 1)
        arena.release(leaf.block, count: count)
        renamedLeaves.note(leaf.block, becomes: new)
        return TrieEntry(leaf: new)
    }

    private mutating func changedClass(
        _ leaf: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let base = base ?? changedBase(ofChain: leaf)
        self.base = base
        return AddressClass.replacing(
            base.old, with: base.new, below: leaf, &renamedParents, in: arena)
    }

    private func changedBase(ofChain leaf: BlockRef) -> (old: BlockRef, new: BlockRef) {
        var old = leaf
        while !old.isNone, memory.prefixLength(ofClass: old) > length {
            old = memory.parent(ofClass: old)
        }
        arena.retain(old)
        switch change {
        case .adding:
            let new = AddressClass.adding(member, length: UInt8(length), to: old, in: arena)
            return (old, new)
        case .removing:
            precondition(
                !old.isNone && memory.prefixLength(ofClass: old) == length, "no such member")
            return (old, AddressClass.removing(member, from: old, in: arena))
        }
    }
}

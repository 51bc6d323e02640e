/// Blocks by number: a tree of nodes of up to 64 entries.
///
///     depth 2:   root ─┬─▶ node 0 ─┬─▶ block 0          element 66 = root[1][2]
///                      │           └─▶ block 63
///                      └─▶ node 1 ─┬─▶ block 64
///                                  └─▶ block 66
///
/// A node has as many lines of 16 entries as its last used entry needs, and the tree as many levels as
/// its last element needs, so what a vector takes depends on its elements only. An empty vector has
/// depth 0 and no root.
///
/// The value is one reference, to the root: a function that consumes a vector consumes that.
struct BlockVector: Hashable, Sendable {
    let root: BlockRef
    let depth: Int

    static let empty = BlockVector(root: .none, depth: 0)

    // An edit beside a reader copies a node of each level, and counts a reference for each of its entries:
    // with 256 of them that was a sixth of an edit of a large fleet.
    fileprivate static let digitBitCount = 6
    fileprivate static let digitMask = 1 << digitBitCount - 1

    /// Where in a node of a level, 0 for the last, the way to `index` goes on.
    private static func digit(of index: Int, at level: Int) -> Int {
        index >> (digitBitCount * level) & digitMask
    }

    init(root: BlockRef, depth: Int) {
        self.root = root
        self.depth = depth
    }

    /// Drops the references of a dying node.
    static func dropChildren(of node: BlockRef, in arena: BlockArena) {
        for index in 0..<arena.lineCount(of: node) * 16 {
            arena.drop(BlockRef(line: arena.memory.word(node, index)))
        }
    }

    /// The element at `index`, or none. For places that may be beyond the last element; see also
    /// ``BlockMemory/element(of:depth:at:)``.
    func element(at index: Int, in arena: BlockArena) -> BlockRef {
        guard index >> (BlockVector.digitBitCount * depth) == 0 else { return .none }
        var node = root
        for level in stride(from: depth - 1, through: 0, by: -1) {
            let place = BlockVector.digit(of: index, at: level)
            guard !node.isNone, place < arena.lineCount(of: node) * 16 else { return .none }
            node = BlockRef(line: arena.memory.word(node, place))
        }
        return node
    }

    /// The vector with `element` at `index`; none removes what is there. Consumes vector and element.
    ///
    /// - Complexity: O(log₆₄ of the last index) nodes; in place where nobody shares them.
    func setting(_ index: Int, to element: BlockRef, in arena: BlockArena) -> BlockVector {
        editing(index, in: arena) { old in
            arena.release(old)
            return element
        }
    }

    /// The vector with what `body` makes of the element at `index`, or of none. Consumes the vector.
    ///
    /// `body` consumes its argument, which it may write to if it is its only holder, and returns an
    /// owned block or none.
    /// - Complexity: as ``setting(_:to:in:)``.
    func editing(
        _ index: Int, in arena: BlockArena, _ body: (BlockRef) -> BlockRef
    ) -> BlockVector {
        var (root, depth) = (root, depth)
        while index >> (BlockVector.digitBitCount * depth) != 0 || depth == 0 {
            root = BlockVector.node(of: root, in: arena)
            depth += 1
        }
        root = BlockVector.edited(root, level: depth - 1, at: index, in: arena, body)
        return BlockVector.lowered(root, depth: depth, in: arena)
    }

    /// A node with one entry, which is consumed; none for none.
    private static func node(of first: BlockRef, in arena: BlockArena) -> BlockRef {
        guard !first.isNone else { return .none }
        let node = arena.allocate(.vectorNode)
        arena.memory.fillWords(node, count: 16)
        arena.memory.setWord(node, 0, first.line)
        return node
    }

    /// The tree `node` of `level` + 1 levels with the element at `index` edited. Consumes `node`.
    private static func edited(
        _ node: BlockRef, level: Int, at index: Int, in arena: BlockArena,
        _ body: (BlockRef) -> BlockRef
    ) -> BlockRef {
        guard level >= 0 else { return body(node) }
        let memory = arena.memory
        let place = BlockVector.digit(of: index, at: level)
        let capacity = node.isNone ? 0 : arena.lineCount(of: node) * 16
        guard place < capacity else {
            let element = edited(.none, level: level - 1, at: index, in: arena, body)
            guard !element.isNone else { return node }
            let grown = resized(node, lineCount: place / 16 + 1, in: arena)
            memory.setWord(grown, place, element.line)
            return grown
        }
        let own =
            arena.isUnique(node)
            ? node
            : resized(
                node, lineCount: arena.lineCount(of: node), in: arena)
        let child = BlockRef(line: memory.word(own, place))
        let element = edited(child, level: level - 1, at: index, in: arena, body)
        memory.setWord(own, place, element.line)
        return element.isNone ? trimmed(own, in: arena) : own
    }

    /// The entries of `node` in a node of `lineCount` lines, unused ones none. Consumes `node`.
    private static func resized(
        _ node: BlockRef, lineCount: Int, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let resized = arena.allocate(.vectorNode, lineCount: lineCount)
        let capacity = arena.lineCount(of: resized) * 16
        let kept = node.isNone ? 0 : min(capacity, arena.lineCount(of: node) * 16)
        memory.copyWords(kept, of: node, to: resized)
        memory.fillWords(resized, from: kept, count: capacity - kept)
        if node.isNone { return resized }
        if arena.isUnique(node) {
            arena.discard(node)
        } else {
            for place in 0..<kept { arena.retain(BlockRef(line: memory.word(resized, place))) }
            arena.release(node)
        }
        return resized
    }

    /// A node that nobody shares, without the lines that its last entry does not need. Consumes it.
    private static func trimmed(_ node: BlockRef, in arena: BlockArena) -> BlockRef {
        let capacity = arena.lineCount(of: node) * 16
        var used = capacity
        while used > 0, arena.memory.word(node, used - 1) == 0 { used -= 1 }
        if used == 0 {
            arena.discard(node)
            return .none
        }
        let size = BlockSize(holding: (used + 15) / 16).lineCount
        return size * 16 == capacity ? node : resized(node, lineCount: size, in: arena)
    }

    /// A tree without the levels at the top that have one element only, the first.
    private static func lowered(
        _ root: BlockRef, depth: Int, in arena: BlockArena
    ) -> BlockVector {
        var (root, depth) = (root, depth)
        while depth > 1, !root.isNone, isOnlyFirst(of: root, in: arena) {
            let first = BlockRef(line: arena.memory.word(root, 0))
            arena.retain(first)
            arena.release(root)
            root = first
            depth -= 1
        }
        return root.isNone ? .empty : BlockVector(root: root, depth: depth)
    }

    private static func isOnlyFirst(of node: BlockRef, in arena: BlockArena) -> Bool {
        guard arena.lineCount(of: node) == 1 else { return false }
        for place in 1..<16 where arena.memory.word(node, place) != 0 { return false }
        return true
    }
}

extension BlockMemory {
    /// The element at `index` of the ``BlockVector`` with this root and depth.
    ///
    /// - Precondition: there is one.
    /// - Complexity: O(`depth`) loads.
    @inline(__always)
    func element(of root: BlockRef, depth: Int, at index: Int) -> BlockRef {
        var node = root
        var shift = BlockVector.digitBitCount &* depth
        while shift > 0 {
            shift &-= BlockVector.digitBitCount
            node = BlockRef(line: word(node, (index &>> shift) & BlockVector.digitMask))
        }
        return node
    }
}

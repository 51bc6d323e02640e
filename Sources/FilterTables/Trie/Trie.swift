/// Tries from left-aligned keys to leaves: addresses of both families to ``AddressClass``es, ports to
/// labels.
///
///     10.1.0.0/16 ∋ a     10.1.2.9 ∋ b     10.7.0.0/16 ∋ a         (nothing else in 10.0.0.0/8)
///
///     skip 10/8 ─▶ narrow ─┬ 0x0 ▶ narrow ─┬ 0x1 ▶ skip 10.1.2.9/32 ─▶ leaf [b /32]→[a /16]
///       └ else: empty      │               │         └ else: leaf [a /16]
///                          │               ├ 0x7 ▶ leaf [a /16]
///                          │               └ …   ▶ empty
///                          └ …   ▶ empty
///
/// Leaves are pushed down: the leaf of a key is all there is to know about it. A node looks at an
/// octet. Its 256 entries are written in the smallest of four forms, which depends on the entries and
/// not on how they came about, so tries of the same content are alike to the block:
///
/// - one leaf, when all are that leaf;
/// - a skip, when 255 are one leaf; and where the other entry is a skip with that leaf outside it, that
///   skip itself;
/// - narrow nodes, when few half octets are not one leaf: one node by the first half octet, and one for
///   each such half octet by the second;
/// - a wide node, else.
///
/// Functions consume the entries that they change and return owned ones. What only the caller holds is
/// changed in place; what others share is copied on the way from the root.
enum Trie {
    /// A node is wide when at least so many of its half octets are not one leaf.
    ///
    /// The wide form costs 16 lines and one load, the narrow one 1 line more than half octets and two
    /// loads. On ClassBench sets of 100,000 rules 2 takes 340–490 bytes a prefix, 4 takes 225–250 and 6
    /// takes 213–228; look-ups are as fast with 4 as with 2 where tables exceed the cache, and slower
    /// with 6.
    static let wideThreshold = 4

    /// Drops the references of a dying node.
    static func dropChildren(ofNode node: BlockRef, in arena: BlockArena) {
        let memory = arena.memory
        let end = arena.lineCount(of: node) * 16
        var index = 0
        while index < end {
            let entry = memory.entry(node, index)
            let runEnd = endOfRun(of: node, from: index, in: memory)
            arena.drop(entry.block, count: runEnd - index)
            index = runEnd
        }
    }

    /// Drops the references of a dying skip.
    static func dropChildren(ofSkip skip: BlockRef, in arena: BlockArena) {
        arena.drop(arena.memory.entry(skip, SkipLayout.match).block)
        arena.drop(arena.memory.entry(skip, SkipLayout.otherwise).block)
    }

    /// Where in its line of 16 the run of entries equal to the one at `index` ends.
    @inline(__always)
    static func endOfRun(of node: BlockRef, from index: Int, in memory: BlockMemory) -> Int {
        let entry = memory.word(node, index)
        let lineEnd = index & ~15 + 16
        var end = index + 1
        while end < lineEnd, memory.word(node, end) == entry { end += 1 }
        return end
    }
}

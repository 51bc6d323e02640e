/// The words of a version's root block: one line from which everything else is reached.
///
///     word 0   next dropped root, once nobody holds the version
///          1…4 vectors of interface, group, space and rule records
///          5…6 labels of destination values and of source ports, tries of numbers
///          7…8 which interfaces own an address, tries of IPv4 and IPv6
///          9   memo generation (see ``BlockArena/memoGeneration``)
///         10   levels of the four vectors, a byte each, the interfaces' in the lowest
///         11   1 if fragments but the first are dropped
///         12   what all rule numbers are below
enum RootLayout {
    static let nextDropped = 0
    static let destinationLabels = 5
    static let sourceLabels = 6
    static let ipv4Owners = 7
    static let ipv6Owners = 8
    static let memoGeneration = 9
    static let levels = 10
    static let fragments = 11
    static let ruleNumberLimit = 12
    private static let wordCount = 16

    /// The vectors of records, by the words that hold their roots.
    enum Vector: Int, CaseIterable {
        case interfaces = 1
        case groups
        case spaces
        case rules

        fileprivate var levelShift: UInt32 { UInt32(rawValue - 1) * 8 }
    }

    /// The words that hold tries.
    static let tries = destinationLabels...ipv6Owners

    /// The word of the trie of owners of a family's addresses.
    static func owners(isIPv6: Bool) -> Int { isIPv6 ? ipv6Owners : ipv4Owners }

    /// A root without anything.
    static func makeEmpty(in arena: BlockArena) -> BlockRef {
        let root = arena.allocate(.root)
        arena.memory.fillWords(root, count: wordCount)
        return root
    }

    /// A root that shares everything with `root`.
    static func duplicate(_ root: BlockRef, in arena: BlockArena) -> BlockRef {
        let copy = arena.duplicate(root)
        for vector in Vector.allCases {
            arena.retain(BlockRef(line: arena.memory.word(copy, vector.rawValue)))
        }
        for word in tries { arena.retain(arena.memory.entry(copy, word).block) }
        return copy
    }

    /// Drops the references of a dying root.
    static func dropChildren(of root: BlockRef, in arena: BlockArena) {
        for vector in Vector.allCases {
            arena.drop(BlockRef(line: arena.memory.word(root, vector.rawValue)))
        }
        for word in tries { arena.drop(arena.memory.entry(root, word).block) }
    }
}

extension BlockMemory {
    /// One of a root's vectors.
    @inline(__always)
    func vector(_ vector: RootLayout.Vector, of root: BlockRef) -> BlockVector {
        BlockVector(
            root: BlockRef(line: word(root, vector.rawValue)),
            depth: Int(word(root, RootLayout.levels) &>> vector.levelShift & 0xFF))
    }

    /// Puts a vector in the place of one of a root's.
    func setVector(_ vector: RootLayout.Vector, of root: BlockRef, to new: BlockVector) {
        setWord(root, vector.rawValue, new.root.line)
        let levels = word(root, RootLayout.levels) & ~(0xFF << vector.levelShift)
        setWord(root, RootLayout.levels, levels | UInt32(new.depth) << vector.levelShift)
    }
}

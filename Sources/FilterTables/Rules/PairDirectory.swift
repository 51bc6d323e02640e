/// Where the pages of a rule table are: a page for twelve pairs, chosen by a pair's hash.
///
/// The number of pages follows the number of pairs, one page more or less at a time (linear hashing:
/// Litwin, *Linear hashing: a new tool for file and table addressing*, VLDB 1980), so that every edit
/// takes the same time, and equal contents lie alike whatever led to them.
///
/// The table's header lists the pages, up to 233 of them; beyond, it lists blocks of 256 pages, and so
/// on:
///
///     233 pages: 2,796 pairs    233 · 256 pages: 715,776 pairs    233 · 65,536 pages: 183 million
///
/// A directory with no pairs of some hash has no block for their page.
enum PairDirectory {
    /// Pairs a page, on average.
    private static let meanPairCount = 12
    /// Words of a header's 16 lines that are left for the directory.
    private static let inlineWordCount = 256 - RuleTable.directoryWord
    private static let nodeWordCount = 256

    /// How many pages a table with so many pairs has.
    @inline(__always)
    static func pageCount(ofPairs pairCount: Int) -> Int {
        (pairCount &+ (meanPairCount &- 1)) / meanPairCount
    }

    /// The bits of a hash that can matter with so many pages: the next power of two, less 1.
    @inline(__always)
    static func mask(_ pageCount: Int) -> UInt64 {
        UInt64.max >> UInt64((pageCount &- 1).leadingZeroBitCount)
    }

    /// The page of a hash; `mask` is ``mask(_:)``.
    ///
    /// - Precondition: there are pages.
    @inline(__always)
    static func page(of hash: UInt64, _ pageCount: Int, mask: UInt64) -> Int {
        let page = Int(truncatingIfNeeded: hash & mask)
        return page < pageCount ? page : page & Int(truncatingIfNeeded: mask >> 1)
    }

    /// The page from which the last of `pageCount` pages, not the first, was split, and the bit of the
    /// hashes that tells them apart.
    static func origin(ofLastOf pageCount: Int) -> (page: Int, bit: UInt64) {
        let last = pageCount - 1
        let bit = 1 << (Int.bitWidth - 1 - last.leadingZeroBitCount)
        return (last - bit, UInt64(bit))
    }

    /// Levels of blocks between the header and the pages.
    @inline(__always)
    private static func depth(_ pageCount: Int) -> Int {
        if pageCount <= inlineWordCount { return 0 }
        return pageCount <= inlineWordCount * nodeWordCount ? 1 : 2
    }

    /// Words that the directory takes in the header.
    static func wordCount(_ pageCount: Int) -> Int {
        let shift = 8 * depth(pageCount)
        return (pageCount + (1 << shift) - 1) >> shift
    }

    /// The page at `index`, none when it has no pairs.
    @inline(__always)
    static func page(
        at index: Int, of header: BlockRef, _ pageCount: Int, in memory: BlockMemory
    ) -> BlockRef {
        if pageCount <= inlineWordCount {
            return BlockRef(line: memory.word(header, RuleTable.directoryWord &+ index))
        }
        return pageBelowNodes(at: index, of: header, depth(pageCount), in: memory)
    }

    @inline(__always)
    private static func pageBelowNodes(
        at index: Int, of header: BlockRef, _ depth: Int, in memory: BlockMemory
    ) -> BlockRef {
        let top = memory.word(header, RuleTable.directoryWord &+ index >> (8 &* depth))
        var node = BlockRef(line: top)
        if depth == 2 { node = BlockRef(line: memory.word(node, index >> 8 & 0xFF)) }
        return BlockRef(line: memory.word(node, index & 0xFF))
    }

    /// Calls `body` with each page or block of a block of the directory.
    static func forEachChild(of node: BlockRef, in memory: BlockMemory, _ body: (BlockRef) -> Void)
    {
        for place in 0..<nodeWordCount {
            let child = BlockRef(line: memory.word(node, place))
            if !child.isNone { body(child) }
        }
    }

    // MARK: Editing

    /// Where a directory says which block a page is.
    struct Place {
        let block: BlockRef
        let word: Int

        func page(in memory: BlockMemory) -> BlockRef { BlockRef(line: memory.word(block, word)) }

        func set(_ page: BlockRef, in memory: BlockMemory) {
            memory.setWord(block, word, page.line)
        }
    }

    /// Where the page at `index` is written, in a block that nobody else holds.
    ///
    /// - Precondition: nobody else holds the header.
    static func place(
        ofPage index: Int, of header: BlockRef, _ pageCount: Int, in arena: BlockArena
    ) -> Place {
        var depth = depth(pageCount)
        var place = Place(block: header, word: RuleTable.directoryWord + index >> (8 * depth))
        while depth > 0 {
            depth -= 1
            var node = place.page(in: arena.memory)
            if node.isNone {
                node = arena.allocate(.pairDirectory, lineCount: nodeWordCount / 16)
                arena.memory.fillWords(node, count: nodeWordCount)
            } else {
                node = arena.unshared(node, lineCount: nodeWordCount / 16)
            }
            place.set(node, in: arena.memory)
            place = Place(block: node, word: index >> (8 * depth) & 0xFF)
        }
        return place
    }

    /// Gives away a header that nobody else holds for one with room for a page more, which is none yet.
    static func grown(_ header: BlockRef, from pageCount: Int, in arena: BlockArena) -> BlockRef {
        let memory = arena.memory
        var header = header
        var oldWordCount = wordCount(pageCount)
        if depth(pageCount + 1) > depth(pageCount) {
            let node = arena.allocate(.pairDirectory, lineCount: nodeWordCount / 16)
            memory.copyWords(oldWordCount, of: header, from: RuleTable.directoryWord, to: node)
            memory.fillWords(node, from: oldWordCount, count: nodeWordCount - oldWordCount)
            memory.setWord(header, RuleTable.directoryWord, node.line)
            oldWordCount = 1
        }
        let newWordCount = wordCount(pageCount + 1)
        header = arena.unshared(header, lineCount: RuleTable.lineCount(newWordCount))
        memory.fillWords(
            header, from: RuleTable.directoryWord + oldWordCount,
            count: newWordCount - oldWordCount)
        return header
    }

    /// Gives away a header that nobody else holds for one without the last page, which is none.
    static func shrunk(_ header: BlockRef, from pageCount: Int, in arena: BlockArena) -> BlockRef {
        let memory = arena.memory
        var header = header
        releaseEmptyNode(of: header, from: pageCount, in: arena)
        let newWordCount = wordCount(pageCount - 1)
        let newLineCount = RuleTable.lineCount(newWordCount)
        guard depth(pageCount - 1) < depth(pageCount) else {
            return arena.unshared(header, lineCount: newLineCount)
        }
        let node = BlockRef(line: memory.word(header, RuleTable.directoryWord))
        header = arena.unshared(header, lineCount: newLineCount)
        memory.copyWords(newWordCount, of: node, to: header, at: RuleTable.directoryWord)
        arena.retainChildren(of: node)
        arena.release(node)
        return header
    }

    /// Drops the block of the directory that held nothing but the last page.
    private static func releaseEmptyNode(
        of header: BlockRef, from pageCount: Int, in arena: BlockArena
    ) {
        let last = pageCount - 1
        let depth = depth(pageCount)
        for level in stride(from: depth, to: 0, by: -1) where last & (1 << (8 * level) - 1) == 0 {
            var place = Place(block: header, word: RuleTable.directoryWord + last >> (8 * depth))
            for inner in stride(from: depth - 1, through: level, by: -1) {
                place = Place(block: place.page(in: arena.memory), word: last >> (8 * inner) & 0xFF)
            }
            arena.release(place.page(in: arena.memory))
            place.set(.none, in: arena.memory)
            return
        }
    }
}

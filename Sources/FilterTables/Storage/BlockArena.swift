internal import Synchronization

/// Where compiled tables live: reference-counted blocks of whole cache lines in one stretch of memory,
/// shared by all versions and forks of a fleet's tables.
///
///     version 7 ──▶ root ─┬─▶ trie ─▶ node ─▶ node ─▶ class
///     version 8 ──▶ root ─┴────────▶ node' ──────┘         (shares what the edit did not touch)
///
/// A block that others may see is never written. An edit that holds the only reference to a block, and
/// to every block on the way to it, writes in place; otherwise it copies the block and the way to it
/// (path copying: Driscoll et al., *Making data structures persistent*, 1989). Blocks die with their
/// last reference, so a fork costs nothing, and memory in use depends on what the versions hold and not
/// on how they came about.
///
/// Readers need no lock and touch no count: a ``FilterTables`` value keeps its root, and the root keeps
/// the rest. All changes (``allocate(_:lineCount:)``, ``retain(_:)``, ``release(_:)``, writes) happen
/// inside ``exclusively(_:)``.
final class BlockArena: @unchecked Sendable {
    // `@unchecked`: memory that readers see is not written, and the rest is guarded by `lock`.

    let memory = BlockMemory()
    private let lock = Mutex<Void>(())
    /// Where the arena's own numbers are: see ``ArenaLayout``.
    private let books = BlockRef(line: 1)
    private let limboCapacity: Int
    private static let stampLimit: UInt64 = 1 << 46 - 1
    /// Roots that were dropped by threads that must not wait: a list through the roots' first words.
    private let droppedRoots = Atomic<UInt32>(0)

    /// Lines in blocks that some version holds.
    var liveLineCount: Int { Int(memory.word64(books, ArenaLayout.liveLineCount)) }
    /// Numbers of classes mean what they meant before as long as this stays the same.
    private(set) var memoGeneration: UInt32 = 0
    private var lastStamp: UInt64 = 0
    /// Address classes by their content.
    let classes = ClassIndex()

    /// An empty arena. `limboCapacity` is how many dead classes wait before memos must be emptied.
    init(limboCapacity: Int = 4096) {
        self.limboCapacity = limboCapacity
        let firstLine = Int(books.line) + ArenaLayout.lineCount
        memory.setWord64(books, ArenaLayout.firstUnusedLine, UInt64(firstLine))
    }

    deinit { memory.unmap() }

    /// Runs `body` alone: at most one thread changes the arena.
    func exclusively<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try lock.withLock { _ throws(Failure) in
            releaseDroppedRoots()
            return try body()
        }
    }

    /// The bytes of the blocks in use, counts and tags included.
    var byteCount: Int { liveLineCount * BlockMemory.reservedBytesPerLine }

    // MARK: Blocks

    /// A block of at least `lineCount` lines with one reference. Its words are not cleared.
    ///
    /// - Precondition: `lineCount` is at most ``BlockSize/maximumLineCount``.
    /// - Complexity: O(1).
    func allocate(_ kind: BlockKind, lineCount: Int = 1) -> BlockRef {
        let size = BlockSize(holding: lineCount)
        var block = BlockRef(line: memory.word(books, size.index))
        if block.isNone {
            block = unusedBlock(lineCount: size.lineCount)
        } else {
            memory.setWord(books, size.index, memory.word(block, 0))
        }
        memory.setTag(block, UInt16(kind.rawValue) << 8 | UInt16(size.index))
        memory.setReferenceCount(block, 1)
        countLiveLines(size.lineCount)
        return block
    }

    /// Lines that no block has had.
    private func unusedBlock(lineCount: Int) -> BlockRef {
        let line = Int(memory.word64(books, ArenaLayout.firstUnusedLine))
        precondition(line + lineCount <= memory.lineLimit, "the tables' memory is full")
        memory.setWord64(books, ArenaLayout.firstUnusedLine, UInt64(line + lineCount))
        return BlockRef(line: UInt32(line))
    }

    private func countLiveLines(_ difference: Int) {
        memory.setWord64(books, ArenaLayout.liveLineCount, UInt64(liveLineCount + difference))
    }

    /// How many lines `block` has: what it was asked for, or a few more.
    func lineCount(of block: BlockRef) -> Int { size(of: block).lineCount }

    func kind(of block: BlockRef) -> BlockKind {
        guard let kind = BlockKind(rawValue: UInt8(memory.tag(block) >> 8)) else {
            preconditionFailure("a block of no kind")
        }
        return kind
    }

    /// A copy of a block's words, with one reference; the references *in* it are not counted.
    func duplicate(_ block: BlockRef) -> BlockRef {
        let lineCount = lineCount(of: block)
        let copy = allocate(kind(of: block), lineCount: lineCount)
        memory.copyWords(lineCount * 16, of: block, to: copy)
        return copy
    }

    /// Whether the caller's reference is the only one.
    @inline(__always)
    func isUnique(_ block: BlockRef) -> Bool { memory.referenceCount(block) == 1 }

    /// Adds `count` references; nothing for no block.
    @inline(__always)
    func retain(_ block: BlockRef, count: Int = 1) {
        guard !block.isNone else { return }
        memory.setReferenceCount(block, memory.referenceCount(block) + UInt32(count))
    }

    /// Drops `count` references, and with the last one the block and its references to others.
    ///
    /// - Complexity: O(blocks that die), without recursion.
    func release(_ block: BlockRef, count: Int = 1) {
        drop(block, count: count)
        while true {
            let block = BlockRef(line: memory.word(books, ArenaLayout.dying))
            if block.isNone { return }
            memory.setWord(books, ArenaLayout.dying, memory.referenceCount(block))
            kind(of: block).dropChildren(of: block, in: self)
            bury(block)
        }
    }

    /// As ``release(_:count:)``, for use by ``BlockKind/dropChildren(of:in:)``.
    @inline(__always)
    func drop(_ block: BlockRef, count: Int = 1) {
        guard !block.isNone else { return }
        let left = memory.referenceCount(block) - UInt32(count)
        if left == 0 {
            push(block, onto: ArenaLayout.dying)
        } else {
            memory.setReferenceCount(block, left)
        }
    }

    /// Puts a block without references into a list through the blocks' counts.
    @inline(__always)
    private func push(_ block: BlockRef, onto list: Int) {
        memory.setReferenceCount(block, memory.word(books, list))
        memory.setWord(books, list, block.line)
    }

    /// Frees a block whose references to others have moved elsewhere, or which nobody has seen.
    ///
    /// - Precondition: the caller's reference is the only one.
    func discard(_ block: BlockRef) {
        countLiveLines(-lineCount(of: block))
        free(block)
    }

    /// A number that no table had before. 46 bits of them last for two years of a million edits a
    /// second.
    func nextStamp() -> UInt64 {
        precondition(lastStamp < BlockArena.stampLimit, "no stamp is left")
        lastStamp += 1
        return lastStamp
    }

    // MARK: Roots

    /// Drops a root from any thread without waiting; the next change of the arena frees what it held.
    func dropRoot(_ root: BlockRef) {
        var head = droppedRoots.load(ordering: .relaxed)
        while true {
            // Nobody reads a dropped root's words: its last holder is here.
            memory.setWord(root, RootLayout.nextDropped, head)
            let (exchanged, original) = droppedRoots.weakCompareExchange(
                expected: head, desired: root.line, ordering: .acquiringAndReleasing)
            if exchanged { return }
            head = original
        }
    }

    private func releaseDroppedRoots() {
        var line = droppedRoots.exchange(0, ordering: .acquiring)
        while line != 0 {
            let root = BlockRef(line: line)
            line = memory.word(root, RootLayout.nextDropped)
            release(root)
        }
    }

    // MARK: Dead blocks

    private func size(of block: BlockRef) -> BlockSize {
        BlockSize(index: Int(memory.tag(block) & 0xFF))
    }

    private func bury(_ block: BlockRef) {
        countLiveLines(-lineCount(of: block))
        guard kind(of: block) == .addressClass else { return free(block) }
        push(block, onto: ArenaLayout.limbo)
        let count = memory.word(books, ArenaLayout.limboCount) + 1
        memory.setWord(books, ArenaLayout.limboCount, count)
        if count > limboCapacity { emptyLimbo() }
    }

    private func emptyLimbo() {
        memoGeneration &+= 1
        var block = BlockRef(line: memory.word(books, ArenaLayout.limbo))
        while !block.isNone {
            let next = BlockRef(line: memory.referenceCount(block))
            free(block)
            block = next
        }
        memory.setWord(books, ArenaLayout.limbo, 0)
        memory.setWord(books, ArenaLayout.limboCount, 0)
    }

    private func free(_ block: BlockRef) {
        let size = size(of: block)
        memory.setWord(block, 0, memory.word(books, size.index))
        memory.setWord(books, size.index, block.line)
    }
}

/// The arena's own numbers, which lie before the first block. As properties of a class they would be
/// checked for exclusive access at run time, again and again in each edit.
///
///     32-bit words  0…31  first free block of each size: a list through their first words
///                   32    dying: blocks whose last reference is gone and whose own references are
///                         still to be dropped, a list through the blocks' counts
///                   33    limbo: dead classes whose numbers a memo may still hold, until
///                         ``BlockArena/memoGeneration`` moves on; a list as `dying`
///                   34    how many these are
///     64-bit words  18    first line that no block has had
///                   19    live lines
private enum ArenaLayout {
    static let lineCount = 3
    static let dying = 32
    static let limbo = 33
    static let limboCount = 34
    static let firstUnusedLine = 18
    static let liveLineCount = 19
}

/// The sizes that blocks come in: 1, 2, 3, 4, 6, 8, 12, 16 … lines, so at most half is waste.
struct BlockSize: Hashable, Sendable {
    let index: Int

    static let count = 32
    static let maximumLineCount = BlockSize(index: count - 1).lineCount

    init(index: Int) { self.index = index }

    /// The smallest size with at least `lineCount` lines.
    init(holding lineCount: Int) {
        precondition(1...BlockSize.maximumLineCount ~= lineCount, "no block is this large")
        var index = 0
        if lineCount > 3 {
            // The power of two at or below, then the half step, then the next power.
            let power = Int.bitWidth - 1 - lineCount.leadingZeroBitCount
            let base = 1 << power
            index = 2 * power - 1
            if lineCount > base { index += lineCount <= base + base / 2 ? 1 : 2 }
        } else {
            index = lineCount - 1
        }
        self.index = index
    }

    var lineCount: Int {
        guard index >= 3 else { return index + 1 }
        let base = 1 << ((index + 1) / 2)
        return index % 2 == 1 ? base : base + base / 2
    }
}

/// The steps of a table that have one pair of selectors, in decision order. A pair with one step has no
/// bucket: the step is in the ``PairPage``.
///
/// Up to ``leafCapacity`` steps are one block of kind ``BlockKind/bucket``:
///
///     word  0       1    2        8        14
///          ┌───────┬────┬────────┬────────┬───┐
///          │ count │    │ step 0 │ step 1 │ … │
///          └───────┴────┴────────┴────────┴───┘
///
/// More of them are in several such blocks, pages, behind a block of kind ``BlockKind/bucketIndex``, so
/// that an edit moves and copies little:
///
///     word  0       1           2   4                        8
///          ┌───────┬───────────┬───┬────────────────────────┬──────────┐
///          │ pages │ steps in  │   │ page 0: line, 0, order │ page 1 … │
///          │       │ all pages │   │ of its first step      │          │
///          └───────┴───────────┴───┴────────────────────────┴──────────┘
///
/// Where a page begins depends on the steps alone, whatever edits led to them: at the bucket's first
/// step and at each whose hash says so, one in 128 (as in the trees of Auvolat & Taïani, *Merkle search
/// trees*, SRDS 2019).
///
/// - Complexity: finding the first match takes O(steps before it); an edit O(128 + steps / 128).
enum RuleBucket {
    static let firstStep = 2
    /// As many steps as fit 48 lines.
    static let leafCapacity = 127
    /// One in so many steps begins a page; a power of two.
    private static let meanPageCount: UInt64 = 128

    static func stepWord(_ place: Int) -> Int { firstStep + place * RuleStep.wordCount }

    static func leafLineCount(_ stepCount: Int) -> Int { (stepWord(stepCount) + 15) / 16 }

    /// Whether `step` begins a page wherever it is.
    static func beginsPage(_ step: RuleStep) -> Bool {
        var mixed = step.order.rawValue ^ UInt64(step.test.flags) << 32
        mixed ^= UInt64(step.test.destination) << 16 ^ UInt64(step.test.source)
        mixed = (mixed ^ mixed >> 31) &* 0xD6E8_FEB8_6659_FD93
        return (mixed >> 40) & (meanPageCount - 1) == 0
    }

    // MARK: The index of a large bucket

    static let firstPageWord = 4
    static let pageWordCount = 4

    static func pageWord(_ place: Int) -> Int { firstPageWord + place * pageWordCount }

    static func indexLineCount(_ pageCount: Int) -> Int { (pageWord(pageCount) + 15) / 16 }

    @inline(__always)
    static func page(_ place: Int, of index: BlockRef, in memory: BlockMemory) -> BlockRef {
        BlockRef(line: memory.word(index, pageWord(place)))
    }

    /// The order of the first step of a page.
    @inline(__always)
    static func firstOrder(ofPage place: Int, of index: BlockRef, in memory: BlockMemory)
        -> RuleOrder
    {
        memory.stepOrder(index, at: pageWord(place) + 2)
    }

    /// Calls `body` with each page of a bucket's index.
    static func forEachPage(of index: BlockRef, in memory: BlockMemory, _ body: (BlockRef) -> Void)
    {
        for place in 0..<Int(memory.word(index, 0)) { body(page(place, of: index, in: memory)) }
    }

    // MARK: Any bucket

    static func isPaged(_ bucket: BlockRef, in arena: BlockArena) -> Bool {
        arena.kind(of: bucket) == .bucketIndex
    }

    /// The number of steps.
    static func stepCount(of bucket: BlockRef, in arena: BlockArena) -> Int {
        Int(arena.memory.word(bucket, isPaged(bucket, in: arena) ? 1 : 0))
    }

    /// The step that is tried first.
    static func firstStep(of bucket: BlockRef, in arena: BlockArena) -> RuleStep {
        let leaf = isPaged(bucket, in: arena) ? page(0, of: bucket, in: arena.memory) : bucket
        return arena.memory.step(leaf, at: firstStep)
    }
}

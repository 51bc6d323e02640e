/// The pairs of selectors of a rule table whose hashes lead to one page, each in a slot of 32 bytes, in
/// the order of the pairs.
///
///     byte  0       8                     32·u      32·u + 32
///          ┌───────┬─────────────────────┬─────────┬─────────┬───┐
///          │ count │ a byte of the hash  │ slot 0  │ slot 1  │ … │   u = 1 for up to 24 slots
///          │       │ for each slot       │         │         │   │
///          └───────┴─────────────────────┴─────────┴─────────┴───┘
///
///     slot: word  0      1       2           8
///                ┌──────┬───────┬───────────┐
///                │ peer │ local │ the step  │   when the pair has one step, else
///                ├──────┼───────┼───────────┤
///                │      │       │ order of the first step (2), bucket, ``isBucket``, 0, 0
///                └──────┴───────┴───────────┘
///
/// A look-up reads the bytes of the hashes first, eight at a time, and of the slots almost only those
/// that it looks for.
enum PairPage {
    static let slotWordCount = 8
    /// In the flags of a slot's step: it stands for a bucket.
    static let isBucket: UInt32 = 1 << 31
    /// Beside ``isBucket``: the bucket is an index of pages.
    static let isPaged: UInt32 = 1 << 30
    private static let fingerprintWord64 = 1

    /// Where a slot begins in a page of `count`.
    @inline(__always)
    static func slotWord(_ place: Int, of count: Int) -> Int {
        // 8 bytes of head and one a slot, in units of 32 bytes.
        (headUnitCount(count) &+ place) << 3
    }

    @inline(__always)
    private static func headUnitCount(_ slotCount: Int) -> Int { (slotCount &+ 39) >> 5 }

    static func lineCount(_ slotCount: Int) -> Int {
        (slotWord(slotCount, of: slotCount) + 15) / 16
    }

    /// The byte of a hash that the page keeps, eight times; the hash's lowest bits choose the page.
    @inline(__always)
    private static func pattern(_ hash: UInt64) -> UInt64 {
        (hash >> 56) &* 0x0101_0101_0101_0101
    }

    /// Calls `body` with each bucket of a page.
    static func forEachChild(of page: BlockRef, in memory: BlockMemory, _ body: (BlockRef) -> Void)
    {
        let count = Int(memory.word(page, 0))
        for place in 0..<count {
            let slot = slotWord(place, of: count)
            if memory.word(page, slot + 5) & isBucket != 0 {
                body(BlockRef(line: memory.word(page, slot + 4)))
            }
        }
    }

    /// The pair of the slot at word `slot`.
    @inline(__always)
    static func pair(_ page: BlockRef, at slot: Int, in memory: BlockMemory) -> SelectorPair {
        SelectorPair(peer: memory.word(page, slot), local: memory.word(page, slot + 1))
    }

    /// Whether a page may have a slot for a pair with this hash: without branches, as nearly all pages have
    /// up to 24 slots, and wrongly so for one in about 20 that it has not.
    @inline(__always)
    static func mayHold(_ hash: UInt64, _ page: BlockRef, _ memory: BlockMemory) -> Bool {
        let pattern = pattern(hash)
        let zeros =
            zeroBytes(memory.word64(page, fingerprintWord64) ^ pattern)
            | zeroBytes(memory.word64(page, fingerprintWord64 &+ 1) ^ pattern)
            | zeroBytes(memory.word64(page, fingerprintWord64 &+ 2) ^ pattern)
        // Negative, with all top bits, when the page has more slots than these bytes.
        let isLarger = UInt64(bitPattern: Int64(24 &- Int(memory.word(page, 0))))
        return (zeros | isLarger) & 0x8080_8080_8080_8080 != 0
    }

    /// The word at which the slot of a pair begins; `nil` if the page has none. No page has none.
    ///
    /// - Complexity: O(slots / 8).
    @inline(__always)
    static func slot(
        of pair: SelectorPair, hash: UInt64, in page: BlockRef, _ memory: BlockMemory
    ) -> Int? {
        // Line 0 is never written, so that an empty page reads as one with no slots.
        let count = Int(memory.word(page, 0))
        let pattern = pattern(hash)
        var first = 0
        while first < count {
            var zeros = zeroBytes(
                memory.word64(page, fingerprintWord64 &+ first >> 3) ^ pattern)
            while zeros != 0 {
                let place = first &+ zeros.trailingZeroBitCount >> 3
                let slot = slotWord(place, of: count)
                if place < count, self.pair(page, at: slot, in: memory) == pair { return slot }
                zeros &= zeros &- 1
            }
            first &+= 8
        }
        return nil
    }

    /// The top bit of each byte that is 0, and perhaps of bytes above the lowest of them.
    @inline(__always)
    private static func zeroBytes(_ bytes: UInt64) -> UInt64 {
        (bytes &- 0x0101_0101_0101_0101) & ~bytes & 0x8080_8080_8080_8080
    }

    /// Writes the bytes of the hashes of the slots from `first` on, and 0 behind the last.
    static func writeFingerprints(of page: BlockRef, from first: Int, in memory: BlockMemory) {
        guard !page.isNone else { return }
        let count = Int(memory.word(page, 0))
        for group in first / 8..<headUnitCount(count) * 4 - 1 {
            var bytes: UInt64 = 0
            for place in stride(from: min(8 * group + 8, count) - 1, through: 8 * group, by: -1) {
                let hash = pair(page, at: slotWord(place, of: count), in: memory).hash
                bytes = bytes << 8 | pattern(hash) & 0xFF
            }
            memory.setWord64(page, fingerprintWord64 + group, bytes)
        }
    }
}

/// The boundaries between the leaves of a trie of IPv6 addresses, in two levels: ranges of the high 64 bits, and where
/// several leaves share these, ranges of the low 64 bits.
///
///     2001:db8::/48, and in it 2001:db8:0:7::5      highs                    lows
///                                                   …2001:db7:ffff:ffff
///                                                   …2001:db8:0:6
///                                                   …2001:db8:0:7 ─────────▶ …4, …5, …ffff:ffff:ffff:ffff, …ffff…
///                                                   …2001:db8:0:ffff
///                                                   …ffff:ffff:ffff:ffff
///
/// A range is known by its last key; the last of all is the greatest. Ranges of low bits are filled up to a power of
/// four, by empty ones with the greatest key. Neighbours have different leaves, wherever in the trie these hang.
///
/// They stand in a ``MergedMemory`` while they are read; 16 bytes for a range of high bits, the last key and
/// the place among the low ones << 32 | their number (0 where there is one leaf), 8 bytes for one of low bits.
struct TrieBoundaries {
    private let memory: BlockMemory
    private let pool: MergedMemory
    private let place: Int
    private(set) var highCount = 0
    private(set) var lowCount = 0
    /// Whether there are more than have room; what was read is not all then.
    private(set) var isTooMany = false

    /// The leaf of the range that is read, the key that it begins with, and the last of it so far.
    private var leaf: UInt32?
    private var first = TrieKey(high: 0, low: 0)
    private var last = TrieKey(high: 0, low: 0)
    /// Where the ranges of the low bits begin that are read.
    private var firstLow: Int?

    /// At most so many ranges of each level are read.
    static let capacity = 1 << 15
    /// The room that reading takes.
    static let byteCount = 24 * capacity

    /// Reads a trie's boundaries to the ``byteCount`` bytes of `pool` at `place`.
    ///
    /// - Complexity: O(entries of the trie's nodes), or of so many as give ``capacity`` ranges.
    init(of trie: TrieEntry, _ memory: BlockMemory, at place: Int, in pool: MergedMemory) {
        self.memory = memory
        self.pool = pool
        self.place = place
        read(trie, from: TrieKey(high: 0, low: 0), depth: 0)
        appendRange()
    }

    /// The last key of a range of high bits, the place among the low ones of those that it is cut into, and how
    /// many these are: a power of four, or 0 if it has one leaf.
    func high(_ index: Int) -> (last: UInt64, firstLow: Int, lowCount: Int) {
        let link = pool.word64(at: place + 16 * index + 8)
        return (
            pool.word64(at: place + 16 * index), Int(link >> 32),
            Int(UInt32(truncatingIfNeeded: link))
        )
    }

    /// The last key of a range of low bits.
    func low(_ index: Int) -> UInt64 { pool.word64(at: lows + 8 * index) }

    private var lows: Int { place + 16 * TrieBoundaries.capacity }

    // MARK: Leaves in their order

    /// Reads the leaves of the keys that have their first `depth` bits with `first` in common.
    private mutating func read(_ entry: TrieEntry, from first: TrieKey, depth: Int) {
        guard !isTooMany else { return }
        let block = entry.block
        switch entry.kind {
        case .leaf: append(entry.bits, to: first.last(sharing: depth))
        case .narrow: readNode(block, from: first, depth: depth, bitCount: 4)
        case .wide: readNode(block, from: first, depth: depth, bitCount: 8)
        case .skip:
            let start = memory.key(ofSkip: block)
            let startDepth = Int(memory.word(block, SkipLayout.depth))
            let otherwise = memory.entry(block, SkipLayout.otherwise).bits
            let (end, last) = (start.last(sharing: startDepth), first.last(sharing: depth))
            if start != first { append(otherwise, to: start.predecessor) }
            read(memory.entry(block, SkipLayout.match), from: start, depth: startDepth)
            if end != last { append(otherwise, to: last) }
        }
    }

    private mutating func readNode(
        _ node: BlockRef, from first: TrieKey, depth: Int, bitCount: Int
    ) {
        for place in 0..<1 << bitCount {
            read(
                memory.entry(node, place),
                from: first.followed(by: place, bitCount: bitCount, at: depth),
                depth: depth + bitCount)
        }
    }

    // MARK: Ranges

    /// Goes on to `last` with a leaf, by a range of its own if the leaf before was another.
    private mutating func append(_ leaf: UInt32, to last: TrieKey) {
        if leaf != self.leaf {
            appendRange()
            self.leaf = leaf
        }
        self.last = last
    }

    /// Divides the range that was read among the high and the low bits.
    private mutating func appendRange() {
        guard leaf != nil else { return }
        if first.low != 0 {
            let isHere = last.high == first.high
            appendLow(isHere ? last.low : .max, of: first.high)
            if isHere { return beginRange() }
            first = TrieKey(high: first.high, low: .max).successor
        }
        if last.low == .max {
            appendHigh(last.high, firstLow: 0, lowCount: 0)
        } else {
            if first.high != last.high {
                appendHigh(last.high - 1, firstLow: 0, lowCount: 0)
            }
            appendLow(last.low, of: last.high)
        }
        beginRange()
    }

    private mutating func beginRange() { first = last.successor }

    private mutating func appendLow(_ last: UInt64, of high: UInt64) {
        let start = firstLow ?? lowCount
        firstLow = start
        addLow(last)
        guard last == .max else { return }
        while !TrieBoundaries.isPowerOfFour(lowCount - start), !isTooMany { addLow(.max) }
        appendHigh(high, firstLow: start, lowCount: lowCount - start)
        firstLow = nil
    }

    private static func isPowerOfFour(_ count: Int) -> Bool {
        count.nonzeroBitCount == 1 && count.trailingZeroBitCount % 2 == 0
    }

    private mutating func addLow(_ last: UInt64) {
        guard lowCount < TrieBoundaries.capacity else {
            isTooMany = true
            return
        }
        pool.setWord64(at: lows + 8 * lowCount, last)
        lowCount += 1
    }

    private mutating func appendHigh(_ last: UInt64, firstLow: Int, lowCount: Int) {
        guard highCount < TrieBoundaries.capacity else {
            isTooMany = true
            return
        }
        pool.setWord64(at: place + 16 * highCount, last)
        pool.setWord64(
            at: place + 16 * highCount + 8, UInt64(firstLow) << 32 | UInt64(lowCount))
        highCount += 1
    }
}

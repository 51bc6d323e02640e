/// A word for the class of each IPv6 address, as a source and as a destination of packets, by the ranges of
/// ``TrieBoundaries``: found by two searches that take as many steps whatever the address.
///
///     2001:db8:0:7::5 ─▶ slot of its high bits ─▶ range of high bits ─▶ range of low bits ─▶ words
///
///     slots     4 bytes    by the high bits less `first`, shifted: the first range that they may be in
///     lasts     8 bytes    the last keys of ranges: of those of high bits; some that are the greatest; of those of low bits
///     links     8 bytes    for each range of high bits: that of the low bits to begin with, and a quarter of how
///                          many there are (<< 32); or itself and 0, where the low bits do not matter
///     words     2 × 4      for each of `lasts`: of sources, of destinations; 0 where it is not known yet
///
/// A search leaves a quarter of a power of four of ranges in each step: how many of the first three quarters end before the
/// address. It may look at ranges behind those that can be the one, which end later.
///
/// The ranges are those of a whole trie, and do not change with it: where it changes, the words say so, and the trie is asked.
/// Other words are entered when they are looked for.
struct LongMap {
    /// Where these are.
    var slots = 0
    var lasts = 0
    var links = 0
    var words = 0
    /// The last key of the first range, and by how much what others have more than it is shifted.
    var first: UInt64 = 0
    var shift: UInt64 = 0
    var lastSlot: UInt64 = 0
    /// A quarter of the ranges of high bits that are searched.
    var firstQuarter = 0
    /// Whether there are ranges of low bits, and how many steps more than one the most of them take.
    var hasLows = false
    var longLowStepCount = 0
    /// The ranges of high and of low bits, with those that fill these up.
    var rangeCount = 0
    /// How often a range was told that the trie has changed there.
    var changedCount = 0
    /// The room that it has, from the slots on.
    var byteCount = 0

    /// The word of addresses about which the trie is to be asked.
    static let changed = UInt32.max

    /// Whether a word is neither 0 nor ``changed``.
    @inline(__always)
    static func isKnown(_ word: UInt32) -> Bool { word &+ 1 > 1 }

    // MARK: Looking up

    /// The words of a query's source and of its destination; 0 where one is not known, or ``changed``.
    @inline(__always)
    func words(
        of query: Query, _ pool: MergedMemory
    ) -> (source: UInt32, destination: UInt32) {
        let ranges = ranges(of: query, pool)
        return (
            pool.word(at: words &+ ranges.source &<< 3),
            pool.word(at: words &+ ranges.destination &<< 3 &+ 4)
        )
    }

    /// Enters the words of a query's addresses, and with them those of all addresses in the same ranges, but where the
    /// trie has changed.
    func enter(source: UInt32, destination: UInt32, for query: Query, in pool: MergedMemory) {
        let ranges = ranges(of: query, pool)
        let places = (words + 8 * ranges.source, words + 8 * ranges.destination + 4)
        if pool.word(at: places.0) != LongMap.changed { pool.setWord(at: places.0, source) }
        if pool.word(at: places.1) != LongMap.changed { pool.setWord(at: places.1, destination) }
    }

    /// Gives the ranges that have keys of a stretch, in which the trie may have other leaves from now on, ``changed`` for
    /// words.
    mutating func forget(_ stretch: ClosedRange<TrieKey>, in pool: MergedMemory) {
        let (first, last) = (stretch.lowerBound, stretch.upperBound)
        let highs = highRanges(of: first.high, last.high, pool)
        let ends = lowRanges(of: first.low, in: highs.first, last.low, in: highs.second, pool)
        for high in highs.first...highs.second {
            let link = link(of: high, pool)
            let start = high == highs.first ? ends.first : link.first
            let end =
                high == highs.second ? ends.second : link.first + max(0, 4 * link.quarter - 1)
            for range in start...end {
                pool.setWord64(at: words + 8 * range, .max)
                changedCount += 1
            }
        }
    }

    /// The ranges of a query's addresses. Both are looked for at once: they do not wait for each other.
    @inline(__always)
    private func ranges(
        of query: Query, _ pool: MergedMemory
    ) -> (source: Int, destination: Int) {
        let highs = highRanges(of: query.sourceHigh, query.destinationHigh, pool)
        let lows = lowRanges(
            of: query.sourceLow, in: highs.first, query.destinationLow, in: highs.second, pool)
        return (lows.first, lows.second)
    }

    /// The ranges of two addresses' high bits.
    @inline(__always)
    private func highRanges(
        of high: UInt64, _ otherHigh: UInt64, _ pool: MergedMemory
    ) -> (first: Int, second: Int) {
        var (range, other) = (firstRange(of: high, pool), firstRange(of: otherHigh, pool))
        var quarter = firstQuarter
        while quarter > 16 {
            range &+= quarter &* quarters(from: range, before: high, quarter, pool)
            other &+= quarter &* quarters(from: other, before: otherHigh, quarter, pool)
            quarter &>>= 2
        }
        // The last steps by numbers that are known here take fewer instructions.
        if quarter == 16 {
            range &+= 16 &* quarters(from: range, before: high, 16, pool)
            other &+= 16 &* quarters(from: other, before: otherHigh, 16, pool)
        }
        if quarter >= 4 {
            range &+= 4 &* quarters(from: range, before: high, 4, pool)
            other &+= 4 &* quarters(from: other, before: otherHigh, 4, pool)
        }
        if quarter >= 1 {
            range &+= quarters(from: range, before: high, 1, pool)
            other &+= quarters(from: other, before: otherHigh, 1, pool)
        }
        return (range, other)
    }

    /// Where the search for the range of some high bits begins.
    @inline(__always)
    private func firstRange(of high: UInt64, _ pool: MergedMemory) -> Int {
        // What is before the first range's end is in it.
        let distance = high &- min(high, first)
        let slot = Int(truncatingIfNeeded: min(distance &>> shift, lastSlot))
        return Int(pool.word(at: slots &+ slot &<< 2))
    }

    /// The ranges of two addresses' low bits in those of their high bits.
    @inline(__always)
    private func lowRanges(
        of low: UInt64, in highRange: Int, _ otherLow: UInt64, in otherHighRange: Int,
        _ pool: MergedMemory
    ) -> (first: Int, second: Int) {
        var (range, quarter) = link(of: highRange, pool)
        var (other, otherQuarter) = link(of: otherHighRange, pool)
        // With nothing left to divide it is none of them, whatever is read.
        for _ in 0..<longLowStepCount {
            range &+= quarter &* quarters(from: range, before: low, quarter, pool)
            other &+= otherQuarter &* quarters(from: other, before: otherLow, otherQuarter, pool)
            quarter &>>= 2
            otherQuarter &>>= 2
        }
        // 1 or 0 quarters are left.
        if hasLows {
            range &+= quarter &* quarters(from: range, before: low, 1, pool)
            other &+= otherQuarter &* quarters(from: other, before: otherLow, 1, pool)
        }
        return (range, other)
    }

    @inline(__always)
    private func link(of range: Int, _ pool: MergedMemory) -> (first: Int, quarter: Int) {
        let link = pool.word64(at: links &+ range &<< 3)
        return (Int(UInt32(truncatingIfNeeded: link)), Int(truncatingIfNeeded: link &>> 32))
    }

    /// How many of the first three quarters of some ranges end before a key. A sum, because compilers make a branch of every
    /// choice, and addresses take either way.
    @inline(__always)
    private func quarters(
        from range: Int, before key: UInt64, _ quarter: Int, _ pool: MergedMemory
    ) -> Int {
        let end = lasts &+ (range &+ quarter &- 1) &<< 3
        let first = pool.word64(at: end) < key ? 1 : 0
        let second = pool.word64(at: end &+ quarter &<< 3) < key ? 1 : 0
        let third = pool.word64(at: end &+ quarter &<< 4) < key ? 1 : 0
        return first &+ second &+ third
    }
}

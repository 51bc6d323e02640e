/// Enters the words of ranges of addresses.
extension RangeMap {
    private static let nodeByteCount = 4 << 8
    private static let lineByteCount = 64
    /// Where the words of a line begin.
    static let firstWord = 24
    /// So many ranges have room in a line.
    private static let lineCapacity = 10
    /// A bit for each of three numbers in a word, which have 21 bits each.
    static let thirds: UInt64 = 1 | 1 << 21 | 1 << 42

    /// Ranges of addresses with one first half, each with its word, in a stretch of a ``MergedMemory``.
    struct Ranges {
        let place: Int
        private(set) var count = 0
        /// The last address that has the last range's word as far as is known: it may be far behind.
        var last: UInt32 = 0

        /// As many bytes hold all ranges that there can be.
        static let byteCount = 8 << 16

        init(place: Int) { self.place = place }

        /// Adds addresses up to `last`, as a range of its own if the word is another than before.
        mutating func append(_ word: UInt32, to last: UInt16, _ pool: MergedMemory) {
            if count == 0 || self.word(count - 1, pool) != word { count += 1 }
            pool.setWord64(at: place + 8 * (count - 1), UInt64(last) << 32 | UInt64(word))
        }

        func word(_ index: Int, _ pool: MergedMemory) -> UInt32 {
            pool.word(at: place + 8 * index)
        }

        func last(_ index: Int, _ pool: MergedMemory) -> UInt16 {
            UInt16(truncatingIfNeeded: pool.word(at: place + 8 * index + 4))
        }
    }

    /// Enters all addresses with the first half of `address`, and if these are one range, the following halves that
    /// it has whole; whether there was room.
    func enter(
        _ ranges: Ranges, for address: UInt32, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        guard let word = word(for: ranges, 0..<ranges.count, sharing: 16, &room, in: pool) else {
            return false
        }
        let first = Int(address >> 16)
        let end = ranges.count == 1 ? (Int(ranges.last) + 1) >> 16 : first + 1
        for half in first..<max(end, first + 1) { setRoot(half, word, pool) }
        if !hasLines(pool), !hasRoomForNodes(pool) { beginLines(pool) }
        return true
    }

    /// A word that leads addresses with their first `bitCount` bits in common, 16 or 24, to the words of some ranges;
    /// `nil` when there is too little room.
    private func word(
        for ranges: Ranges, _ indices: Range<Int>, sharing bitCount: Int,
        _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        if indices.count == 1 { return ranges.word(indices.lowerBound, pool) }
        if hasLines(pool), indices.count <= RangeMap.lineCapacity {
            return RangeMap.line(of: ranges, indices, &room, in: pool)
        }
        guard let node = makeNode(&room, pool) else { return nil }
        let end = indices.upperBound - 1
        var first = indices.lowerBound
        for octet in 0..<256 {
            // The last range may go on behind these addresses.
            let greatest = UInt16(bitCount == 16 ? octet << 8 | 0xFF : octet)
            let mask: UInt16 = bitCount == 16 ? 0xFFFF : 0xFF
            var last = first
            while last < end, ranges.last(last, pool) & mask < greatest { last += 1 }
            guard
                let word = word(for: ranges, first..<last + 1, sharing: 24, &room, in: pool)
            else { return nil }
            pool.setWord(at: node + 4 * octet, word)
            first = last < end && ranges.last(last, pool) & mask == greatest ? last + 1 : last
        }
        // By so many bits the rest of an address is shifted.
        return UInt32(node) | (bitCount == 16 ? 8 : 0)
    }

    private func makeNode(_ room: inout MergedRoom, _ pool: MergedMemory) -> Int? {
        noteNode(byteCount: RangeMap.nodeByteCount, pool)
        return room.allocateUncleared(byteCount: RangeMap.nodeByteCount)
    }

    private static func line(
        of ranges: Ranges, _ indices: Range<Int>, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        guard let line = room.allocateUncleared(byteCount: lineByteCount) else { return nil }
        for third in 0..<3 {
            var word: UInt64 = 0
            for place in 0..<3 {
                let index = indices.lowerBound + 3 * third + place
                let last = index < indices.upperBound - 1 ? ranges.last(index, pool) : .max
                word |= (1 << 16 | UInt64(last)) << UInt64(21 * place)
            }
            pool.setWord64(at: line + 8 * third, word)
        }
        for (place, index) in indices.enumerated() {
            let word = ranges.word(index, pool)
            pool.setWord(at: line + firstWord + 4 * (lineCapacity - 1 - place), word)
        }
        return word(ofLine: line)
    }
}

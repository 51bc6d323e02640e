extension LongMap {
    /// Takes the ranges of a trie in the place of those before, without words; `false`, and nothing may be looked up, when
    /// there are too many or there is too little room.
    ///
    /// - Complexity: O(entries of the trie's nodes).
    mutating func read(
        _ trie: TrieEntry, _ memory: BlockMemory, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        guard let scratch = room.allocateScratch(byteCount: TrieBoundaries.byteCount) else {
            return false
        }
        defer { room.releaseScratch() }
        let boundaries = TrieBoundaries(of: trie, memory, at: scratch, in: pool)
        changedCount = 0
        rangeCount = boundaries.highCount + boundaries.lowCount
        guard !boundaries.isTooMany else { return false }
        chooseSlots(for: boundaries)
        // As many as a search that begins at the last range looks at.
        let firstLow = boundaries.highCount + 4 * firstQuarter
        guard reserve(boundaries, firstLow: firstLow, &room) else { return false }
        forEachSlot(of: boundaries) { slot, ranges in
            pool.setWord(at: slots + 4 * slot, UInt32(ranges.lowerBound))
        }
        writeRanges(boundaries, firstLow: firstLow, in: pool)
        return true
    }

    /// Slots for about an eighth of a range each, and the steps that the fullest of them takes. With eight times as many of
    /// them a search takes as many steps: networks are dense in places.
    private mutating func chooseSlots(for boundaries: TrieBoundaries) {
        first = boundaries.high(0).last
        // The last range ends with the last key, whatever begins it.
        let span = boundaries.high(max(0, boundaries.highCount - 2)).last - first
        let slotCount = UInt64(min(8 * boundaries.highCount, LongMap.maximumSlotCount))
        shift = 0
        while span >> shift >= slotCount { shift += 1 }
        lastSlot = span >> shift
        var greatestCount = 0
        forEachSlot(of: boundaries) { _, ranges in
            greatestCount = max(greatestCount, ranges.upperBound - ranges.lowerBound)
        }
        firstQuarter = 0
        while max(1, 4 * firstQuarter) <= greatestCount {
            firstQuarter = max(1, 4 * firstQuarter)
        }
    }

    private static let maximumSlotCount = 1 << 16

    /// Each slot with the first and the last range that keys in it may be in.
    private func forEachSlot(
        of boundaries: TrieBoundaries, _ body: (_ slot: Int, _ ranges: ClosedRange<Int>) -> Void
    ) {
        var range = 0
        for slot in 0...lastSlot {
            let before = range
            let end = slot == lastSlot ? .max : first + (slot + 1) << shift
            while boundaries.high(range).last < end { range += 1 }
            body(Int(slot), before...range)
        }
    }

    /// Room for everything, with some to spare: the next trie is mostly a little larger.
    private mutating func reserve(
        _ boundaries: TrieBoundaries, firstLow: Int, _ room: inout MergedRoom
    ) -> Bool {
        let slotByteCount = (4 * (Int(lastSlot) + 1) + 7) & ~7
        let lastCount = firstLow + boundaries.lowCount
        let needed = slotByteCount + 8 * (2 * lastCount + boundaries.highCount)
        if needed > byteCount {
            let wanted = needed + needed / 4
            guard let place = room.allocateUncleared(byteCount: wanted) else { return false }
            slots = place
            byteCount = wanted
        }
        lasts = slots + slotByteCount
        links = lasts + 8 * lastCount
        words = links + 8 * boundaries.highCount
        return true
    }

    private mutating func writeRanges(
        _ boundaries: TrieBoundaries, firstLow: Int, in pool: MergedMemory
    ) {
        var greatestCount = 1
        for range in 0..<boundaries.highCount {
            let high = boundaries.high(range)
            pool.setWord64(at: lasts + 8 * range, high.last)
            let target = high.lowCount == 0 ? range : firstLow + high.firstLow
            pool.setWord64(
                at: links + 8 * range, UInt64(high.lowCount / 4) << 32 | UInt64(target))
            greatestCount = max(greatestCount, high.lowCount)
        }
        hasLows = greatestCount > 1
        longLowStepCount = max(0, greatestCount.trailingZeroBitCount / 2 - 1)
        for range in boundaries.highCount..<firstLow {
            pool.setWord64(at: lasts + 8 * range, .max)
        }
        for range in 0..<boundaries.lowCount {
            pool.setWord64(at: lasts + 8 * (firstLow + range), boundaries.low(range))
        }
        pool.clear(byteCount: 8 * (firstLow + boundaries.lowCount), at: words)
    }
}

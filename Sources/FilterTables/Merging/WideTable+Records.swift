extension WideTable {
    /// A look-up in vain enters what lies around so many other addresses of each side, too: what traffic seldom has is there
    /// before it comes, and no packet waits for all of it.
    private static let aheadCount = 8

    /// Makes the records of the classes around two addresses and enters them to the maps; whether there was room.
    mutating func enterRecords(
        of query: Query, _ sides: RunSides, _ memory: BlockMemory, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) -> Bool {
        guard let place = room.allocateScratch(byteCount: RangeMap.Ranges.byteCount) else {
            return false
        }
        defer { room.releaseScratch() }
        var source: UInt32? = query.sourceWord
        var destination: UInt32? = query.destinationWord
        for _ in 0...WideTable.aheadCount {
            guard
                enter(source, sides.sourceKey, to: sourceMap, place, memory, &room, pool),
                enter(
                    destination, sides.destinationKey, to: destinationMap, place, memory, &room,
                    pool)
            else { return false }
            if room.isScarce { break }
            source = sourceMap.nextUnknown(pool)
            destination = destinationMap.nextUnknown(pool)
        }
        return true
    }

    /// Enters the words of all addresses with the first half of `address`, if there is one that is not known; whether
    /// there was room. `place` is where they may be written before.
    private mutating func enter(
        _ address: UInt32?, _ side: UInt32, to map: RangeMap, _ place: Int,
        _ memory: BlockMemory, _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> Bool {
        guard let address, !map.knows(address, pool) else { return true }
        guard let ranges = ranges(around: address, side, at: place, memory, &room, pool) else {
            return false
        }
        return map.enter(ranges, for: address, &room, in: pool)
    }

    /// The words of all addresses with the first half of `address`; `nil` when there is too little room.
    private mutating func ranges(
        around address: UInt32, _ side: UInt32, at place: Int, _ memory: BlockMemory,
        _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> RangeMap.Ranges? {
        // First the classes, so that the look-ups of their records wait for one another no more.
        var classes = RangeMap.Ranges(place: place)
        var first = address & 0xFFFF_0000
        let end = first | 0xFFFF
        while true {
            let (leaf, last) = memory.leafRange(of: trie, from: first)
            records.touch(leaf | side, pool)
            classes.append(leaf | side, to: UInt16(truncatingIfNeeded: min(last, end)), pool)
            classes.last = last
            if last >= end { break }
            first = last + 1
        }
        var ranges = RangeMap.Ranges(place: place)
        ranges.last = classes.last
        for index in 0..<classes.count {
            // It is written where a class was, or before.
            let key = ClassKey(bits: classes.word(index, pool))
            guard let word = record(of: key, memory, &room, in: pool) else { return nil }
            ranges.append(word, to: classes.last(index, pool), pool)
        }
        return ranges
    }
}

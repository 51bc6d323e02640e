extension WideTable {
    /// Makes the records of the classes around two addresses and enters them to the maps; whether there was room.
    mutating func enterRecords(
        of query: Query, _ sides: RunSides, _ memory: BlockMemory, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) -> Bool {
        guard let place = room.allocateScratch(byteCount: RangeMap.Ranges.byteCount) else {
            return false
        }
        defer { room.releaseScratch() }
        let (source, destination) = (query.sourceWord, query.destinationWord)
        if !sourceMap.knows(source, pool) {
            guard
                let ranges = ranges(
                    around: source, sides.sourceKey, at: place, memory, &room, pool),
                sourceMap.enter(ranges, for: source, &room, in: pool)
            else { return false }
        }
        if !destinationMap.knows(destination, pool) {
            guard
                let ranges = ranges(
                    around: destination, sides.destinationKey, at: place, memory, &room, pool),
                destinationMap.enter(ranges, for: destination, &room, in: pool)
            else { return false }
        }
        return true
    }

    /// The words of all addresses with the first half of `address`; `nil` when there is too little room.
    private mutating func ranges(
        around address: UInt32, _ side: UInt32, at place: Int, _ memory: BlockMemory,
        _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> RangeMap.Ranges? {
        var ranges = RangeMap.Ranges(place: place)
        var first = address & 0xFFFF_0000
        let end = first | 0xFFFF
        while true {
            let (leaf, last) = memory.leafRange(of: trie, from: first)
            let key = ClassKey(bits: leaf | side)
            guard let word = record(of: key, memory, &room, in: pool) else { return nil }
            ranges.append(word, to: UInt16(truncatingIfNeeded: min(last, end)), pool)
            if last >= end {
                ranges.last = last
                return ranges
            }
            first = last + 1
        }
    }
}

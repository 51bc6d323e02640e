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

    /// The word of a class's record, made if it is not there yet; `nil` when there is too little room.
    private mutating func record(
        of key: ClassKey, _ memory: BlockMemory, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        if let known = records.value(of: key.bits, pool) { return known }
        let selectorCount = chainLength(of: key.addressClass, memory) + 2
        guard selectorCount <= WideTable.maximumChainLength,
            let record = room.allocateUncleared(
                byteCount: WideTable.recordHeaderByteCount
                    + WideTable.elementByteCount * selectorCount)
        else { return nil }
        var count = 0
        var addressClass = key.addressClass
        while !addressClass.isNone {
            for place in 0..<memory.memberCount(ofClass: addressClass) {
                let selector = memory.member(ofClass: addressClass, at: place)
                add(selector, of: key, to: record, &count, pool)
            }
            addressClass = memory.parent(ofClass: addressClass)
        }
        add(key.ofFamily, of: key, to: record, &count, pool)
        add(WideSelector.any, of: key, to: record, &count, pool)
        pool.setWord64(at: record, UInt64(count))
        guard let word = onlyWord(ofRecord: record, count, &room, pool),
            records.insert(word, for: key.bits, &room, pool)
        else { return nil }
        return word
    }

    /// The word of the record made last, or of an older one with the same selectors, and then it is given back: of the
    /// classes of a fleet's addresses few differ in what a table's steps name.
    private mutating func onlyWord(
        ofRecord record: Int, _ count: Int, _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> UInt32? {
        let end = record + WideTable.recordHeaderByteCount + WideTable.elementByteCount * count
        var hash = UInt64(count)
        for place in stride(from: record + WideTable.recordHeaderByteCount, to: end, by: 8) {
            hash = (hash ^ pool.word64(at: place)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        let key = UInt32(truncatingIfNeeded: hash) | 1
        if let known = contents.value(of: key, pool) {
            if isEqual(RangeMap.record(of: known), record, to: end, pool) {
                room.giveBack(from: record)
                return known
            }
        } else {
            // Of two records with one hash only the first is found again. What the chain has in vain is given back.
            room.giveBack(from: end)
            let word = RangeMap.word(ofRecord: record)
            return contents.insert(word, for: key, &room, pool) ? word : nil
        }
        room.giveBack(from: end)
        return RangeMap.word(ofRecord: record)
    }

    private func isEqual(_ other: Int, _ record: Int, to end: Int, _ pool: MergedMemory) -> Bool {
        for offset in stride(from: 0, to: end - record, by: 8)
        where pool.word64(at: other + offset) != pool.word64(at: record + offset) { return false }
        return true
    }

    private func chainLength(of addressClass: BlockRef, _ memory: BlockMemory) -> Int {
        var count = 0
        var addressClass = addressClass
        while !addressClass.isNone {
            count += memory.memberCount(ofClass: addressClass)
            addressClass = memory.parent(ofClass: addressClass)
        }
        return count
    }

    /// Adds a selector to a record, if some step has it.
    private func add(
        _ selector: SelectorID, of key: ClassKey, to record: Int, _ count: inout Int,
        _ pool: MergedMemory
    ) {
        let filters = key.isOfLocal ? localFilters : peerFilters
        guard let filter = filters.value(of: selector + 1, pool) else { return }
        let hash =
            key.isOfLocal
            ? WideTable.hash(ofLocal: selector) : WideTable.hash(ofPeer: selector)
        let place =
            record + WideTable.recordHeaderByteCount + WideTable.elementByteCount * count
        pool.setWord64(at: place, pool.word64(at: Int(filter)))
        pool.setWord64(at: place + 8, UInt64(hash) << 32 | UInt64(selector))
        count += 1
    }
}

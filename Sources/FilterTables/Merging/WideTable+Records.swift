extension WideTable {
    /// Makes the records of the classes of two addresses and enters them to the maps; whether there was room.
    mutating func enterRecords(
        of query: Query, _ sides: RunSides, _ memory: BlockMemory, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) -> Bool {
        let (source, destination) = (query.sourceHigh, query.destinationHigh)
        let sourceKey = ClassKey(bits: memory.leaf(of: trie, high: source) | sides.sourceKey)
        let destinationKey = ClassKey(
            bits: memory.leaf(of: trie, high: destination) | sides.destinationKey)
        guard let first = record(of: sourceKey, memory, &room, in: pool),
            let second = record(of: destinationKey, memory, &room, in: pool)
        else { return false }
        return sourceMap.enter(first, for: source, of: trie, memory, &room, in: pool)
            && destinationMap.enter(second, for: destination, of: trie, memory, &room, in: pool)
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
        let word = UInt32(record) | RecordMap.isRecord
        pool.setWord(at: record, word)
        pool.setWord(at: record + 8, UInt32(count))
        // What the chain has in vain is given back.
        room.giveBack(
            from: record + WideTable.recordHeaderByteCount + WideTable.elementByteCount * count)
        return records.insert(word, for: key.bits, &room, pool) ? word : nil
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

/// Makes the records of classes.
extension WideTable {
    /// The word of a class's record, made if it is not there yet; `nil` when there is too little room.
    mutating func record(
        of key: ClassKey, _ memory: BlockMemory, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        if let known = records.value(of: key.bits, pool) { return known }
        guard let selectors = chain(of: key, memory, pool),
            let ranks = ranks(of: selectors, &room, in: pool)
        else { return nil }
        let singleCount = selectors.singleCount(but: ranks.isOfMany, pool)
        guard
            let record = room.allocate(
                byteCount: RecordLayout.byteCount(
                    elementCount: selectors.count, singleCount: singleCount), in: pool)
        else { return nil }
        pool.setWord(at: record + RecordLayout.ranks, UInt32(ranks.place))
        var end = addElements(selectors, toRecord: record, pool)
        for index in 0..<selectors.count
        where selectors.isSingle(index, but: ranks.isOfMany, pool) {
            addOneSidedSteps(
                of: selectors.selector(index, pool), selectors.isOfLocal, toRecord: record,
                end: &end, pool)
        }
        guard let word = onlyWord(ofRecord: record, to: end, &room, pool),
            records.insert(word, for: key.bits, &room, pool)
        else { return nil }
        return word
    }

    /// The word of the record made last, or of an older one with the same selectors, and then it is given back: of the
    /// classes of a fleet's addresses few differ in what a table's steps name.
    private mutating func onlyWord(
        ofRecord record: Int, to end: Int, _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> UInt32? {
        var hash: UInt64 = 0
        for place in stride(from: record, to: end, by: 8) {
            hash = (hash ^ pool.word64(at: place)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        let key = UInt32(truncatingIfNeeded: hash) | 1
        if let known = contents.value(of: key, pool) {
            // So that they may be equal.
            pool.setWord(at: record + RecordLayout.word, known)
            if isEqual(RangeMap.record(of: known), record, to: end, pool) {
                room.giveBack(from: record)
                return known
            }
        } else {
            // Of two records with one hash only the first is found again. What the chain has in vain is given back.
            room.giveBack(from: end)
            let word = RangeMap.word(ofRecord: record)
            pool.setWord(at: record + RecordLayout.word, word)
            return contents.insert(word, for: key, &room, pool) ? word : nil
        }
        room.giveBack(from: end)
        let word = RangeMap.word(ofRecord: record)
        pool.setWord(at: record + RecordLayout.word, word)
        return word
    }

    private func isEqual(_ other: Int, _ record: Int, to end: Int, _ pool: MergedMemory) -> Bool {
        for offset in stride(from: 0, to: end - record, by: 8)
        where pool.word64(at: other + offset) != pool.word64(at: record + offset) { return false }
        return true
    }

    /// Adds those of some selectors that have two-sided steps, and what is common to them; returns their end.
    private func addElements(
        _ selectors: FactualSelectors, toRecord record: Int, _ pool: MergedMemory
    ) -> Int {
        var end = record + RecordLayout.elements
        var filters: UInt64 = 0
        var bits: UInt64 = 0
        for index in 0..<selectors.count {
            let filter = pool.word64(at: selectors.facts(index, pool))
            guard filter != 0 else { continue }
            let selector = selectors.selector(index, pool)
            let hash =
                selectors.isOfLocal
                ? WideTable.hash(ofLocal: selector) : WideTable.hash(ofPeer: selector)
            pool.setWord64(at: end, filter)
            pool.setWord64(at: end + 8, UInt64(hash) << 32 | UInt64(selector))
            end += RecordLayout.elementByteCount
            filters |= filter
            bits |= 1 << UInt64(hash & 63)
        }
        let count = (end - record - RecordLayout.elements) / RecordLayout.elementByteCount
        RecordLayout.setElementCount(count, of: record, pool)
        pool.setWord64(at: record + RecordLayout.filters, filters)
        pool.setWord64(at: record + RecordLayout.bits, bits)
        return end
    }

    private func addOneSidedSteps(
        of selector: SelectorID, _ isOfLocal: Bool, toRecord record: Int, end: inout Int,
        _ pool: MergedMemory
    ) {
        for other in WideSelector.any...WideSelector.anyIPv4 {
            let steps =
                isOfLocal
                ? steps(ofPeer: other, local: selector, pool)
                : steps(ofPeer: selector, local: other, pool)
            for index in 0..<steps.count {
                RecordLayout.addSingle(steps.step(index, pool), to: record, end: &end, pool)
            }
        }
    }

    // MARK: Chains

    /// The selectors of a class of which something is known; `nil` when they are too many.
    private func chain(
        of key: ClassKey, _ memory: BlockMemory, _ pool: MergedMemory
    ) -> FactualSelectors? {
        var found = FactualSelectors(
            isOfLocal: key.isOfLocal, key.isOfLocal ? localFacts : peerFacts)
        // One-sided steps for all of both sides are those of peers.
        if !key.isOfLocal {
            found.append(key.ofFamily, pool)
            found.append(WideSelector.any, pool)
        }
        var addressClass = key.addressClass
        while !addressClass.isNone {
            for place in 0..<memory.memberCount(ofClass: addressClass) {
                guard found.count < WideTable.maximumChainLength else { return nil }
                found.append(memory.member(ofClass: addressClass, at: place), pool)
            }
            addressClass = memory.parent(ofClass: addressClass)
        }
        return found
    }
}

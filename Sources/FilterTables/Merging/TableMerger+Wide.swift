internal import CloudModel

extension TableMerger {
    /// The wide table; `nil` when there is too little room.
    func widened(
        default outcome: Outcome, _ trie: TrieEntry, ofSpace space: Int, _ merging: Merging,
        _ room: inout MergedRoom
    ) -> WideTable? {
        let nodeByteCount = min(1 << 20, 128 * stepCount)
        guard let outcomes = outcomes(default: outcome, &room),
            let ports = portClasses(&room),
            let peerFacts = facts(word: 0, of: 1, &room),
            let localFacts = facts(word: 1, of: 0, &room),
            let ranks = WordMap(&room, in: pool),
            let index = pairIndex(testOfStep: ports.testOfStep, &room),
            let records = WordMap(keyCount: 2 * stepCount, &room, in: pool),
            let contents = WordMap(keyCount: stepCount, &room, in: pool),
            let sourceMap = RangeMap(nodeByteCount: nodeByteCount, &room, in: pool),
            let destinationMap = RangeMap(nodeByteCount: nodeByteCount, &room, in: pool),
            let patterns = patterns(of: ports, &room),
            let candidates = CandidateTable(
                stepCount: stepCount,
                pairCount: stepCount > merging.manyCandidatesStepCount ? 4 : 2, patterns, &room,
                in: pool)
        else { return nil }
        return WideTable(
            stepCount: stepCount, outcomes: outcomes, ports: ports, slots: index.slots,
            slotShift: index.shift, peerFacts: peerFacts, localFacts: localFacts,
            ranks: ranks, ranksByteCount: merging.ranksByteCount, records: records,
            contents: contents,
            sourceMap: sourceMap, destinationMap: destinationMap, candidates: candidates,
            trie: trie, space: space)
    }

    /// No patterns yet of what tests packets pass.
    private func patterns(of ports: PortClasses, _ room: inout MergedRoom) -> PatternTable? {
        let testCount = 8 * ports.rows.byteCount
        guard let destinations = columns(of: ports.destinations, testCount, &room),
            let sources = columns(of: ports.sourceRows, testCount, &room)
        else { return nil }
        return PatternTable(
            destinations: (ports.destinations.count, destinations),
            sources: (ports.sourceRows.count, sources), &room, in: pool)
    }

    private func hash(ofWord word: Int, ofStep step: Int) -> UInt32 {
        let selector = self.word(word, ofStep: step)
        return word == 0
            ? WideTable.hash(ofPeer: selector) : WideTable.hash(ofLocal: selector)
    }

    /// The facts of the selectors of one side.
    private func facts(word: Int, of other: Int, _ room: inout MergedRoom) -> WordMap? {
        guard var places = WordMap(&room, in: pool),
            let facts = room.allocate(
                byteCount: SelectorFacts.byteCount * stepCount, in: pool)
        else { return nil }
        var end = facts
        for step in 0..<stepCount {
            let selector = self.word(word, ofStep: step)
            var place = places.value(of: selector + 1, pool).map(Int.init)
            if place == nil {
                place = end
                guard places.insert(UInt32(end), for: selector + 1, &room, pool) else { return nil }
                end += SelectorFacts.byteCount
            }
            guard let place else { continue }
            if SelectorFacts.isOfAll(self.word(other, ofStep: step)) {
                let count = pool.word(at: place + SelectorFacts.oneSidedCount)
                pool.setWord(at: place + SelectorFacts.oneSidedCount, count + 1)
            } else if !SelectorFacts.isOfAll(selector) {
                let bit = UInt64(1) << UInt64(hash(ofWord: other, ofStep: step) & 63)
                pool.setWord64(at: place, pool.word64(at: place) | bit)
            }
        }
        return places
    }

    // MARK: Pairs

    /// The index of pairs: where its slots are, and 32 less the bits of their numbers.
    private func pairIndex(
        testOfStep: Int, _ room: inout MergedRoom
    ) -> (slots: Int, shift: UInt32)? {
        for step in 0..<stepCount {
            let pair = UInt64(word(0, ofStep: step)) << 32 | UInt64(word(1, ofStep: step))
            pool.setEntry(step, from: scratch, SortEntry(first: pair, second: UInt64(step)))
        }
        pool.sortEntries(from: scratch, count: stepCount)
        var bits: UInt32 = 6
        while 1 << bits < 2 * stepCount { bits += 1 }
        guard
            let slots = room.allocate(byteCount: WideTable.slotByteCount << Int(bits), in: pool),
            let steps = room.allocate(byteCount: WideTable.stepByteCount * stepCount, in: pool)
        else { return nil }
        var first = 0
        while first < stepCount {
            let pair = pool.entry(first, from: scratch).first
            var end = first
            while end < stepCount, pool.entry(end, from: scratch).first == pair {
                let rank = Int(truncatingIfNeeded: pool.entry(end, from: scratch).second)
                let test = pool.half(at: testOfStep + 2 * rank)
                pool.setWord64(
                    at: steps + WideTable.stepByteCount * end, UInt64(test) << 32 | UInt64(rank))
                end += 1
            }
            guard end - first <= UInt16.max else { return nil }
            let place = steps + WideTable.stepByteCount * first
            enter(pair, stepsAt: place, count: end - first, to: slots, bits)
            first = end
        }
        return (slots, 32 - bits)
    }

    private func enter(
        _ pair: UInt64, stepsAt place: Int, count: Int, to slots: Int, _ bits: UInt32
    ) {
        let hash =
            WideTable.hash(ofPeer: UInt32(pair >> 32))
            ^ WideTable.hash(ofLocal: UInt32(truncatingIfNeeded: pair))
        var slot = Int(hash >> (32 - bits))
        while pool.word64(at: slots + WideTable.slotByteCount * slot + 8) != 0 {
            slot = (slot + 1) & (1 << Int(bits) - 1)
        }
        let only = pool.word64(at: place)
        pool.setWord64(at: slots + WideTable.slotByteCount * slot, pair)
        pool.setWord64(
            at: slots + WideTable.slotByteCount * slot + 8,
            UInt64(count) << 48 | (count == 1 ? only : UInt64(place)))
    }
}

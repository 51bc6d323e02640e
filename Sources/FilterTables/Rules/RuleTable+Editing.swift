internal import CloudModel

extension RuleTable {
    /// Gives away a reference to this table for one to a table with `step` too, which has a new stamp.
    ///
    /// - Complexity: O(1) in the number of pairs; see ``RuleBucket`` for steps with one pair. What
    ///   others hold too is copied: the header (up to 1 KiB), a page and a bucket.
    func inserting(
        _ step: RuleStep, for pair: SelectorPair, _ names: RuleNames, in arena: BlockArena
    ) -> RuleTable {
        let memory = arena.memory
        let hash = pair.hash
        var table = unshared(in: arena)
        if let (place, slot) = table.slot(of: pair, hash, in: arena) {
            PairPage.add(step, toSlot: slot, of: place.page(in: memory), names, in: arena)
        } else {
            table = table.addingPair(pair, hash, with: step, in: arena)
        }
        memory.setWord(
            table.block, RuleTable.stepCountWord, UInt32(table.stepCount(in: memory) + 1))
        table.countOpenStep(step, pair, 1, in: memory)
        return table
    }

    /// Gives away a reference to this table for one to a table without `step`, which has a new stamp.
    ///
    /// - Precondition: the step is there, with that pair.
    /// - Complexity: as ``inserting(_:for:_:in:)``; and O(pairs) for the last step of a pair in a table
    ///   of up to 1,024 pairs, to make its filter anew.
    func removing(
        _ step: RuleStep, for pair: SelectorPair, _ names: RuleNames, in arena: BlockArena
    ) -> RuleTable {
        let memory = arena.memory
        var table = unshared(in: arena)
        guard let (place, slot) = table.slot(of: pair, pair.hash, in: arena) else {
            preconditionFailure("a rule that is not in its table")
        }
        memory.setWord(
            table.block, RuleTable.stepCountWord, UInt32(table.stepCount(in: memory) - 1))
        table.countOpenStep(step, pair, -1, in: memory)
        let page = place.page(in: memory)
        if !PairPage.remove(step, fromSlot: slot, of: page, names, in: arena) {
            place.set(PairPage.removingSlot(at: slot, from: page, in: arena), in: memory)
            table = table.removedPair(pair, in: arena)
        }
        return table
    }

    /// Gives away a reference for one to a table that nobody else holds, with a new stamp.
    private func unshared(in arena: BlockArena) -> RuleTable {
        let pageCount = PairDirectory.pageCount(ofPairs: pairCount(in: arena.memory))
        let lineCount = RuleTable.lineCount(PairDirectory.wordCount(pageCount))
        let copy = arena.unshared(block, lineCount: lineCount)
        let table = RuleTable(copy)
        table.setNewStamp(in: arena)
        return table
    }

    /// Where a pair's page is written and where its slot begins, all in blocks that nobody else holds.
    private func slot(
        of pair: SelectorPair, _ hash: UInt64, in arena: BlockArena
    ) -> (PairDirectory.Place, slot: Int)? {
        let memory = arena.memory
        let pageCount = PairDirectory.pageCount(ofPairs: pairCount(in: memory))
        guard pageCount > 0 else { return nil }
        let index = PairDirectory.page(
            of: hash, pageCount, mask: PairDirectory.mask(pageCount))
        let page = PairDirectory.page(at: index, of: block, pageCount, in: memory)
        guard let slot = PairPage.slot(of: pair, hash: hash, in: page, memory) else { return nil }
        let place = PairDirectory.place(ofPage: index, of: block, pageCount, in: arena)
        let lineCount = PairPage.lineCount(Int(memory.word(page, 0)))
        place.set(arena.unshared(page, lineCount: lineCount), in: memory)
        return (place, slot)
    }

    // MARK: Pairs

    private func addingPair(
        _ pair: SelectorPair, _ hash: UInt64, with step: RuleStep, in arena: BlockArena
    ) -> RuleTable {
        let memory = arena.memory
        let pairCount = pairCount(in: memory)
        let pageCount = PairDirectory.pageCount(ofPairs: pairCount + 1)
        var header = block
        if pageCount > PairDirectory.pageCount(ofPairs: pairCount) {
            header = RuleTable.addingPage(to: header, pageCount, in: arena)
        }
        let index = PairDirectory.page(of: hash, pageCount, mask: PairDirectory.mask(pageCount))
        let place = PairDirectory.place(ofPage: index, of: header, pageCount, in: arena)
        place.set(
            PairPage.inserting(step, for: pair, into: place.page(in: memory), in: arena),
            in: memory)
        memory.setWord(header, RuleTable.pairCountWord, UInt32(pairCount + 1))
        let table = RuleTable(header)
        table.countPair(pair, 1, in: memory)
        table.addToFilter(pair, in: memory)
        return table
    }

    /// What is left to do when a pair's slot is gone.
    private func removedPair(_ pair: SelectorPair, in arena: BlockArena) -> RuleTable {
        let memory = arena.memory
        let pairCount = pairCount(in: memory) - 1
        countPair(pair, -1, in: memory)
        let pageCount = PairDirectory.pageCount(ofPairs: pairCount + 1)
        var header = block
        if PairDirectory.pageCount(ofPairs: pairCount) < pageCount {
            header = RuleTable.removingPage(from: header, pageCount, in: arena)
        }
        memory.setWord(header, RuleTable.pairCountWord, UInt32(pairCount))
        let table = RuleTable(header)
        table.removeFromFilter(in: memory)
        return table
    }

    /// Gives away a header for one with `pageCount` pages, one more.
    private static func addingPage(
        to header: BlockRef, _ pageCount: Int, in arena: BlockArena
    ) -> BlockRef {
        let header = PairDirectory.grown(header, from: pageCount - 1, in: arena)
        let last = PairDirectory.place(ofPage: pageCount - 1, of: header, pageCount, in: arena)
        guard pageCount > 1 else { return header }
        let origin = PairDirectory.origin(ofLastOf: pageCount)
        let place = PairDirectory.place(ofPage: origin.page, of: header, pageCount, in: arena)
        let pages = PairPage.split(place.page(in: arena.memory), by: origin.bit, in: arena)
        place.set(pages.without, in: arena.memory)
        last.set(pages.with, in: arena.memory)
        return header
    }

    /// Gives away a header with `pageCount` pages for one with one less.
    private static func removingPage(
        from header: BlockRef, _ pageCount: Int, in arena: BlockArena
    ) -> BlockRef {
        if pageCount > 1 {
            let origin = PairDirectory.origin(ofLastOf: pageCount)
            let last = PairDirectory.place(ofPage: pageCount - 1, of: header, pageCount, in: arena)
            let place = PairDirectory.place(ofPage: origin.page, of: header, pageCount, in: arena)
            let page = PairPage.merging(
                place.page(in: arena.memory), last.page(in: arena.memory), in: arena)
            last.set(.none, in: arena.memory)
            place.set(page, in: arena.memory)
        }
        return PairDirectory.shrunk(header, from: pageCount, in: arena)
    }

    // MARK: What the header says of all pairs

    /// The filter knows the peers of tables of up to so many pairs; larger ones hold most bits anyway.
    private static let filterLimit = 1024

    /// Counts a pair of some kind, and notes in the shape whether there are such pairs.
    private func countPair(_ pair: SelectorPair, _ change: Int, in memory: BlockMemory) {
        let peer = min(pair.peer, WideSelector.firstNamed)
        let local = min(pair.local, WideSelector.firstNamed)
        var exists = change > 0
        if peer == WideSelector.firstNamed || local == WideSelector.firstNamed {
            let place = peer == WideSelector.firstNamed ? 3 + local : peer
            let word = RuleTable.kindCountWord + Int(place)
            let count = Int(memory.word(block, word)) + change
            memory.setWord(block, word, UInt32(count))
            exists = count > 0
        }
        let bit: UInt32 = 1 << (4 * peer + local)
        let shape = memory.word(block, RuleTable.shapeWord)
        memory.setWord(block, RuleTable.shapeWord, exists ? shape | bit : shape & ~bit)
    }

    private func addToFilter(_ pair: SelectorPair, in memory: BlockMemory) {
        let pairCount = pairCount(in: memory)
        if pairCount > RuleTable.filterLimit {
            guard pairCount == RuleTable.filterLimit + 1 else { return }
            memory.fillWords(block, from: RuleTable.filterWord, count: 8, with: .max)
        } else {
            addToFilter(pair.peer, in: memory)
        }
    }

    private func addToFilter(_ peer: SelectorID, in memory: BlockMemory) {
        guard peer >= WideSelector.firstNamed else { return }
        let word = RuleTable.filterWord + Int(peer >> 5 & 7)
        memory.setWord(block, word, memory.word(block, word) | 1 << (peer & 31))
    }

    private func removeFromFilter(in memory: BlockMemory) {
        let pairCount = pairCount(in: memory)
        guard pairCount <= RuleTable.filterLimit else { return }
        memory.fillWords(block, from: RuleTable.filterWord, count: 8)
        let pageCount = PairDirectory.pageCount(ofPairs: pairCount)
        for index in 0..<pageCount {
            let page = PairDirectory.page(at: index, of: block, pageCount, in: memory)
            let slotCount = Int(memory.word(page, 0))
            for place in 0..<slotCount {
                let slot = PairPage.slotWord(place, of: slotCount)
                addToFilter(PairPage.pair(page, at: slot, in: memory).peer, in: memory)
            }
        }
    }

    /// Counts a custom rule for every peer of a family and every port of TCP or UDP.
    private func countOpenStep(
        _ step: RuleStep, _ pair: SelectorPair, _ change: Int, in memory: BlockMemory
    ) {
        guard pair.local == WideSelector.any, step.rule != RuleStep.noRule,
            pair.peer == WideSelector.anyIPv4 || pair.peer == WideSelector.anyIPv6
        else { return }
        for (place, ipProtocol) in [IPProtocol.tcp, .udp].enumerated()
        where step.test.admitsEveryPort(of: ipProtocol) {
            let family = pair.peer == WideSelector.anyIPv6 ? 2 : 0
            let word = RuleTable.openCountWord + family + place
            memory.setWord(block, word, UInt32(Int(memory.word(block, word)) + change))
        }
    }
}

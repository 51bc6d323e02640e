extension PairPage {
    /// Gives away a page, or no page, for one with a slot for `pair` and its only step.
    ///
    /// - Precondition: the page has no slot for the pair.
    /// - Complexity: O(slots).
    static func inserting(
        _ step: RuleStep, for pair: SelectorPair, into page: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        guard !page.isNone else {
            let page = empty(slotCount: 1, in: arena)
            write(pair, step, at: 0, of: page, in: memory)
            return page
        }
        let count = Int(memory.word(page, 0))
        var place = count
        while place > 0,
            pair < self.pair(page, at: slotWord(place - 1, of: count), in: memory)
        {
            place -= 1
        }
        let page = arena.unshared(page, lineCount: lineCount(count + 1))
        moveSlots(of: page, from: place..<count, in: count, to: place + 1, in: count + 1, memory)
        moveSlots(of: page, from: 0..<place, in: count, to: 0, in: count + 1, memory)
        memory.setWord(page, 0, UInt32(count + 1))
        write(pair, step, at: place, of: page, in: memory)
        return page
    }

    /// Gives away a page for one without the slot at word `slot`; for no page when it was the only one.
    ///
    /// The slot's bucket must be taken away before.
    static func removingSlot(at slot: Int, from page: BlockRef, in arena: BlockArena) -> BlockRef {
        let memory = arena.memory
        let count = Int(memory.word(page, 0))
        let place = (slot - slotWord(0, of: count)) / slotWordCount
        guard count > 1 else {
            arena.release(page)
            return .none
        }
        let page = arena.unshared(page, lineCount: lineCount(count))
        moveSlots(of: page, from: 0..<place, in: count, to: 0, in: count - 1, memory)
        moveSlots(of: page, from: place + 1..<count, in: count, to: place, in: count - 1, memory)
        memory.setWord(page, 0, UInt32(count - 1))
        writeFingerprints(of: page, from: place, in: memory)
        return arena.unshared(page, lineCount: lineCount(count - 1))
    }

    /// Gives away a page for two: of the pairs whose hash has not `bit`, and of those that have it.
    static func split(
        _ page: BlockRef, by bit: UInt64, in arena: BlockArena
    ) -> (without: BlockRef, with: BlockRef) {
        guard !page.isNone else { return (.none, .none) }
        let memory = arena.memory
        let count = Int(memory.word(page, 0))
        var movedCount = 0
        for place in 0..<count where hash(page, place, of: count, memory) & bit != 0 {
            movedCount += 1
        }
        let with = empty(slotCount: movedCount, in: arena)
        let without = empty(slotCount: count - movedCount, in: arena)
        var (placeWith, placeWithout) = (0, 0)
        for place in 0..<count {
            if hash(page, place, of: count, memory) & bit != 0 {
                copySlot(place, of: page, to: placeWith, of: with, memory)
                placeWith += 1
            } else {
                copySlot(place, of: page, to: placeWithout, of: without, memory)
                placeWithout += 1
            }
        }
        arena.releaseCopied(page)
        writeFingerprints(of: with, from: 0, in: memory)
        writeFingerprints(of: without, from: 0, in: memory)
        return (without, with)
    }

    /// Gives away two pages for one with the slots of both.
    static func merging(_ page: BlockRef, _ other: BlockRef, in arena: BlockArena) -> BlockRef {
        if page.isNone { return other }
        if other.isNone { return page }
        let memory = arena.memory
        let counts = (Int(memory.word(page, 0)), Int(memory.word(other, 0)))
        let merged = empty(slotCount: counts.0 + counts.1, in: arena)
        var (place, otherPlace) = (0, 0)
        for target in 0..<counts.0 + counts.1 {
            let takesOther =
                place == counts.0
                || otherPlace < counts.1
                    && pair(other, at: slotWord(otherPlace, of: counts.1), in: memory)
                        < pair(page, at: slotWord(place, of: counts.0), in: memory)
            if takesOther {
                copySlot(otherPlace, of: other, to: target, of: merged, memory)
                otherPlace += 1
            } else {
                copySlot(place, of: page, to: target, of: merged, memory)
                place += 1
            }
        }
        arena.releaseCopied(page)
        arena.releaseCopied(other)
        writeFingerprints(of: merged, from: 0, in: memory)
        return merged
    }

    // MARK: The steps of a slot

    /// Adds a step to the slot at word `slot` of a page that nobody else holds.
    static func add(
        _ step: RuleStep, toSlot slot: Int, of page: BlockRef, _ names: RuleNames,
        in arena: BlockArena
    ) {
        let known = arena.memory.step(page, at: slot + 2)
        let bucket =
            known.test.flags & isBucket != 0
            ? RuleBucket.inserting(step, into: BlockRef(line: known.rule), names, in: arena)
            : RuleBucket.make(known, step, names, in: arena)
        setBucket(bucket, atSlot: slot, of: page, in: arena)
    }

    /// Takes a step from the slot at word `slot` of a page that nobody else holds, and says whether
    /// others are left. The last one stays where it is.
    ///
    /// - Precondition: the step is there.
    static func remove(
        _ step: RuleStep, fromSlot slot: Int, of page: BlockRef, _ names: RuleNames,
        in arena: BlockArena
    ) -> Bool {
        let known = arena.memory.step(page, at: slot + 2)
        guard known.test.flags & isBucket != 0 else {
            precondition(known == step, "a rule that is not in its table")
            return false
        }
        let bucket = RuleBucket.removing(
            step, from: BlockRef(line: known.rule), names, in: arena)
        if RuleBucket.stepCount(of: bucket, in: arena) == 1 {
            let last = RuleBucket.firstStep(of: bucket, in: arena)
            arena.memory.setStep(page, at: slot + 2, last)
            arena.release(bucket)
        } else {
            setBucket(bucket, atSlot: slot, of: page, in: arena)
        }
        return true
    }

    private static func setBucket(
        _ bucket: BlockRef, atSlot slot: Int, of page: BlockRef, in arena: BlockArena
    ) {
        let order = RuleBucket.firstStep(of: bucket, in: arena).order
        let flags = RuleBucket.isPaged(bucket, in: arena) ? isBucket | isPaged : isBucket
        let mark = RuleTest(flags: flags, destination: 0, source: 0)
        arena.memory.setStep(
            page, at: slot + 2, RuleStep(order: order, rule: bucket.line, markedTest: mark))
    }

    // MARK: Slots

    private static func empty(slotCount: Int, in arena: BlockArena) -> BlockRef {
        guard slotCount > 0 else { return .none }
        let page = arena.allocate(.pairPage, lineCount: lineCount(slotCount))
        arena.memory.setWord(page, 0, UInt32(slotCount))
        return page
    }

    /// Writes a slot, and the hashes of those behind it.
    private static func write(
        _ pair: SelectorPair, _ step: RuleStep, at place: Int, of page: BlockRef,
        in memory: BlockMemory
    ) {
        let slot = slotWord(place, of: Int(memory.word(page, 0)))
        memory.setWord(page, slot, pair.peer)
        memory.setWord(page, slot + 1, pair.local)
        memory.setStep(page, at: slot + 2, step)
        writeFingerprints(of: page, from: place, in: memory)
    }

    private static func hash(
        _ page: BlockRef, _ place: Int, of count: Int, _ memory: BlockMemory
    ) -> UInt64 {
        pair(page, at: slotWord(place, of: count), in: memory).hash
    }

    /// Moves slots inside a page whose number of slots, on which their places depend, changes.
    private static func moveSlots(
        of page: BlockRef, from slots: Range<Int>, in count: Int, to place: Int, in newCount: Int,
        _ memory: BlockMemory
    ) {
        memory.copyWords(
            slots.count * slotWordCount, of: page, from: slotWord(slots.lowerBound, of: count),
            to: page, at: slotWord(place, of: newCount))
    }

    private static func copySlot(
        _ place: Int, of page: BlockRef, to newPlace: Int, of target: BlockRef,
        _ memory: BlockMemory
    ) {
        memory.copyWords(
            slotWordCount, of: page, from: slotWord(place, of: Int(memory.word(page, 0))),
            to: target, at: slotWord(newPlace, of: Int(memory.word(target, 0))))
    }
}

extension RuleBucket {
    /// A bucket of two steps.
    static func make(
        _ step: RuleStep, _ other: RuleStep, _ names: RuleNames, in arena: BlockArena
    ) -> BlockRef {
        let isFirst = step.precedes(other, names, in: arena.memory)
        let leaf = arena.allocate(.bucket, lineCount: leafLineCount(2))
        arena.memory.setWord(leaf, 0, 2)
        arena.memory.setStep(leaf, at: stepWord(0), isFirst ? step : other)
        arena.memory.setStep(leaf, at: stepWord(1), isFirst ? other : step)
        return leaf
    }

    /// Gives away a bucket for one with `step` too.
    static func inserting(
        _ step: RuleStep, into bucket: BlockRef, _ names: RuleNames, in arena: BlockArena
    ) -> BlockRef {
        if isPaged(bucket, in: arena) {
            return insertingIntoPage(step, of: bucket, names, in: arena)
        }
        let place = self.place(for: step, inLeaf: bucket, names, in: arena.memory)
        let leaf = insertingIntoLeaf(step, at: place, of: bucket, in: arena)
        return arena.memory.word(leaf, 0) > leafCapacity ? paged(leaf, in: arena) : leaf
    }

    /// Gives away a bucket for one without `step`: one of a single step may remain.
    ///
    /// - Precondition: the step is there.
    static func removing(
        _ step: RuleStep, from bucket: BlockRef, _ names: RuleNames, in arena: BlockArena
    ) -> BlockRef {
        guard isPaged(bucket, in: arena) else {
            let place = self.place(for: step, inLeaf: bucket, names, in: arena.memory) - 1
            return removing(step, at: place, fromLeaf: bucket, in: arena)
        }
        let index = removingFromPage(step, of: bucket, names, in: arena)
        return arena.memory.word(index, 1) > leafCapacity ? index : joined(index, in: arena)
    }

    // MARK: Leaves

    /// How many steps of a leaf are `step` or before it.
    ///
    /// - Complexity: O(log steps).
    static func place(
        for step: RuleStep, inLeaf leaf: BlockRef, _ names: RuleNames, in memory: BlockMemory
    ) -> Int {
        var low = 0
        var high = Int(memory.word(leaf, 0))
        while low < high {
            let middle = (low + high) / 2
            if step.precedes(memory.step(leaf, at: stepWord(middle)), names, in: memory) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    /// Gives away a leaf for one with `step` at `place`, however many steps it has then.
    static func insertingIntoLeaf(
        _ step: RuleStep, at place: Int, of leaf: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let count = Int(arena.memory.word(leaf, 0))
        let leaf = arena.unshared(leaf, lineCount: leafLineCount(count + 1))
        arena.memory.copyWords(
            (count - place) * RuleStep.wordCount, of: leaf, from: stepWord(place), to: leaf,
            at: stepWord(place + 1))
        arena.memory.setStep(leaf, at: stepWord(place), step)
        arena.memory.setWord(leaf, 0, UInt32(count + 1))
        return leaf
    }

    /// Gives away a leaf for one without the step at `place`, which is `step`.
    static func removing(
        _ step: RuleStep, at place: Int, fromLeaf leaf: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let count = Int(arena.memory.word(leaf, 0))
        precondition(
            place >= 0 && arena.memory.step(leaf, at: stepWord(place)) == step,
            "a rule that is not in its table")
        let unshared = arena.unshared(leaf, lineCount: leafLineCount(count))
        arena.memory.copyWords(
            (count - place - 1) * RuleStep.wordCount, of: unshared, from: stepWord(place + 1),
            to: unshared, at: stepWord(place))
        arena.memory.setWord(unshared, 0, UInt32(count - 1))
        return arena.unshared(unshared, lineCount: leafLineCount(max(1, count - 1)))
    }

    /// A new leaf with a stretch of the steps of another.
    static func leaf(
        of steps: Range<Int>, from leaf: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let part = arena.allocate(.bucket, lineCount: leafLineCount(steps.count))
        arena.memory.setWord(part, 0, UInt32(steps.count))
        arena.memory.copyWords(
            steps.count * RuleStep.wordCount, of: leaf, from: stepWord(steps.lowerBound), to: part,
            at: firstStep)
        return part
    }
}

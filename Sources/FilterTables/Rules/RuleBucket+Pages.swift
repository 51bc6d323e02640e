/// Buckets of more than ``RuleBucket/leafCapacity`` steps.
extension RuleBucket {
    /// Gives away a leaf for an index of pages with its steps.
    static func paged(_ leaf: BlockRef, in arena: BlockArena) -> BlockRef {
        let memory = arena.memory
        let count = Int(memory.word(leaf, 0))
        var starts = (1..<count).filter { beginsPage(memory.step(leaf, at: stepWord($0))) }
        starts = [0] + starts + [count]
        let pageCount = starts.count - 1
        let index = arena.allocate(.bucketIndex, lineCount: indexLineCount(pageCount))
        memory.setWord(index, 0, UInt32(pageCount))
        memory.setWord(index, 1, UInt32(count))
        for page in 0..<pageCount {
            setPage(
                page, of: index,
                RuleBucket.leaf(of: starts[page]..<starts[page + 1], from: leaf, in: arena),
                in: memory)
        }
        arena.release(leaf)
        return index
    }

    /// Gives away an index of pages for a leaf with their steps.
    static func joined(_ index: BlockRef, in arena: BlockArena) -> BlockRef {
        let memory = arena.memory
        let count = Int(memory.word(index, 1))
        let leaf = arena.allocate(.bucket, lineCount: leafLineCount(count))
        memory.setWord(leaf, 0, UInt32(count))
        var place = 0
        forEachPage(of: index, in: memory) { page in
            let stepCount = Int(memory.word(page, 0))
            memory.copyWords(
                stepCount * RuleStep.wordCount, of: page, from: firstStep, to: leaf,
                at: stepWord(place))
            place += stepCount
        }
        arena.release(index)
        return leaf
    }

    /// Gives away a bucket's index for that of a bucket with `step` too.
    static func insertingIntoPage(
        _ step: RuleStep, of index: BlockRef, _ names: RuleNames, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let following = pageCount(before: step, in: index, names, memory)
        let number = max(0, following - 1)
        let page = self.page(number, of: index, in: memory)
        let place = self.place(for: step, inLeaf: page, names, in: memory)
        let splits: Bool =
            place == 0 ? beginsPage(memory.step(page, at: firstStep)) : beginsPage(step)
        let index = unshared(index, in: arena)
        memory.setWord(index, 1, memory.word(index, 1) + 1)
        guard splits else {
            let grown = insertingIntoLeaf(step, at: place, of: page, in: arena)
            setPage(number, of: index, grown, in: memory)
            return index
        }
        // What comes before the step, or the step itself before all others, stays a page of its own.
        let count = Int(memory.word(page, 0))
        let rest = leaf(of: place..<count, from: page, in: arena)
        let head = leaf(of: 0..<place, from: page, in: arena)
        arena.release(page)
        let parts =
            place == 0
            ? (insertingIntoLeaf(step, at: 0, of: head, in: arena), rest)
            : (head, insertingIntoLeaf(step, at: 0, of: rest, in: arena))
        let grown = insertingPage(at: number, of: index, in: arena)
        setPage(number, of: grown, parts.0, in: memory)
        setPage(number + 1, of: grown, parts.1, in: memory)
        return grown
    }

    /// Gives away a bucket's index for that of a bucket without `step`.
    static func removingFromPage(
        _ step: RuleStep, of index: BlockRef, _ names: RuleNames, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let number = pageCount(before: step, in: index, names, memory) - 1
        precondition(number >= 0, "a rule that is not in its table")
        let page = self.page(number, of: index, in: memory)
        let place = self.place(for: step, inLeaf: page, names, in: memory) - 1
        let index = unshared(index, in: arena)
        memory.setWord(index, 1, memory.word(index, 1) - 1)
        let rest = removing(step, at: place, fromLeaf: page, in: arena)
        setPage(number, of: index, rest, in: memory)
        if memory.word(rest, 0) == 0 {
            arena.release(rest)
            return removingPage(number, from: index, in: arena)
        }
        // The first step was what kept the page apart from the page before.
        guard place == 0, number > 0 else { return index }
        let before = appending(rest, to: self.page(number - 1, of: index, in: memory), in: arena)
        setPage(number - 1, of: index, before, in: memory)
        return removingPage(number, from: index, in: arena)
    }

    // MARK: Pages

    /// How many pages begin with `step` or a step before it.
    ///
    /// - Complexity: O(log pages).
    private static func pageCount(
        before step: RuleStep, in index: BlockRef, _ names: RuleNames, _ memory: BlockMemory
    ) -> Int {
        var low = 0
        var high = Int(memory.word(index, 0))
        while low < high {
            let middle = (low + high) / 2
            let page = page(middle, of: index, in: memory)
            if step.precedes(memory.step(page, at: firstStep), names, in: memory) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    private static func unshared(_ index: BlockRef, in arena: BlockArena) -> BlockRef {
        arena.unshared(index, lineCount: indexLineCount(Int(arena.memory.word(index, 0))))
    }

    /// Writes a page that has steps, or is about to go.
    private static func setPage(
        _ place: Int, of index: BlockRef, _ page: BlockRef, in memory: BlockMemory
    ) {
        memory.setWord(index, pageWord(place), page.line)
        memory.setWord(index, pageWord(place) + 1, 0)
        let order = memory.stepOrder(page, at: firstStep)
        memory.setWord64(index, pageWord(place) / 2 + 1, order.rawValue)
    }

    /// Gives away an index for one with room for a page at `place`.
    private static func insertingPage(
        at place: Int, of index: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let count = Int(memory.word(index, 0))
        let index = arena.unshared(index, lineCount: indexLineCount(count + 1))
        memory.copyWords(
            (count - place) * pageWordCount, of: index, from: pageWord(place), to: index,
            at: pageWord(place + 1))
        memory.setWord(index, 0, UInt32(count + 1))
        return index
    }

    /// Gives away an index, which nobody else holds, for one without the page at `place`.
    private static func removingPage(
        _ place: Int, from index: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let count = Int(memory.word(index, 0))
        memory.copyWords(
            (count - place - 1) * pageWordCount, of: index, from: pageWord(place + 1), to: index,
            at: pageWord(place))
        memory.setWord(index, 0, UInt32(count - 1))
        return arena.unshared(index, lineCount: indexLineCount(count - 1))
    }

    /// Gives away two leaves for one with the steps of both.
    private static func appending(
        _ tail: BlockRef, to leaf: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let counts = (Int(memory.word(leaf, 0)), Int(memory.word(tail, 0)))
        let joined = arena.unshared(leaf, lineCount: leafLineCount(counts.0 + counts.1))
        memory.copyWords(
            counts.1 * RuleStep.wordCount, of: tail, from: firstStep, to: joined,
            at: stepWord(counts.0))
        memory.setWord(joined, 0, UInt32(counts.0 + counts.1))
        arena.release(tail)
        return joined
    }
}

extension TableSearch {
    /// Tries the step or the bucket of a slot.
    @inline(__always)
    mutating func trySlot(_ slot: Int, of page: BlockRef) {
        guard memory.stepOrder(page, at: slot &+ 2) <= best.order else { return }
        let flags = memory.word(page, slot &+ 5)
        if flags & PairPage.isBucket == 0 {
            if admits(page, at: slot &+ 2) { take(page, at: slot &+ 2) }
        } else {
            let bucket = BlockRef(line: memory.word(page, slot &+ 4))
            flags & PairPage.isPaged == 0 ? tryLeaf(bucket) : tryPages(bucket)
        }
    }

    private mutating func tryPages(_ bucket: BlockRef) {
        for place in 0..<Int(memory.word(bucket, 0)) {
            guard RuleBucket.firstOrder(ofPage: place, of: bucket, in: memory) <= best.order else {
                return
            }
            tryLeaf(RuleBucket.page(place, of: bucket, in: memory))
        }
    }

    @inline(__always)
    private mutating func tryLeaf(_ leaf: BlockRef) {
        let end = RuleBucket.stepWord(Int(memory.word(leaf, 0)))
        var place = RuleBucket.firstStep
        while place < end {
            if admits(leaf, at: place) { return take(leaf, at: place) }
            place &+= RuleStep.wordCount
        }
    }

    /// Whether the step at word `place` of a block admits the packet's protocol and ports.
    @inline(__always)
    private func admits(_ block: BlockRef, at place: Int) -> Bool {
        let flags = memory.word(block, place &+ 3)
        let destination = memory.word(block, place &+ 4)
        let source = memory.word(block, place &+ 5)
        // 1 where a field is in range; an unknown port is in none.
        let ofProtocol = isIn(packet.ipProtocol, flags & 0xFF, flags >> 8 & 0xFF)
        let ofDestination = isIn(packet.destination, destination & 0xFFFF, destination >> 16)
        let ofSource = isIn(packet.source, source & 0xFFFF, source >> 16)
        let anyDestination = flags & RuleTest.anyDestination != 0
        let anySource = flags & RuleTest.anySource != 0
        return ofProtocol && (ofDestination || anyDestination) && (ofSource || anySource)
    }

    @inline(__always)
    private func isIn(_ value: UInt32, _ lower: UInt32, _ upper: UInt32) -> Bool {
        value &- lower <= upper &- lower
    }

    /// Makes the step at word `place` of a block the best, if it is tried before the best so far.
    @inline(__always)
    private mutating func take(_ block: BlockRef, at place: Int) {
        let order = memory.stepOrder(block, at: place)
        let rule = memory.word(block, place &+ 2)
        guard
            order < best.order || isTie(order, rule) && names.precedes(rule, best.rule, in: memory)
        else { return }
        best = Match(
            order: order, rule: rule,
            code: RuleTest.outcomeCode(of: memory.word(block, place &+ 3)))
    }

    @inline(__always)
    private func isTie(_ order: RuleOrder, _ rule: UInt32) -> Bool {
        order == best.order && rule != best.rule && rule != RuleStep.noRule
            && best.rule != RuleStep.noRule
    }
}

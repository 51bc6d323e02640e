extension RuleTable {
    /// Calls `body` with each step of the table and its pair; those of a pair come in decision order.
    ///
    /// - Complexity: O(pairs + steps). Allocates nothing.
    func forEachStep(in memory: BlockMemory, _ body: (SelectorPair, RuleStep) -> Void) {
        let pageCount = PairDirectory.pageCount(ofPairs: pairCount(in: memory))
        for place in 0..<pageCount {
            let page = PairDirectory.page(at: place, of: block, pageCount, in: memory)
            let slotCount = Int(memory.word(page, 0))
            for slot in 0..<slotCount {
                RuleTable.forEachStep(
                    ofSlot: PairPage.slotWord(slot, of: slotCount), in: page, memory, body)
            }
        }
    }

    private static func forEachStep(
        ofSlot slot: Int, in page: BlockRef, _ memory: BlockMemory,
        _ body: (SelectorPair, RuleStep) -> Void
    ) {
        let pair = PairPage.pair(page, at: slot, in: memory)
        let flags = memory.word(page, slot + 5)
        guard flags & PairPage.isBucket != 0 else {
            return body(pair, memory.step(page, at: slot + 2))
        }
        let bucket = BlockRef(line: memory.word(page, slot + 4))
        guard flags & PairPage.isPaged != 0 else {
            return forEachStep(ofLeaf: bucket, memory) { body(pair, $0) }
        }
        RuleBucket.forEachPage(of: bucket, in: memory) { leaf in
            forEachStep(ofLeaf: leaf, memory) { body(pair, $0) }
        }
    }

    private static func forEachStep(
        ofLeaf leaf: BlockRef, _ memory: BlockMemory, _ body: (RuleStep) -> Void
    ) {
        for place in 0..<Int(memory.word(leaf, 0)) {
            body(memory.step(leaf, at: RuleBucket.stepWord(place)))
        }
    }
}

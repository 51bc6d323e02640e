extension BlockArena {
    /// Gives away a reference to `block` for one to a block with the same words that nobody else holds
    /// and that has as many lines as a block of `lineCount` has: `block` itself if it is one, else a
    /// copy. Both share what they refer to.
    ///
    /// - Complexity: O(words and references of the block).
    func unshared(_ block: BlockRef, lineCount needed: Int) -> BlockRef {
        let lineCount = lineCount(of: block)
        let newLineCount = BlockSize(holding: needed).lineCount
        if isUnique(block), lineCount == newLineCount { return block }
        let copy = allocate(kind(of: block), lineCount: newLineCount)
        memory.copyWords(min(lineCount, newLineCount) * 16, of: block, to: copy)
        releaseCopied(block)
        return copy
    }

    /// Drops a reference to a block whose references have been copied to another.
    func releaseCopied(_ block: BlockRef) {
        if isUnique(block) {
            discard(block)
        } else {
            retainChildren(of: block)
            release(block)
        }
    }

    /// Adds a reference to each block that a block of a rule table refers to.
    func retainChildren(of block: BlockRef) {
        switch kind(of: block) {
        case .ruleTable: RuleTable.forEachChild(of: block, in: memory) { retain($0) }
        case .pairPage: PairPage.forEachChild(of: block, in: memory) { retain($0) }
        case .pairDirectory: PairDirectory.forEachChild(of: block, in: memory) { retain($0) }
        case .bucketIndex: RuleBucket.forEachPage(of: block, in: memory) { retain($0) }
        case .bucket: break
        default: preconditionFailure("not a block of a rule table")
        }
    }
}

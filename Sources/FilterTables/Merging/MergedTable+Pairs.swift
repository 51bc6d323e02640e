extension MergedTable {
    /// Finds the row of answers of a pair of classes, or makes it: for each class of ports the step that decides.
    /// Whether there was room.
    ///
    /// - Complexity: O(steps / 64), expected; if no pair has had the same steps before, that and
    ///   O(steps of the pair · classes of ports / 64 + classes of ports).
    mutating func makePair(
        peer: UInt32, local: UInt32, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        let knownCount = commons.count
        guard let steps = commons.makeRow(&room, in: pool) else { return false }
        pool.intersect(
            peers.place(of: Int(peer), pool), locals.place(of: Int(local), pool), to: steps,
            byteCount: commons.byteCount)
        guard let number = commons.number(of: steps, &room, in: pool) else { return false }
        if number == knownCount {
            guard let answer = answers(ofSteps: steps, &room, in: pool),
                answersOfCommons.append(UInt32(answer), &room, in: pool)
            else { return false }
        }
        pool.setWord(
            at: pairs.place(ofPeer: peer, local: local), answersOfCommons.word(at: number, pool))
        return true
    }

    /// The place of the row of answers of some steps; `nil` when there is too little room.
    private mutating func answers(
        ofSteps steps: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Int? {
        let byteCount = ports.columnByteCount
        guard let answer = answers.makeRow(&room, in: pool),
            let open = room.allocateScratch(byteCount: byteCount)
        else { return nil }
        for word in 0..<byteCount / 8 {
            let classCount = min(64, ports.count - 64 * word)
            pool.setWord64(at: open + 8 * word, .max >> UInt64(64 - classCount))
        }
        settle(open: open, bySteps: steps, to: answer, pool)
        room.releaseScratch()
        // What is edited is not shared.
        if goneSteps != 0 { return answer }
        guard let number = answers.number(of: answer, &room, in: pool) else { return nil }
        return answers.place(of: number, pool)
    }

    /// Has the first of some steps that each open class of ports passes decide it, or the default.
    func settle(open: Int, bySteps steps: Int, to answer: Int, _ pool: MergedMemory) {
        decide(openClasses: open, bySteps: steps, to: answer, pool)
        settle(open: open, of: open, by: stepCount, to: answer, pool)
        for step in stepCount + 1..<stepCount + 1 + addedCount {
            let place = (step >> 6) << 3
            let here = pool.word64(at: steps + place) & ~pool.word64(at: goneSteps + place)
            if here >> UInt64(step & 63) & 1 != 0 { settle(by: step, to: answer, pool) }
        }
    }

    /// Has a step decide what it lets pass and later ones have decided.
    func settle(by step: Int, to answer: Int, _ pool: MergedMemory) {
        let order = pool.word64(at: orders + 8 * step)
        let column =
            ports.columns
            + Int(pool.half(at: ports.testOfStep + 2 * step)) * ports.columnByteCount
        for word in 0..<ports.columnByteCount / 8 {
            for bit in BitIndices(bits: pool.word64(at: column + 8 * word)) {
                let place = answer + 2 * (64 * word + bit)
                if order < pool.word64(at: orders + 8 * Int(pool.half(at: place))) {
                    pool.setHalf(at: place, UInt16(step))
                }
            }
        }
    }

    /// Goes through some steps, in decision order, until no class of ports is open.
    private func decide(
        openClasses open: Int, bySteps row: Int, to answer: Int, _ pool: MergedMemory
    ) {
        for word in 0..<commons.byteCount / 8 {
            var steps = pool.word64(at: row + 8 * word)
            if goneSteps != 0 { steps &= ~pool.word64(at: goneSteps + 8 * word) }
            while steps != 0 {
                let step = 64 * word + steps.trailingZeroBitCount
                // Steps that were added stand behind all others, and come when they do.
                if step >= stepCount { return }
                let column =
                    ports.columns
                    + Int(pool.half(at: ports.testOfStep + 2 * step)) * ports.columnByteCount
                if settle(open: open, of: column, by: step, to: answer, pool) { return }
                steps &= steps - 1
            }
        }
    }

    /// Has a step decide the open classes of ports that a row has; whether none is open any more.
    @discardableResult
    private func settle(
        open: Int, of row: Int, by step: Int, to answer: Int, _ pool: MergedMemory
    ) -> Bool {
        var left: UInt64 = 0
        for word in 0..<ports.columnByteCount / 8 {
            let before = pool.word64(at: open + 8 * word)
            var settled = before & pool.word64(at: row + 8 * word)
            pool.setWord64(at: open + 8 * word, before & ~settled)
            left |= before & ~settled
            while settled != 0 {
                let number = 64 * word + settled.trailingZeroBitCount
                pool.setHalf(at: answer + 2 * number, UInt16(step))
                settled &= settled - 1
            }
        }
        return left == 0
    }
}

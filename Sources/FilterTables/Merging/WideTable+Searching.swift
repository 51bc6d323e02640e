/// Decides packets whose pairs of classes have no candidates, by their rows of ranks and the pairs of their elements.
extension WideTable {
    /// Has the first lanes know the least rank of the steps that their packets pass.
    func search(laneCount: Int, _ pool: MergedMemory) {
        for index in 0..<laneCount {
            let lane = WideTable.lane(index)
            let number = ports.number(ofSum: Int(pool.word(at: lane &+ 12)), pool)
            let peer = RangeMap.record(of: pool.word(at: lane))
            let local = RangeMap.record(of: pool.word(at: lane &+ 4))
            pool.touch(Int(pool.word(at: peer &+ RecordLayout.ranks)) &+ number &<< 2)
            pool.touch(Int(pool.word(at: local &+ RecordLayout.ranks)) &+ number &<< 2)
            let row = ports.rows.place(of: number, pool)
            pool.setWord(at: lane &+ 12, UInt32(truncatingIfNeeded: row))
            pool.setWord64(at: lane &+ 24, UInt64(truncatingIfNeeded: number))
        }
        var pairCount = 0
        for index in 0..<laneCount {
            let lane = WideTable.lane(index)
            let peer = RangeMap.record(of: pool.word(at: lane))
            let local = RangeMap.record(of: pool.word(at: lane &+ 4))
            tryOneSidedSteps(ofLane: lane, peer, local, pool)
            let isLeft =
                pool.word64(at: peer &+ RecordLayout.filters)
                & pool.word64(at: local &+ RecordLayout.bits) != 0
                && pool.word64(at: local &+ RecordLayout.filters)
                    & pool.word64(at: peer &+ RecordLayout.bits) != 0
            if isLeft { addPairs(ofLane: lane, peer, local, &pairCount, pool) }
        }
        tryPairs(pairCount, pool)
    }

    @inline(__always)
    private func tryOneSidedSteps(
        ofLane lane: Int, _ peer: Int, _ local: Int, _ pool: MergedMemory
    ) {
        let number = Int(pool.word64(at: lane &+ 24)) &<< 2
        let row = Int(pool.word(at: lane &+ 12))
        var best = min(
            pool.word(at: Int(pool.word(at: peer &+ RecordLayout.ranks)) &+ number),
            pool.word(at: Int(pool.word(at: local &+ RecordLayout.ranks)) &+ number))
        best = leastRank(ofRecord: peer, row, pool, orElse: best)
        best = leastRank(ofRecord: local, row, pool, orElse: best)
        pool.setWord(at: lane &+ 8, best)
    }

    /// The least rank of the one-sided steps in a record that a packet passes.
    @inline(__always)
    private func leastRank(
        ofRecord record: Int, _ row: Int, _ pool: MergedMemory, orElse best: UInt32
    ) -> UInt32 {
        var best = best
        var step = WideTable.end(ofElementsOf: record, pool)
        let end = step &+ Int(pool.word(at: record &+ RecordLayout.singleCount)) &<< 3
        while step < end {
            best = ranked(pool.word64(at: step), row, pool, orElse: best)
            step &+= WideTable.stepByteCount
        }
        return best
    }

    @inline(__always)
    static func end(ofElementsOf record: Int, _ pool: MergedMemory) -> Int {
        record &+ recordHeaderByteCount
            &+ Int(pool.word(at: record &+ RecordLayout.elementCount)) &<< 4
    }

    /// Adds the pairs of two records' elements that both filters leave.
    @inline(__always)
    private func addPairs(
        ofLane lane: Int, _ peerRecord: Int, _ localRecord: Int, _ pairCount: inout Int,
        _ pool: MergedMemory
    ) {
        var peer = peerRecord &+ WideTable.recordHeaderByteCount
        let locals = localRecord &+ WideTable.recordHeaderByteCount
        let endOfPeers = WideTable.end(ofElementsOf: peerRecord, pool)
        let endOfLocals = WideTable.end(ofElementsOf: localRecord, pool)
        while peer < endOfPeers {
            if pairCount &+ (endOfLocals &- locals) &>> 4 > WideTable.pairCapacity {
                tryPairs(pairCount, pool)
                pairCount = 0
            }
            let filter = pool.word64(at: peer)
            let element = pool.word64(at: peer &+ 8)
            var local = locals
            while local < endOfLocals {
                let other = pool.word64(at: local &+ 8)
                let isLeft =
                    (filter &>> (other &>> 32)) & (pool.word64(at: local) &>> (element &>> 32)) & 1
                let hash = UInt32(truncatingIfNeeded: (element ^ other) &>> 32)
                let pair = WideTable.pairs &+ pairCount &<< 4
                pool.setWord64(at: pair, element &<< 32 | other & 0xFFFF_FFFF)
                let slot = UInt64(slots &+ Int(hash &>> slotShift) &<< 4)
                pool.setWord64(at: pair &+ 8, slot | UInt64(lane) &<< 32)
                // What one of the filters leaves out is seldom asked for.
                pool.touch(Int(truncatingIfNeeded: slot) & (0 &- Int(isLeft)))
                pairCount &+= Int(isLeft)
                local &+= WideTable.elementByteCount
            }
            peer &+= WideTable.elementByteCount
        }
    }

    /// Looks for pairs, and has the lanes know the least rank of those that pass.
    private func tryPairs(_ pairCount: Int, _ pool: MergedMemory) {
        let counts = tryFirstSlots(pairCount, pool)
        var findCount = counts.finds
        for index in 0..<counts.others {
            let pair = Int(pool.word64(at: WideTable.others &+ index &<< 3))
            let selectors = pool.word64(at: pair)
            var slot = nextSlot(Int(pool.word(at: pair &+ 8)))
            while pool.word64(at: slot) != selectors, pool.word64(at: slot &+ 8) != 0 {
                slot = nextSlot(slot)
            }
            let find = WideTable.finds &+ findCount &<< 4
            pool.setWord64(at: find, pool.word64(at: slot &+ 8))
            pool.setWord64(at: find &+ 8, UInt64(pool.word(at: pair &+ 12)))
            findCount &+= tryOnlyStep(ofFind: find, pool)
        }
        tryLists(finds: leaveOut(finds: findCount, pool), pool)
    }

    /// Looks in the slot of each pair. Pairs with one step are tried, those with several are written to the finds,
    /// and those whose slot has another pair to the others.
    private func tryFirstSlots(
        _ pairCount: Int, _ pool: MergedMemory
    ) -> (finds: Int, others: Int) {
        var findCount = 0
        var otherCount = 0
        var pair = WideTable.pairs
        for _ in 0..<pairCount {
            let place = pool.word64(at: pair &+ 8)
            let slot = Int(UInt32(truncatingIfNeeded: place))
            let isHere = pool.word64(at: slot) == pool.word64(at: pair)
            let value = pool.word64(at: slot &+ 8)
            let find = WideTable.finds &+ findCount &<< 4
            pool.setWord64(at: find, isHere ? value : 0)
            pool.setWord64(at: find &+ 8, place &>> 32)
            findCount &+= tryOnlyStep(ofFind: find, pool)
            pool.touch(Int(value & 0xFFF_FFFF))
            pool.setWord64(
                at: WideTable.others &+ otherCount &<< 3, UInt64(truncatingIfNeeded: pair))
            otherCount &+= !isHere && value != 0 ? 1 : 0
            pair &+= 16
        }
        return (findCount, otherCount)
    }

    /// Tries the step of a find that has one; 1 if it has several, else 0.
    @inline(__always)
    private func tryOnlyStep(ofFind find: Int, _ pool: MergedMemory) -> Int {
        let value = pool.word64(at: find)
        let lane = Int(pool.word64(at: find &+ 8))
        let row = Int(pool.word(at: lane &+ 12))
        let best = pool.word(at: lane &+ 8)
        let isOnly = value &>> 48 == 1
        // What is no step then is none that comes first.
        let step = value | (isOnly ? 0 : 0xFFFF_FFFF)
        pool.setWord(at: lane &+ 8, ranked(step, row, pool, orElse: best))
        return value &>> 49 != 0 ? 1 : 0
    }

    /// Keeps the finds whose first step is before the least rank, and returns how many these are.
    private func leaveOut(finds count: Int, _ pool: MergedMemory) -> Int {
        var kept = 0
        for index in 0..<count {
            let value = pool.word64(at: WideTable.finds &+ index &<< 4)
            let lane = pool.word64(at: WideTable.finds &+ index &<< 4 &+ 8)
            let first = pool.word(at: Int(value & 0xFFFF_FFFF))
            pool.setWord64(at: WideTable.finds &+ kept &<< 4, value)
            pool.setWord64(at: WideTable.finds &+ kept &<< 4 &+ 8, lane)
            kept &+= first < pool.word(at: Int(lane) &+ 8) ? 1 : 0
        }
        return kept
    }

    private func tryLists(finds count: Int, _ pool: MergedMemory) {
        for index in 0..<count {
            let value = pool.word64(at: WideTable.finds &+ index &<< 4)
            let lane = Int(pool.word64(at: WideTable.finds &+ index &<< 4 &+ 8))
            let row = Int(pool.word(at: lane &+ 12))
            let best = pool.word(at: lane &+ 8)
            var step = Int(value & 0xFFFF_FFFF)
            let end = step &+ Int(value &>> 48) &<< 3
            while step < end {
                let word = pool.word64(at: step)
                if UInt32(truncatingIfNeeded: word) >= best { break }
                let rank = ranked(word, row, pool, orElse: best)
                if rank != best {
                    pool.setWord(at: lane &+ 8, rank)
                    break
                }
                step &+= WideTable.stepByteCount
            }
        }
    }

    @inline(__always)
    func nextSlot(_ slot: Int) -> Int {
        let mask = WideTable.slotByteCount &<< Int(32 &- slotShift) &- 1
        return slots &+ (slot &- slots &+ WideTable.slotByteCount) & mask
    }

    /// The rank of a step, if a packet passes its test and it comes before `best`.
    @inline(__always)
    private func ranked(
        _ step: UInt64, _ row: Int, _ pool: MergedMemory, orElse best: UInt32
    ) -> UInt32 {
        let test = Int(truncatingIfNeeded: step &>> 32 & 0xFFFF)
        let rank = UInt32(truncatingIfNeeded: step)
        return passes(test, row, pool) && rank < best ? rank : best
    }

    /// Whether packets pass a test, by their row.
    @inline(__always)
    func passes(_ test: Int, _ row: Int, _ pool: MergedMemory) -> Bool {
        pool.word64(at: row &+ (test &>> 6) &<< 3) &>> UInt64(truncatingIfNeeded: test & 63) & 1
            != 0
    }
}

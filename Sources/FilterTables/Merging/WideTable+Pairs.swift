/// Looks for pairs of selectors, many at a time.
extension WideTable {
    /// Looks for pairs, and has the lanes know the least rank of those that pass.
    func tryPairs(_ pairCount: Int, _ pool: MergedMemory) {
        findSlots(pairCount, pool)
        tryFoundPairs(pairCount, pool)
    }

    /// The same for pairs that have the places of their slots.
    func tryFoundPairs(_ pairCount: Int, _ pool: MergedMemory) {
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

    /// Puts selectors and the place of a slot where the places of pairs' elements stand.
    private func findSlots(_ pairCount: Int, _ pool: MergedMemory) {
        var pair = WideTable.pairs
        for _ in 0..<pairCount {
            let peer = pool.word64(at: Int(pool.word(at: pair)) &+ 8)
            let local = pool.word64(at: Int(pool.word(at: pair &+ 8)) &+ 8)
            let hash = UInt32(truncatingIfNeeded: (peer ^ local) &>> 32)
            let slot = UInt32(truncatingIfNeeded: slots &+ Int(hash &>> slotShift) &<< 4)
            pool.touch(Int(slot))
            let lane = pool.word(at: pair &+ 4)
            pool.setWord64(at: pair, peer &<< 32 | local & 0xFFFF_FFFF)
            pool.setWord64(at: pair &+ 8, UInt64(lane) &<< 32 | UInt64(slot))
            pair &+= 16
        }
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
}

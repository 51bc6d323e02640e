internal import CloudModel

/// Decides packets in stages, each over all of them and nearly without branches, so that their loads overlap. Between
/// stages stand, at the front of the ``MergedMemory``:
///
///     lane, 32 bytes a packet   record of peer │ record of local │ least rank so far │ row of tests passed │
///                               end of the peer's selectors │ end of the local address's │ touched (8)
///     pair, 16 bytes            peer, local (8) │ place of slot │ lane
///     find, 16 bytes            second word of a slot (8) │ lane, or a pair whose slot is taken
extension WideTable {
    /// At most so many packets are decided at a time.
    static let laneCount = 64
    static let laneByteCount = 32
    /// At most so many pairs are looked for at a time.
    static let pairCapacity = 1024
    private static let pairs = laneByteCount * laneCount
    private static let finds = pairs + 16 * (pairCapacity + 1)
    private static let others = finds + 16 * (pairCapacity + 1)
    static let scratchByteCount = others + 8 * (pairCapacity + 1)

    /// Writes the records of queries' addresses to the lanes and returns where the first query is whose records are
    /// not mapped yet.
    func findRecords(
        _ places: Range<Int>, of queries: Span<Query>, _ pool: MergedMemory, _ sides: RunSides
    ) -> Int {
        var lane = 0
        let (sourceShift, destinationShift) = (sides.sourceShift, sides.destinationShift)
        for place in places {
            let source = sourceMap.word(
                of: UInt32(truncatingIfNeeded: queries[place].sourceHigh &>> 32), pool)
            let destination = destinationMap.word(
                of: UInt32(truncatingIfNeeded: queries[place].destinationHigh &>> 32), pool)
            if source & destination & RecordMap.isRecord == 0 { return place }
            pool.setWord64(
                at: lane,
                UInt64(source) &<< sourceShift | UInt64(destination) &<< destinationShift)
            lane &+= WideTable.laneByteCount
        }
        return places.upperBound
    }

    /// Decides queries whose records stand in the lanes.
    func decide(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory
    ) {
        var lane = 0
        for place in places {
            let row = ports.rowOfTests(of: queries[place], pool)
            pool.setWord64(
                at: lane &+ 8, UInt64(stepCount) | UInt64(truncatingIfNeeded: row) &<< 32)
            let endOfPeers = end(ofRecord: pool.word(at: lane), pool)
            let endOfLocals = end(ofRecord: pool.word(at: lane &+ 4), pool)
            pool.setWord(at: lane &+ 16, endOfPeers)
            pool.setWord(at: lane &+ 20, endOfLocals)
            // Records may go over two lines: the next stage finds both in the first-level cache.
            pool.setWord(at: lane &+ 24, pool.word(at: Int(endOfPeers) &- 8))
            pool.setWord(at: lane &+ 28, pool.word(at: Int(endOfLocals) &- 8))
            lane &+= WideTable.laneByteCount
        }
        var pairCount = 0
        for lane in 0..<places.count {
            addPairs(ofLane: WideTable.laneByteCount &* lane, &pairCount, pool)
        }
        tryPairs(pairCount, pool)
        lane = 8
        for place in places {
            let rank = Int(pool.word(at: lane))
            outcomes[place] = pool.outcome(at: self.outcomes &+ rank &<< 3)
            lane &+= WideTable.laneByteCount
        }
    }

    @inline(__always)
    private func end(ofRecord word: UInt32, _ pool: MergedMemory) -> UInt32 {
        let record = word & ~RecordMap.isRecord
        let count = pool.word(at: Int(record) &+ 8)
        return record &+ UInt32(WideTable.recordHeaderByteCount) &+ count &<< 4
    }

    /// Adds the pairs of a lane's selectors that both filters leave.
    @inline(__always)
    private func addPairs(ofLane lane: Int, _ pairCount: inout Int, _ pool: MergedMemory) {
        let header = WideTable.recordHeaderByteCount
        var peer = Int(pool.word(at: lane) & ~RecordMap.isRecord) &+ header
        let locals = Int(pool.word(at: lane &+ 4) & ~RecordMap.isRecord) &+ header
        let endOfPeers = Int(pool.word(at: lane &+ 16))
        let endOfLocals = Int(pool.word(at: lane &+ 20))
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
    private func nextSlot(_ slot: Int) -> Int {
        let mask = WideTable.slotByteCount &<< Int(32 &- slotShift) &- 1
        return slots &+ (slot &- slots &+ WideTable.slotByteCount) & mask
    }

    /// The rank of a step, if a packet passes its test and it comes before `best`.
    @inline(__always)
    private func ranked(
        _ step: UInt64, _ row: Int, _ pool: MergedMemory, orElse best: UInt32
    ) -> UInt32 {
        let test = Int(truncatingIfNeeded: step &>> 32 & 0xFFFF)
        let passes = pool.word64(at: row &+ (test &>> 6) &<< 3) &>> UInt64(test & 63) & 1
        let rank = UInt32(truncatingIfNeeded: step)
        return passes != 0 && rank < best ? rank : best
    }
}

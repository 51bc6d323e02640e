/// Decides packets whose pairs of classes have no candidates, by their rows of ranks and the pairs of their elements: in
/// stages over all of them, without branches on what their records have many of or few.
extension WideTable {
    /// Has the first lanes know the least rank of the steps that their packets pass.
    func search(laneCount: Int, _ pool: MergedMemory) {
        findRows(laneCount, pool)
        var leftCount = 0
        for index in 0..<laneCount {
            let lane = WideTable.lane(index)
            let peer = RangeMap.record(of: pool.word(at: lane))
            let local = RangeMap.record(of: pool.word(at: lane &+ 4))
            tryOneSidedSteps(ofLane: lane, peer, local, pool)
            pool.setWord(
                at: WideTable.leftLanes &+ leftCount &<< 2, UInt32(truncatingIfNeeded: lane))
            leftCount &+= mayHavePairs(peer, local, pool)
        }
        var pairCount = 0
        for index in 0..<leftCount {
            let lane = Int(pool.word(at: WideTable.leftLanes &+ index &<< 2))
            addPairs(ofLane: lane, &pairCount, pool)
        }
        tryPairs(pairCount, pool)
    }

    /// As ``search(laneCount:_:)``, sixteen at a time.
    func searchByLanes(laneCount: Int, _ pool: MergedMemory) {
        if laneCount == 0 { return }
        var found = WideKernel.search(laneCount: laneCount, of: self, pool)
        tryFoundPairs(found.pairs, pool)
        while found.end < found.left {
            // One with more pairs than there is room for at a time, perhaps.
            let lane = Int(pool.word(at: WideTable.leftLanes &+ found.end &<< 2))
            var pairCount = 0
            addPairs(ofLane: lane, &pairCount, pool)
            tryPairs(pairCount, pool)
            found = WideKernel.findPairs(
                ofLeft: found.end &+ 1..<found.left, of: self, pool)
            tryFoundPairs(found.pairs, pool)
        }
    }

    /// Puts the class of ports and the row of tests that packets pass into their lanes.
    private func findRows(_ laneCount: Int, _ pool: MergedMemory) {
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
    }

    // MARK: One-sided steps

    @inline(__always)
    private func tryOneSidedSteps(
        ofLane lane: Int, _ peer: Int, _ local: Int, _ pool: MergedMemory
    ) {
        let number = Int(pool.word64(at: lane &+ 24)) &<< 2
        let row = Int(pool.word(at: lane &+ 12))
        var best = min(
            pool.word(at: Int(pool.word(at: peer &+ RecordLayout.ranks)) &+ number),
            pool.word(at: Int(pool.word(at: local &+ RecordLayout.ranks)) &+ number))
        best = ranked(RecordLayout.firstSingle(of: peer, pool), row, pool, orElse: best)
        best = ranked(RecordLayout.firstSingle(of: local, pool), row, pool, orElse: best)
        if RecordLayout.hasFurtherSingles(peer, pool) {
            best = leastRank(ofFurtherSinglesOf: peer, row, pool, orElse: best)
        }
        if RecordLayout.hasFurtherSingles(local, pool) {
            best = leastRank(ofFurtherSinglesOf: local, row, pool, orElse: best)
        }
        pool.setWord(at: lane &+ 8, best)
    }

    private func leastRank(
        ofFurtherSinglesOf record: Int, _ row: Int, _ pool: MergedMemory, orElse best: UInt32
    ) -> UInt32 {
        var best = best
        for step in RecordLayout.furtherSingles(of: record, pool) {
            best = ranked(pool.word64(at: step), row, pool, orElse: best)
        }
        return best
    }

    // MARK: Elements

    /// Whether some element of either record may have a step with one of the other: 1, or 0.
    @inline(__always)
    private func mayHavePairs(_ peer: Int, _ local: Int, _ pool: MergedMemory) -> Int {
        let locals =
            pool.word64(at: peer &+ RecordLayout.filters)
            & pool.word64(at: local &+ RecordLayout.bits)
        let peers =
            pool.word64(at: local &+ RecordLayout.filters)
            & pool.word64(at: peer &+ RecordLayout.bits)
        return (locals != 0 ? 1 : 0) & (peers != 0 ? 1 : 0)
    }

    /// Adds the pairs of two records' elements that both filters leave: each of the peer's with four of the others at a
    /// time, whether there are so many or not.
    @inline(__always)
    private func addPairs(ofLane lane: Int, _ pairCount: inout Int, _ pool: MergedMemory) {
        let peerRecord = RangeMap.record(of: pool.word(at: lane))
        let localRecord = RangeMap.record(of: pool.word(at: lane &+ 4))
        let endOfPeers = RecordLayout.end(ofElementsOf: peerRecord, pool)
        let endOfLocals = RecordLayout.end(ofElementsOf: localRecord, pool)
        var local = localRecord &+ RecordLayout.elements
        while local < endOfLocals {
            let locals = FourElements(at: local, before: endOfLocals, pool)
            var peer = peerRecord &+ RecordLayout.elements
            while peer < endOfPeers {
                if pairCount &+ 4 > WideTable.pairCapacity {
                    tryPairs(pairCount, pool)
                    pairCount = 0
                }
                let word =
                    UInt64(truncatingIfNeeded: lane) &<< 32 | UInt64(truncatingIfNeeded: peer)
                let filter = pool.word64(at: peer)
                let hash = pool.word64(at: peer &+ 8) &>> 32
                for index in 0..<4 {
                    let pair = WideTable.pairs &+ pairCount &<< 4
                    let other = local &+ RecordLayout.elementByteCount &* index
                    pool.setWord64(at: pair, word)
                    pool.setWord64(at: pair &+ 8, UInt64(truncatingIfNeeded: other))
                    let isLeft =
                        filter &>> locals.hashes[index] & locals.filters[index] &>> hash & 1
                    pairCount &+= Int(truncatingIfNeeded: isLeft)
                }
                peer &+= RecordLayout.elementByteCount
            }
            local &+= 4 &* RecordLayout.elementByteCount
        }
    }

    /// The filters and hashes of four elements.
    private struct FourElements {
        var filters = InlineArray<4, UInt64>(repeating: 0)
        var hashes = InlineArray<4, UInt64>(repeating: 0)

        /// Those from a place on; what lies behind an end has no filter.
        @inline(__always)
        init(at place: Int, before end: Int, _ pool: MergedMemory) {
            for index in 0..<4 {
                let element = place &+ RecordLayout.elementByteCount &* index
                // All bits if it lies before the end.
                let mask = UInt64(bitPattern: Int64(element &- end) &>> 63)
                filters[index] = pool.word64(at: element) & mask
                hashes[index] = pool.word64(at: element &+ 8) &>> 32
            }
        }
    }

    // MARK: Steps

    /// The rank of a step, if a packet passes its test and it comes before `best`.
    @inline(__always)
    func ranked(
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

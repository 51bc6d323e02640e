internal import CloudModel

extension WideTable {
    /// Finds the candidates of the new pairs that a decision left in the first lanes. At most so many are found after
    /// each: traffic whose pairs are all new then takes a few percent more, not several times as long.
    static let newCandidateLimit = 8

    /// Enters the candidates of the pairs in the first `count` lanes.
    mutating func enterCandidates(
        laneCount: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) {
        for index in 0..<min(laneCount, WideTable.newCandidateLimit) {
            let pair = pool.word64(at: WideTable.lane(index))
            guard candidates.find(pair, pool) == nil else { continue }
            let found = candidates(of: pair, pool)
            let slot = candidates.newSlot(of: pair, &room, in: pool)
            write(found, toSlot: slot, pool)
        }
    }

    private func write(_ found: Candidates, toSlot slot: Int, _ pool: MergedMemory) {
        var place = slot + CandidateTable.firstStep
        let hasRoom = found.count + (found.isComplete ? 0 : 1) <= CandidateTable.capacity
        let writtenCount = hasRoom ? found.count : CandidateTable.capacity - 1
        for index in 0..<writtenCount {
            let rank = Int(found.steps[index] & 0xFFFF_FFFF)
            let outcome = pool.outcome(at: outcomes + 8 * rank)
            write(outcome, test: Int(found.steps[index] >> 32), at: &place, pool)
        }
        if hasRoom, found.isComplete { return }
        let last =
            hasRoom
            ? pool.outcome(at: outcomes + 8 * stepCount)
            : Outcome(.drop, byRule: CandidateTable.leftOut)
        write(last, test: ports.openTest, at: &place, pool)
    }

    private func write(
        _ outcome: Outcome, test: Int, at place: inout Int, _ pool: MergedMemory
    ) {
        pool.setOutcome(at: place, outcome)
        pool.setHalf(at: place + CandidateTable.testOffset, UInt16(test))
        place += CandidateTable.stepByteCount
    }

    /// The first steps of two classes, whose records' words `pair` has.
    private func candidates(of pair: UInt64, _ pool: MergedMemory) -> Candidates {
        var found = Candidates(openTest: ports.openTest)
        let peers = elements(ofRecord: UInt32(truncatingIfNeeded: pair), pool)
        let locals = elements(ofRecord: UInt32(pair >> 32), pool)
        for peer in peers {
            let filter = pool.word64(at: peer)
            let element = pool.word64(at: peer + 8)
            for local in locals {
                let other = pool.word64(at: local + 8)
                let isLeft =
                    filter >> (other >> 32 & 63) & pool.word64(at: local) >> (element >> 32 & 63)
                guard isLeft & 1 != 0 else { continue }
                addSteps(
                    ofPair: element << 32 | other & 0xFFFF_FFFF,
                    hash: UInt32((element ^ other) >> 32), to: &found, pool)
            }
        }
        return found
    }

    private func elements(ofRecord word: UInt32, _ pool: MergedMemory) -> StrideTo<Int> {
        let first = RangeMap.record(of: word) + WideTable.recordHeaderByteCount
        let count = Int(pool.word(at: RangeMap.record(of: word)))
        return stride(
            from: first, to: first + WideTable.elementByteCount * count,
            by: WideTable.elementByteCount)
    }

    private func addSteps(
        ofPair pair: UInt64, hash: UInt32, to found: inout Candidates, _ pool: MergedMemory
    ) {
        var slot = slots + Int(hash >> slotShift) * WideTable.slotByteCount
        while pool.word64(at: slot) != pair {
            if pool.word64(at: slot + 8) == 0 { return }
            slot = nextSlot(slot)
        }
        let value = pool.word64(at: slot + 8)
        let count = Int(value >> 48)
        // With the last 48 bits of the value: test and rank of the only step, or the place of several.
        guard count > 1 else { return found.add(value & 0xFFFF_FFFF_FFFF) }
        let first = Int(value & 0xFFFF_FFFF)
        for step in stride(from: first, to: first + WideTable.stepByteCount * count, by: 8) {
            let step = pool.word64(at: step)
            if found.isLater(UInt32(truncatingIfNeeded: step)) { return }
            found.add(step)
        }
    }
}

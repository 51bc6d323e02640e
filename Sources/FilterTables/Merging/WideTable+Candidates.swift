internal import CloudModel

extension WideTable {
    /// Enters the candidates of new pairs of a decision on so many packets: not of all if they are many.
    func enterCandidates(newCount: Int, of packetCount: Int, in pool: MergedMemory) {
        let limit = candidates.limit(ofNew: newCount, of: packetCount, pool)
        for index in 0..<limit {
            let pair = pool.word64(at: WideTable.newPairs + 8 * index)
            guard let slot = candidates.newSlot(of: pair, in: pool) else { continue }
            write(candidates(of: pair, pool), toSlot: slot, pool)
            pool.setWord64(at: slot, pair)
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
        let peer = RangeMap.record(of: UInt32(truncatingIfNeeded: pair))
        let local = RangeMap.record(of: UInt32(truncatingIfNeeded: pair >> 32))
        addSingleSteps(ofRecord: peer, to: &found, pool)
        addSingleSteps(ofRecord: local, to: &found, pool)
        for other in WideSelector.any...WideSelector.anyIPv4 {
            for place in selectors(ofRow: Int(pool.word(at: peer + RecordLayout.ranks)), pool) {
                add(steps(ofPeer: pool.word(at: place), local: other, pool), to: &found, pool)
            }
            for place in selectors(ofRow: Int(pool.word(at: local + RecordLayout.ranks)), pool) {
                add(steps(ofPeer: other, local: pool.word(at: place), pool), to: &found, pool)
            }
        }
        addTwoSidedSteps(ofPeer: peer, local: local, to: &found, pool)
        return found
    }

    private func addSingleSteps(
        ofRecord record: Int, to found: inout Candidates, _ pool: MergedMemory
    ) {
        let first = WideTable.end(ofElementsOf: record, pool)
        let count = Int(pool.word(at: record + RecordLayout.singleCount))
        for index in 0..<count {
            found.add(pool.word64(at: first + WideTable.stepByteCount * index))
        }
    }

    private func addTwoSidedSteps(
        ofPeer peerRecord: Int, local localRecord: Int, to found: inout Candidates,
        _ pool: MergedMemory
    ) {
        for peer in elements(ofRecord: peerRecord, pool) {
            let filter = pool.word64(at: peer)
            let element = pool.word64(at: peer + 8)
            for local in elements(ofRecord: localRecord, pool) {
                let other = pool.word64(at: local + 8)
                let isLeft =
                    filter >> (other >> 32 & 63) & pool.word64(at: local) >> (element >> 32 & 63)
                guard isLeft & 1 != 0 else { continue }
                let steps = steps(
                    ofPair: element << 32 | other & 0xFFFF_FFFF,
                    hash: UInt32((element ^ other) >> 32), pool)
                add(steps, to: &found, pool)
            }
        }
    }

    private func elements(ofRecord record: Int, _ pool: MergedMemory) -> StrideTo<Int> {
        stride(
            from: record + WideTable.recordHeaderByteCount,
            to: WideTable.end(ofElementsOf: record, pool), by: WideTable.elementByteCount)
    }

    private func add(_ steps: PairSteps, to found: inout Candidates, _ pool: MergedMemory) {
        for index in 0..<steps.count {
            let step = steps.step(index, pool)
            if found.isLater(UInt32(truncatingIfNeeded: step)) { return }
            found.add(step)
        }
    }

    // MARK: Pairs of selectors

    /// The steps of a pair of selectors.
    func steps(ofPeer peer: SelectorID, local: SelectorID, _ pool: MergedMemory) -> PairSteps {
        steps(
            ofPair: UInt64(peer) << 32 | UInt64(local),
            hash: WideTable.hash(ofPeer: peer) ^ WideTable.hash(ofLocal: local), pool)
    }

    private func steps(ofPair pair: UInt64, hash: UInt32, _ pool: MergedMemory) -> PairSteps {
        var slot = slots + Int(hash >> slotShift) * WideTable.slotByteCount
        while pool.word64(at: slot) != pair {
            if pool.word64(at: slot + 8) == 0 { return PairSteps(value: 0) }
            slot = nextSlot(slot)
        }
        return PairSteps(value: pool.word64(at: slot + 8))
    }
}

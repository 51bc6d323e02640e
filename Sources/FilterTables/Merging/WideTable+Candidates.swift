internal import CloudModel

extension WideTable {
    /// Enters the candidates of new pairs of a decision on so many packets that were new before too: not of all
    /// if they are many.
    func enterCandidates(newCount: Int, of packetCount: Int, in pool: MergedMemory) {
        var left = candidates.limit(ofNew: newCount, of: packetCount, pool)
        for index in 0..<newCount {
            let pair = pool.word64(at: WideTable.newPairs + 8 * index)
            touchFirstSteps(ofRecord: RangeMap.record(of: UInt32(truncatingIfNeeded: pair)), pool)
            touchFirstSteps(ofRecord: RangeMap.record(of: UInt32(pair >> 32)), pool)
        }
        for index in 0..<newCount where left > 0 {
            let pair = pool.word64(at: WideTable.newPairs + 8 * index)
            let key = CandidateTable.key(
                ofPeer: UInt32(truncatingIfNeeded: pair), local: UInt32(pair >> 32))
            guard candidates.wasMissed(key, in: pool) else { continue }
            enter(candidates(of: pair, pool), of: key, in: pool)
            left -= 1
        }
    }

    /// Enters the candidates of a pair, if it has none and there is room for their pattern.
    private func enter(_ found: Candidates, of key: UInt64, in pool: MergedMemory) {
        var tests = InlineArray<6, UInt16>(repeating: 0)
        var words = InlineArray<6, UInt32>(repeating: 0)
        var count = min(found.count, candidates.stepCapacity)
        for index in 0..<count {
            tests[index] = UInt16(found.steps[index] >> 32)
            let rank = Int(found.steps[index] & 0xFFFF_FFFF)
            guard let word = outcomeWord(ofRank: rank, pool) else { return }
            words[index] = word
        }
        // What has no room for the default is left out, as what has more steps.
        if !found.isComplete, count < candidates.stepCapacity {
            guard let word = outcomeWord(ofRank: stepCount, pool) else { return }
            tests[count] = UInt16(ports.openTest)
            words[count] = word
            count += 1
        }
        guard
            let pattern = candidates.patterns.number(ofTests: tests, count: count, in: pool),
            let line = candidates.enter(key | UInt64(pattern), of: key, in: pool)
        else { return }
        for step in 0..<count {
            pool.setWord(at: candidates.outcome(ofStep: step, 0, inLine: line), words[step])
        }
    }

    private func outcomeWord(ofRank rank: Int, _ pool: MergedMemory) -> UInt32? {
        candidates.outcomes.word(of: pool.outcome(at: outcomes + 8 * rank), pool)
    }

    /// The first steps of two classes, whose records' words `pair` has.
    private func candidates(of pair: UInt64, _ pool: MergedMemory) -> Candidates {
        var found = Candidates(
            openTest: ports.openTest, stepCapacity: candidates.stepCapacity)
        let peer = RangeMap.record(of: UInt32(truncatingIfNeeded: pair))
        let local = RangeMap.record(of: UInt32(truncatingIfNeeded: pair >> 32))
        addSingleSteps(ofRecord: peer, to: &found, pool)
        addSingleSteps(ofRecord: local, to: &found, pool)
        addFirstSteps(ofRecord: peer, to: &found, pool)
        addFirstSteps(ofRecord: local, to: &found, pool)
        addTwoSidedSteps(ofPeer: peer, local: local, to: &found, pool)
        return found
    }

    private func touchFirstSteps(ofRecord record: Int, _ pool: MergedMemory) {
        let row = Int(pool.word(at: record + RecordLayout.ranks))
        pool.touch(row - WideTable.firstStepsByteCount)
    }

    /// Adds those of the selectors that have several one-sided steps.
    private func addFirstSteps(
        ofRecord record: Int, to found: inout Candidates, _ pool: MergedMemory
    ) {
        for place in firstSteps(ofRow: Int(pool.word(at: record + RecordLayout.ranks))) {
            let step = pool.word64(at: place)
            if step == .max { return }
            found.add(step)
        }
    }

    private func addSingleSteps(
        ofRecord record: Int, to found: inout Candidates, _ pool: MergedMemory
    ) {
        let first = RecordLayout.firstSingle(of: record, pool)
        if UInt32(truncatingIfNeeded: first) < stepCount { found.add(first) }
        guard RecordLayout.hasFurtherSingles(record, pool) else { return }
        for place in RecordLayout.furtherSingles(of: record, pool) {
            found.add(pool.word64(at: place))
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
            from: record + RecordLayout.elements,
            to: RecordLayout.end(ofElementsOf: record, pool), by: RecordLayout.elementByteCount)
    }

    func add(_ steps: PairSteps, to found: inout Candidates, _ pool: MergedMemory) {
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

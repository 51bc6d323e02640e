internal import CloudModel

/// Decides packets in stages, each over all of them and nearly without branches, so that their loads overlap. Most are
/// decided by the ``CandidateTable``; for those whose pair is not there, or has too many steps, rows of ranks and the
/// pairs of selectors are looked up. Between stages stand, at the front of the ``MergedMemory``:
///
///     lane, 32 bytes a packet   record of peer │ record of local │ line of candidates, then least rank so far │
///                               sum of ports' values, then row of tests passed │ both addresses,
///                               then key of candidates (8) │ offsets in patterns, then class of ports (8)
///     place, 8 bytes            of the query that the lane is of, from the first
///     pair, 16 bytes            peer's element │ lane │ local element (8), then
///                               peer, local (8) │ place of slot │ lane
///     find, 16 bytes            second word of a slot (8) │ lane, or a pair whose slot is taken
///     new pair, 8 bytes         records' words
///     left lane, 4 bytes        of the packets whose pairs of elements are looked for
extension WideTable {
    /// At most so many packets are decided at a time.
    static let laneCount = 64
    static let laneByteCount = 32
    /// At most so many pairs are looked for at a time.
    static let pairCapacity = 1024
    /// Where the lanes begin. Nothing is written to the line before it, which look-ups read in vain.
    static let lanes = 64
    static let places = lanes + laneByteCount * laneCount
    static let pairs = places + 8 * laneCount
    static let finds = pairs + 16 * (pairCapacity + 1)
    static let others = finds + 16 * (pairCapacity + 1)
    static let newPairs = others + 8 * (pairCapacity + 1)
    static let leftLanes = newPairs + 8 * laneCount
    static let scratchByteCount = (leftLanes + 4 * (laneCount + 1) + 63) & ~63

    @inline(__always)
    static func lane(_ index: Int) -> Int { lanes &+ laneByteCount &* index }

    /// Writes the records of queries' addresses to the lanes and returns where the first query is whose records are
    /// not mapped yet.
    func findRecords(
        _ places: Range<Int>, of queries: Span<Query>, _ pool: MergedMemory, _ sides: RunSides
    ) -> Int {
        var lane = WideTable.lanes
        for place in places {
            let (source, destination) = (queries[place].sourceWord, queries[place].destinationWord)
            pool.touch(sourceMap.place(of: source))
            pool.touch(destinationMap.place(of: destination))
            // Where the keys of candidates stand later.
            pool.setWord64(at: lane &+ 16, UInt64(destination) &<< 32 | UInt64(source))
            lane &+= WideTable.laneByteCount
        }
        let count = sourceMap.findRecords(
            laneCount: places.count, addressOffset: 16, to: Int(sides.sourceShift &>> 3), pool)
        return places.lowerBound
            &+ destinationMap.findRecords(
                laneCount: count, addressOffset: 20, to: Int(sides.destinationShift &>> 3), pool)
    }

    /// Decides queries whose records stand in the lanes.
    func decide(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory
    ) {
        guard candidates.isAsked(pool) else {
            for index in 0..<places.count {
                touchRecords(ofLane: WideTable.lane(index), pool)
                pool.setWord64(
                    at: WideTable.places &+ index &<< 3, UInt64(truncatingIfNeeded: index))
            }
            findPortValues(places, of: queries, pool)
            return search(places, laneCount: places.count, into: &outcomes, pool)
        }
        for index in 0..<places.count {
            let lane = WideTable.lane(index)
            let key = CandidateTable.key(
                ofPeer: pool.word(at: lane), local: pool.word(at: lane &+ 4))
            let line = candidates.line(of: key)
            pool.touch(line)
            pool.setWord(at: lane &+ 8, UInt32(truncatingIfNeeded: line))
            pool.setWord64(at: lane &+ 16, key)
        }
        findPortValues(places, of: queries, pool)
        let counts = tryCandidates(places, into: &outcomes, pool)
        search(places, laneCount: counts.left, into: &outcomes, pool)
        enterCandidates(newCount: counts.new, of: places.count, in: pool)
    }

    private func findPortValues(
        _ places: Range<Int>, of queries: Span<Query>, _ pool: MergedMemory
    ) {
        var lane = WideTable.lanes
        for place in places {
            let values = ports.values(
                of: queries[place], pool, testsSources: ports.testsSources)
            let sum = values.destination &+ values.source
            pool.setWord(at: lane &+ 12, UInt32(truncatingIfNeeded: sum))
            pool.setWord64(
                at: lane &+ 24,
                candidates.patterns.offsets(
                    destination: values.destination, source: values.source))
            lane &+= WideTable.laneByteCount
        }
    }

    /// Decides queries as the two above, sixteen at a time; returns where the first is whose records are not mapped yet.
    func decideByLanes(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory, _ sides: RunSides
    ) -> Int {
        let isAsked = candidates.isAsked(pool)
        let counts = WideKernel.decide(
            places, of: queries, into: &outcomes, by: self, isAsked: isAsked, sides, pool)
        searchByLanes(laneCount: counts.left, pool)
        writeOutcomes(places, laneCount: counts.left, into: &outcomes, pool)
        if isAsked { enterCandidates(newCount: counts.new, of: counts.found, in: pool) }
        return places.lowerBound &+ counts.found
    }

    /// Decides the packets of the first lanes by their selectors.
    private func search(
        _ places: Range<Int>, laneCount: Int, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory
    ) {
        search(laneCount: laneCount, pool)
        writeOutcomes(places, laneCount: laneCount, into: &outcomes, pool)
    }

    /// Writes the outcomes of the first lanes' packets, whose ranks are known.
    private func writeOutcomes(
        _ places: Range<Int>, laneCount: Int, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory
    ) {
        for index in 0..<laneCount {
            let place = Int(pool.word64(at: WideTable.places &+ index &<< 3))
            let rank = Int(pool.word(at: WideTable.lane(index) &+ 8))
            outcomes[places.lowerBound &+ place] = pool.outcome(at: self.outcomes &+ rank &<< 3)
        }
    }

    /// Decides the lanes' packets whose pairs are among the candidates, moves the lanes of the others to the front, and
    /// notes which of their pairs are new.
    private func tryCandidates(
        _ places: Range<Int>, into outcomes: inout MutableSpan<Outcome>, _ pool: MergedMemory
    ) -> (new: Int, left: Int) {
        var newCount = 0
        var leftCount = 0
        for index in 0..<places.count {
            let lane = WideTable.lane(index)
            let key = pool.word64(at: lane &+ 16)
            let line = Int(pool.word(at: lane &+ 8))
            let found = candidates.index(of: key, inLine: line, pool)
            let isNew = found >= candidates.pairCount
            if !isNew {
                let word = candidates.word(found, inLine: line, pool)
                let step = candidates.patterns.step(
                    ofPattern: CandidateTable.pattern(of: word), pool.word64(at: lane &+ 24), pool)
                if step != PatternTable.leftOut {
                    let place = candidates.outcome(ofStep: step, found, inLine: line)
                    outcomes[places.lowerBound &+ index] = candidates.outcomes.outcome(
                        of: pool.word(at: place), pool)
                    continue
                }
            }
            pool.setWord64(at: WideTable.newPairs &+ newCount &<< 3, pool.word64(at: lane))
            newCount &+= isNew ? 1 : 0
            leave(index, inLane: leftCount, pool)
            leftCount &+= 1
        }
        return (newCount, leftCount)
    }

    private func leave(_ index: Int, inLane lane: Int, _ pool: MergedMemory) {
        touchRecords(ofLane: WideTable.lane(index), pool)
        pool.copy(
            byteCount: WideTable.laneByteCount, from: WideTable.lane(index),
            to: WideTable.lane(lane))
        pool.setWord64(at: WideTable.places &+ lane &<< 3, UInt64(truncatingIfNeeded: index))
    }

    @inline(__always)
    private func touchRecords(ofLane lane: Int, _ pool: MergedMemory) {
        let peer = RangeMap.record(of: pool.word(at: lane))
        let local = RangeMap.record(of: pool.word(at: lane &+ 4))
        // Most records are two lines.
        pool.touch(peer)
        pool.touch(peer &+ 64)
        pool.touch(local)
        pool.touch(local &+ 64)
    }
}

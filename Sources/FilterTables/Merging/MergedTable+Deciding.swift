internal import CloudModel

extension MergedTable {
    /// Writes the classes of queries' addresses to the lanes of `pool` from the first query on, until one whose
    /// classes are not mapped yet, and returns where that is.
    @inline(__always)
    func classify(
        _ places: Range<Int>, of queries: Span<Query>, _ pool: MergedMemory, firstLane: Int,
        _ sides: RunSides
    ) -> Int {
        var lane = firstLane
        let (sourceShift, destinationShift) = (sides.sourceShift, sides.destinationShift)
        for place in places {
            let source = sourceMap.number(
                of: UInt32(truncatingIfNeeded: queries[place].sourceHigh &>> 32), pool)
            let destination = destinationMap.number(
                of: UInt32(truncatingIfNeeded: queries[place].destinationHigh &>> 32), pool)
            if !ClassMap.isKnown(source | destination) { return place }
            pool.setWord64(
                at: lane,
                UInt64(source) &<< sourceShift | UInt64(destination) &<< destinationShift)
            lane &+= 8
        }
        return places.upperBound
    }

    /// Writes the outcomes of queries from the first on until one whose pair of classes has no answers yet, and
    /// returns where that is. The classes stand in the lanes of `pool`
    /// from `firstLane` on.
    @inline(__always)
    func decide(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory, firstLane: Int
    ) -> Int {
        ports.testsSources
            ? decide(places, of: queries, into: &outcomes, pool, firstLane, testsSources: true)
            : decide(places, of: queries, into: &outcomes, pool, firstLane, testsSources: false)
    }

    @inline(__always)
    private func decide(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory, _ firstLane: Int, testsSources: Bool
    ) -> Int {
        var lane = firstLane
        for place in places {
            let classes = pool.word64(at: lane)
            let peer = UInt32(truncatingIfNeeded: classes)
            let local = UInt32(truncatingIfNeeded: classes &>> 32)
            let answers = Int(pool.word(at: pairs.place(ofPeer: peer, local: local)))
            if answers == 0 { return place }
            let number = ports.number(
                of: queries[place], pool, testsSources: testsSources)
            let step = Int(pool.half(at: answers &+ number &<< 1))
            outcomes[place] = pool.outcome(at: self.outcomes &+ step &<< 3)
            lane &+= 8
        }
        return places.upperBound
    }
}

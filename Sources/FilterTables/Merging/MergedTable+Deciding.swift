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
            // What is read first of a map lies anywhere in 128 KiB.
            let ahead = min(place &+ 8, places.upperBound &- 1)
            pool.touch(sourceMap.place(of: queries[ahead].sourceWord))
            pool.touch(destinationMap.place(of: queries[ahead].destinationWord))
            let source = sourceMap.number(of: queries[place].sourceWord, pool)
            let destination = destinationMap.number(of: queries[place].destinationWord, pool)
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
        // A loop of its own for each form.
        switch (ports.testsSources, hasManyAnswers) {
        case (true, true):
            decideTouching(places, of: queries, into: &outcomes, pool, firstLane, true)
        case (false, true):
            decideTouching(places, of: queries, into: &outcomes, pool, firstLane, false)
        case (true, false):
            decideAtOnce(places, of: queries, into: &outcomes, pool, firstLane, true)
        case (false, false):
            decideAtOnce(places, of: queries, into: &outcomes, pool, firstLane, false)
        }
    }

    /// The outcome of one query, for which what is not there yet is made; `nil` when there is too little room.
    mutating func outcome(
        of query: Query, _ sides: RunSides, _ memory: BlockMemory, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) -> Outcome? {
        var classes = self.classes(of: query, pool)
        if !ClassMap.isKnown(classes.source | classes.destination) {
            guard enterClasses(of: query, sides, memory, &room, in: pool) else { return nil }
            classes = self.classes(of: query, pool)
        }
        let isEgress = sides.sourceShift != 0
        let peer = isEgress ? classes.destination : classes.source
        let local = isEgress ? classes.source : classes.destination
        if pool.word(at: pairs.place(ofPeer: peer, local: local)) == 0 {
            guard makePair(peer: peer, local: local, &room, in: pool) else { return nil }
        }
        let row = Int(pool.word(at: pairs.place(ofPeer: peer, local: local)))
        let number = ports.number(of: query, pool, testsSources: ports.testsSources)
        return outcome(row &+ number &<< 1, pool)
    }

    private func classes(
        of query: Query, _ pool: MergedMemory
    ) -> (source: UInt32, destination: UInt32) {
        (
            sourceMap.number(of: query.sourceWord, pool),
            destinationMap.number(of: query.destinationWord, pool)
        )
    }

    /// Whether the rows of answers are more than the first-level cache holds.
    private var hasManyAnswers: Bool {
        (goneSteps == 0 ? answers.count : commons.count) &* answers.byteCount > 1 << 17
    }

    /// The place of a query's answer; `nil` when its pair of classes has none yet.
    @inline(__always)
    private func answer(
        to query: Query, ofLane lane: Int, _ pool: MergedMemory, _ testsSources: Bool
    ) -> Int? {
        let classes = pool.word64(at: lane)
        let peer = UInt32(truncatingIfNeeded: classes)
        let local = UInt32(truncatingIfNeeded: classes &>> 32)
        let row = Int(pool.word(at: pairs.place(ofPeer: peer, local: local)))
        if row == 0 { return nil }
        return row &+ ports.number(of: query, pool, testsSources: testsSources) &<< 1
    }

    @inline(__always)
    private func outcome(_ answer: Int, _ pool: MergedMemory) -> Outcome {
        pool.outcome(at: outcomes &+ Int(pool.half(at: answer)) &<< 3)
    }

    @inline(__always)
    private func decideAtOnce(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory, _ firstLane: Int, _ testsSources: Bool
    ) -> Int {
        var lane = firstLane
        for place in places {
            guard let answer = answer(to: queries[place], ofLane: lane, pool, testsSources)
            else { return place }
            outcomes[place] = outcome(answer, pool)
            lane &+= 8
        }
        return places.upperBound
    }

    @inline(__always)
    private func decideTouching(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory, _ firstLane: Int, _ testsSources: Bool
    ) -> Int {
        var lane = firstLane
        var end = places.lowerBound
        while end < places.upperBound,
            let answer = answer(to: queries[end], ofLane: lane, pool, testsSources)
        {
            pool.touch(answer)
            pool.setWord64(at: lane, UInt64(truncatingIfNeeded: answer))
            lane &+= 8
            end &+= 1
        }
        lane = firstLane
        for place in places.lowerBound..<end {
            outcomes[place] = outcome(Int(truncatingIfNeeded: pool.word64(at: lane)), pool)
            lane &+= 8
        }
        return end
    }
}

internal import CloudModel

/// Packets that come one behind the other at one interface, in one direction: they ask the same tables, so that
/// a ``MergedTable`` decides them.
extension Decider {
    /// The packets from `first` on that ask the same tables in the same trie; at most as many as are decided
    /// in one go.
    @inline(__always)
    func run(from first: Int, of queries: Span<Query>) -> Range<Int> {
        let limit = min(first &+ MergedMemory.laneCount, queries.count)
        if hasLanes {
            return first..<first &+ LaneKernel.runLength(of: queries, in: first..<limit)
        }
        let wanted = queries[first].runKey
        var end = first &+ 1
        // Several at a time, and no branch for each.
        while end &+ 8 <= limit {
            var others: UInt64 = 0
            for place in end..<end &+ 8 { others |= queries[place].runKey ^ wanted }
            if others != 0 { break }
            end &+= 8
        }
        while end < limit, queries[end].runKey == wanted { end &+= 1 }
        return first..<end
    }

    /// Decides a run of packets by the merged table of their interface; `false`, and some may not be decided,
    /// when it has none.
    mutating func decideMerged(
        _ run: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>
    ) -> Bool {
        let example = queries[run.lowerBound]
        guard example.flags.isDisjoint(with: [.laterFragment, .unnamedPeer]) else { return false }
        let packet = reader.place(example)
        guard packet.state == InterfaceState.filtering.rawValue,
            packet.groupCount <= TableSet.capacity
        else { return false }
        var tables = TableSet()
        for place in 0..<packet.groupCount {
            tables.append(reader.table(ofGroup: place, for: packet))
        }
        guard
            let place = mergedTables.place(
                of: tables, decisionCount: run.count, packet, reader)
        else { return false }
        var sides = RunSides(packet, example)
        guard mergedTables.hasBase(at: place) else {
            return decide(run, of: queries, into: &outcomes, byTableAt: place, packet, &sides)
        }
        return decide(
            run, of: queries, into: &outcomes, byBaseOfTableAt: place, packet, &sides)
    }

    /// Decides a run of packets by a merged or wide table; `false`, and some may not be decided, when there is no room.
    mutating func decide(
        _ run: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        byTableAt place: Int, _ packet: PlacedPacket, _ sides: inout RunSides
    ) -> Bool {
        if mergedTables.wide(at: place) != nil {
            return decideWide(run, of: queries, into: &outcomes, byTableAt: place, sides)
        }
        let space = InterfaceRecord.space(in: packet.interface, reader.memory)
        sides.isMapped = mergedTables.isMapped(
            sides, ofSpace: space, lookupCount: 2 &* run.count, ofTableAt: place, reader.memory)
        guard sides.isMapped || !mergedTables.hasAddedSteps(at: place) else { return false }
        guard hasLanes, sides.isMapped, !sides.isIPv6 else {
            return decide(run, of: queries, into: &outcomes, byTableAt: place, sides)
        }
        return decideByLanes(run, of: queries, into: &outcomes, byTableAt: place, sides)
    }

    /// Decides the packets of a run sixteen at a time; `false`, and some may not be decided, when there is no room for
    /// what is not there yet.
    private mutating func decideByLanes(
        _ run: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        byTableAt table: Int, _ sides: RunSides
    ) -> Bool {
        guard let merged = mergedTables.table(at: table) else { return false }
        let missingCount = LaneKernel.decide(
            run, of: queries, into: &outcomes, by: merged, sides, mergedTables.pool)
        if missingCount == 0 { return true }
        return mergedTables.decideMissing(
            missingCount, of: run, of: queries, into: &outcomes, byTableAt: table, sides,
            reader.memory)
    }

    /// Decides the packets of a run, making what is not there yet; `false`, and some may not be decided, when
    /// there is no room for it.
    private mutating func decide(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        byTableAt table: Int, _ sides: RunSides
    ) -> Bool {
        // Stage by stage, so that loads of independent packets overlap.
        if sides.isMapped {
            let isClassified =
                sides.isIPv6
                ? classifyLongMapped(places, of: queries, byTableAt: table, sides)
                : classifyMapped(places, of: queries, byTableAt: table, sides)
            guard isClassified else { return false }
        } else {
            classify(places, of: queries, sides)
            guard findNumbers(ofLanes: places.count, ofTableAt: table) else { return false }
        }
        let pool = mergedTables.pool
        var first = places.lowerBound
        while let merged = mergedTables.table(at: table) {
            let lane = 8 &* (first &- places.lowerBound)
            first = merged.decide(
                first..<places.upperBound, of: queries, into: &outcomes, pool, firstLane: lane)
            if first == places.upperBound { return true }
            let missing = 8 &* (first &- places.lowerBound)
            guard
                mergedTables.makePair(
                    peer: pool.word(at: missing), local: pool.word(at: missing &+ 4),
                    ofTableAt: table)
            else { return false }
        }
        return false
    }

    /// Decides the packets of a run by a wide table; `false`, and some may not be decided, when it is of the other
    /// family or there is no room for what is not mapped yet.
    private mutating func decideWide(
        _ places: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        byTableAt table: Int, _ sides: RunSides
    ) -> Bool {
        guard !sides.isIPv6 else { return false }
        let pool = mergedTables.pool
        var first = places.lowerBound
        while first < places.upperBound, let wide = mergedTables.wide(at: table) {
            let limit = min(first &+ WideTable.laneCount, places.upperBound)
            let end: Int
            if hasLanes {
                end = wide.decideByLanes(
                    first..<limit, of: queries, into: &outcomes, pool, sides)
            } else {
                end = wide.findRecords(first..<limit, of: queries, pool, sides)
                wide.decide(first..<end, of: queries, into: &outcomes, pool)
            }
            first = end
            if end == limit { continue }
            let query = queries[end]
            guard mergedTables.enterRecords(of: query, ofTableAt: table, sides, reader.memory)
            else { return false }
        }
        return first == places.upperBound
    }

    /// Writes the keys of the classes of the packets' addresses to their lanes.
    private func classify(_ places: Range<Int>, of queries: Span<Query>, _ sides: RunSides) {
        let pool = mergedTables.pool
        let memory = reader.memory
        for place in places {
            let lane = 8 &* (place &- places.lowerBound)
            let query = queries[place]
            let source: UInt32
            let destination: UInt32
            if sides.isIPv6 {
                source = memory.leaf(
                    of: sides.trie, high: query.sourceHigh, low: query.sourceLow)
                destination = memory.leaf(
                    of: sides.trie, high: query.destinationHigh, low: query.destinationLow)
            } else {
                source = memory.leaf(of: sides.trie, high: query.sourceHigh)
                destination = memory.leaf(of: sides.trie, high: query.destinationHigh)
            }
            pool.setWord(at: lane &+ Int(sides.sourceShift >> 3), source | sides.sourceKey)
            pool.setWord(
                at: lane &+ Int(sides.destinationShift >> 3), destination | sides.destinationKey)
        }
    }

    /// Writes the numbers of the classes to the lanes, by the maps of a table; `false` when there is no room for
    /// what is not mapped yet.
    private mutating func classifyMapped(
        _ places: Range<Int>, of queries: Span<Query>, byTableAt table: Int, _ sides: RunSides
    ) -> Bool {
        let pool = mergedTables.pool
        var first = places.lowerBound
        while let merged = mergedTables.table(at: table) {
            let lane = 8 &* (first &- places.lowerBound)
            first = merged.classify(
                first..<places.upperBound, of: queries, pool, firstLane: lane, sides)
            if first == places.upperBound { return true }
            guard
                mergedTables.enterClasses(
                    of: queries[first], ofTableAt: table, sides, reader.memory)
            else { return false }
        }
        return false
    }

    /// As ``classifyMapped(_:of:byTableAt:_:)``, by the map of IPv6 addresses.
    private mutating func classifyLongMapped(
        _ places: Range<Int>, of queries: Span<Query>, byTableAt table: Int, _ sides: RunSides
    ) -> Bool {
        let pool = mergedTables.pool
        var first = places.lowerBound
        while let merged = mergedTables.table(at: table) {
            first = merged.classifyLong(
                first..<places.upperBound, of: queries, pool,
                firstLane: 8 &* (first &- places.lowerBound), sides)
            if first == places.upperBound { return true }
            let lane = 8 &* (first &- places.lowerBound)
            guard
                mergedTables.enterLongClasses(
                    of: queries[first], toLane: lane, ofTableAt: table, sides, reader.memory)
            else { return false }
            first &+= 1
        }
        return false
    }

    /// Puts the numbers of the classes in the place of their keys; `false` when there is no room for one.
    private mutating func findNumbers(ofLanes count: Int, ofTableAt place: Int) -> Bool {
        guard var classes = mergedTables.table(at: place)?.classes else { return false }
        let pool = mergedTables.pool
        for word in 0..<2 &* count {
            let key = pool.word(at: 4 &* word)
            let slot = classes.word(inSlot: classes.slot(of: key), pool)
            if UInt32(truncatingIfNeeded: slot) == key {
                pool.setWord(at: 4 &* word, UInt32(truncatingIfNeeded: slot >> 32))
                continue
            }
            guard
                let number = mergedTables.number(
                    of: ClassKey(bits: key), ofTableAt: place, reader.memory),
                let changed = mergedTables.table(at: place)?.classes
            else { return false }
            classes = changed
            pool.setWord(at: 4 &* word, number)
        }
        return true
    }
}

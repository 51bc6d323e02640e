/// What is made when packets first need it. There may be no room for it: then all merged tables are gone.
extension MergedBook {
    /// Enters the classes of two addresses to the maps of a table; `false`, and all merged tables are gone, when
    /// there is no room.
    mutating func enterClasses(
        of query: Query, ofTableAt place: Int, _ sides: RunSides, _ memory: BlockMemory
    ) -> Bool {
        guard var merged = entries[place].merged else { return false }
        guard merged.enterClasses(of: query, sides, memory, &room, in: pool) else {
            makeRoom(forTableAt: place)
            return false
        }
        entries[place].merged = merged
        return true
    }

    /// As ``enterClasses(of:ofTableAt:_:_:)`` for two IPv6 addresses, which are written to a lane too.
    mutating func enterLongClasses(
        of query: Query, toLane lane: Int, ofTableAt place: Int, _ sides: RunSides,
        _ memory: BlockMemory
    ) -> Bool {
        guard var merged = entries[place].merged else { return false }
        guard merged.enterLongClasses(of: query, toLane: lane, sides, memory, &room, in: pool)
        else {
            makeRoom(forTableAt: place)
            return false
        }
        entries[place].merged = merged
        return true
    }

    /// The number of a class; `nil`, and all merged tables are gone, when there is no room for it.
    mutating func number(
        of key: ClassKey, ofTableAt place: Int, _ memory: BlockMemory
    ) -> UInt32? {
        guard var merged = entries[place].merged else { return nil }
        guard let number = merged.number(of: key, memory, &room, in: pool) else {
            makeRoom(forTableAt: place)
            return nil
        }
        entries[place].merged = merged
        return number
    }

    /// Decides the queries of a run that the ``LaneKernel`` left; `false`, and all merged tables are gone, when there is
    /// no room for what is not there yet.
    mutating func decideMissing(
        _ count: Int, of run: Range<Int>, of queries: Span<Query>,
        into outcomes: inout MutableSpan<Outcome>, byTableAt place: Int, _ sides: RunSides,
        _ memory: BlockMemory
    ) -> Bool {
        guard var merged = entries[place].merged else { return false }
        for index in 0..<count {
            let query = run.lowerBound + Int(pool.half(at: LaneKernel.missing + 2 * index))
            guard
                let outcome = merged.outcome(of: queries[query], sides, memory, &room, in: pool)
            else {
                makeRoom(forTableAt: place)
                return false
            }
            outcomes[query] = outcome
        }
        entries[place].merged = merged
        return true
    }

    /// Makes the answers of a pair of classes; `false`, and all merged tables are gone, when there is no room.
    mutating func makePair(peer: UInt32, local: UInt32, ofTableAt place: Int) -> Bool {
        guard var merged = entries[place].merged else { return false }
        guard merged.makePair(peer: peer, local: local, &room, in: pool) else {
            makeRoom(forTableAt: place)
            return false
        }
        entries[place].merged = merged
        return true
    }

    /// Enters the records of a query's addresses to the maps of a wide table; `false`, and all merged tables are
    /// gone, when there is no room.
    mutating func enterRecords(
        of query: Query, ofTableAt place: Int, _ sides: RunSides, _ memory: BlockMemory
    ) -> Bool {
        guard var wide = entries[place].wide else { return false }
        guard wide.enterRecords(of: query, sides, memory, &room, in: pool) else {
            makeRoom(forTableAt: place)
            return false
        }
        entries[place].wide = wide
        return true
    }
}

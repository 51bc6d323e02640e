extension MergedTable {
    /// Whether the map of IPv6 addresses is that of a trie, after `count` look-ups more. It is read from the whole trie when
    /// this was asked often enough, and read again when it has changed since: the more seldom the larger it is.
    mutating func isLongMapped(
        _ sides: RunSides, ofSpace space: Int, lookupCount count: Int, _ merging: Merging,
        _ memory: BlockMemory, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        longMapped.count(count, of: sides.trie, ofSpace: space)
        if longMapped.isMapped, longMap.changedCount == 0 { return true }
        let steadyCount = merging.steadyLookupCount(forRanges: longMap.rangeCount)
        guard longMapped.lookupCount > steadyCount else { return longMapped.isMapped }
        longMapped.lookupCount = 0
        longMapped.isMapped = longMap.read(sides.trie, memory, &room, in: pool)
        return longMapped.isMapped
    }

    /// Writes the classes of a query's IPv6 addresses to a lane, and enters them to the map; whether there was
    /// room.
    mutating func enterLongClasses(
        of query: Query, toLane lane: Int, _ sides: RunSides, _ memory: BlockMemory,
        _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        let sourceLeaf = memory.leaf(of: sides.trie, high: query.sourceHigh, low: query.sourceLow)
        let destinationLeaf = memory.leaf(
            of: sides.trie, high: query.destinationHigh, low: query.destinationLow)
        let sourceKey = ClassKey(bits: sourceLeaf | sides.sourceKey)
        let destinationKey = ClassKey(bits: destinationLeaf | sides.destinationKey)
        guard let source = number(of: sourceKey, memory, &room, in: pool),
            let destination = number(of: destinationKey, memory, &room, in: pool)
        else { return false }
        longMap.enter(source: source + 1, destination: destination + 1, for: query, in: pool)
        pool.setWord64(
            at: lane,
            UInt64(source) << sides.sourceShift | UInt64(destination) << sides.destinationShift)
        return true
    }

    /// Writes the classes of queries' IPv6 addresses to the lanes, as
    /// ``classify(_:of:_:firstLane:_:)`` does.
    @inline(__always)
    func classifyLong(
        _ places: Range<Int>, of queries: Span<Query>, _ pool: MergedMemory, firstLane: Int,
        _ sides: RunSides
    ) -> Int {
        var lane = firstLane
        let (sourceShift, destinationShift) = (sides.sourceShift, sides.destinationShift)
        for place in places {
            let words = longMap.words(of: queries[place], pool)
            if !LongMap.isKnown(words.source) || !LongMap.isKnown(words.destination) {
                return place
            }
            pool.setWord64(
                at: lane,
                UInt64(words.source &- 1) &<< sourceShift
                    | UInt64(words.destination &- 1) &<< destinationShift)
            lane &+= 8
        }
        return places.upperBound
    }

    /// Goes on to the IPv6 trie of another version: what differs is forgotten, and all if that is much. `differences` are
    /// those of the table before, which mostly has the same tries.
    ///
    /// - Precondition: what the trie was read from is still there.
    mutating func keepLongTrie(
        of reader: TableReader, _ differences: inout TrieDifferences?, in pool: MergedMemory
    ) {
        guard longMapped.space >= 0 else { return }
        let trie = reader.trie(ofSpace: longMapped.space, isIPv6: true)
        guard trie != longMapped.trie else { return }
        guard longMapped.isMapped else {
            longMapped = MappedTrie()
            return
        }
        if differences?.old != longMapped.trie || differences?.new != trie {
            differences = TrieDifferences(longMapped.trie, trie, reader.memory)
        }
        guard let differences, !differences.isTooMany else {
            longMapped = MappedTrie()
            return
        }
        for stretch in differences.stretches { longMap.forget(stretch, in: pool) }
        longMapped.trie = trie
        if longMap.changedCount > longMap.rangeCount / 2 { longMapped = MappedTrie() }
    }
}

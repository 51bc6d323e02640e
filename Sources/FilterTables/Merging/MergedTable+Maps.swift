extension MergedTable {
    /// Whether the maps are those of a trie, after `count` look-ups more. They are once it has been asked often
    /// enough: a trie that changes more often is not copied.
    mutating func isMapped(
        _ trie: TrieEntry, ofSpace space: Int, lookupCount count: Int, steadyCount: Int,
        in pool: MergedMemory
    ) -> Bool {
        mapped.count(count, of: trie, ofSpace: space)
        if mapped.isMapped { return true }
        guard mapped.lookupCount > steadyCount else { return false }
        sourceMap.removeAll(in: pool)
        destinationMap.removeAll(in: pool)
        mapped.isMapped = true
        return true
    }

    /// Enters the classes of a query's addresses to the maps, and those of addresses around them; whether there
    /// was room.
    mutating func enterClasses(
        of query: Query, _ sides: RunSides, _ memory: BlockMemory, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) -> Bool {
        enterClasses(of: query.sourceWord, ofSources: true, sides, memory, &room, pool)
            && enterClasses(of: query.destinationWord, ofSources: false, sides, memory, &room, pool)
    }

    /// Enters the classes of the addresses around one, if a map has not that one's; whether there was room.
    private mutating func enterClasses(
        of address: UInt32, ofSources: Bool, _ sides: RunSides, _ memory: BlockMemory,
        _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> Bool {
        var map = ofSources ? sourceMap : destinationMap
        guard !ClassMap.isKnown(map.number(of: address, pool)) else { return true }
        let side = ofSources ? sides.sourceKey : sides.destinationKey
        guard tellsAddressesApart(ofSources: ofSources, side, pool) else {
            // The class of an address that no rule names.
            guard let number = number(of: ClassKey(bits: side), memory, &room, in: pool),
                map.enterEverywhere(number, &room, in: pool)
            else { return false }
            if ofSources { sourceMap = map } else { destinationMap = map }
            return true
        }
        var ranges = LeafRanges(around: address, of: sides.trie, memory)
        var entered = address...address
        while let range = ranges.next() {
            let key = ClassKey(bits: range.leaf | side)
            guard let number = number(of: key, memory, &room, in: pool),
                map.enter(number, for: range.addresses, &room, in: pool)
            else { return false }
            entered =
                min(
                    entered.lowerBound, range.addresses.lowerBound)...max(
                    entered.upperBound, range.addresses.upperBound)
        }
        if ofSources { sourceMap = map } else { destinationMap = map }
        return addedCount == 0 || splitAdded(entered, ofSources: ofSources, &room, pool)
    }

    /// Whether a step names some addresses of a side and not all.
    private func tellsAddressesApart(
        ofSources: Bool, _ side: UInt32, _ pool: MergedMemory
    ) -> Bool {
        let members = side & ClassKey.ofLocal != 0 ? localMembers : peerMembers
        return members.tellsAddressesApart || hasAddedBlocks(ofSources: ofSources, pool)
    }

    /// Goes on to the trie of another version: what differs is forgotten. `differences` are those of the table before, which
    /// mostly has the same tries.
    ///
    /// - Precondition: what the trie was copied from is still there.
    mutating func keepTrie(
        of reader: TableReader, _ differences: inout TrieDifferences?, in pool: MergedMemory
    ) {
        guard mapped.space >= 0 else { return }
        let trie = reader.trie(ofSpace: mapped.space, isIPv6: false)
        guard trie != mapped.trie else { return }
        guard mapped.isMapped else {
            mapped = MappedTrie()
            return
        }
        if differences?.old != mapped.trie || differences?.new != trie {
            differences = TrieDifferences(mapped.trie, trie, reader.memory)
        }
        guard let differences, !differences.isTooMany else {
            mapped = MappedTrie()
            return
        }
        for stretch in differences.stretches {
            sourceMap.forget(stretch.addresses, in: pool)
            destinationMap.forget(stretch.addresses, in: pool)
        }
        mapped.trie = trie
    }
}

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
        guard
            let source = entered(
                query.sourceWord, sides.sourceKey, sides.trie, to: sourceMap, memory, &room, pool)
        else { return false }
        sourceMap = source
        guard
            let destination = entered(
                query.destinationWord, sides.destinationKey, sides.trie, to: destinationMap, memory,
                &room, pool)
        else { return false }
        destinationMap = destination
        return true
    }

    /// A map with the classes of the addresses around one, if it has not that one's; `nil` when there is too
    /// little room.
    private mutating func entered(
        _ address: UInt32, _ side: UInt32, _ trie: TrieEntry, to map: ClassMap,
        _ memory: BlockMemory, _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> ClassMap? {
        guard !ClassMap.isKnown(map.number(of: address, pool)) else { return map }
        var map = map
        let members = side & ClassKey.ofLocal != 0 ? localMembers : peerMembers
        guard members.tellsAddressesApart else {
            // The class of an address that no rule names.
            guard let number = number(of: ClassKey(bits: side), memory, &room, in: pool) else {
                return nil
            }
            return map.enterEverywhere(number, &room, in: pool) ? map : nil
        }
        var ranges = LeafRanges(around: address, of: trie, memory)
        while let range = ranges.next() {
            let key = ClassKey(bits: range.leaf | side)
            guard let number = number(of: key, memory, &room, in: pool),
                map.enter(number, for: range.addresses, &room, in: pool)
            else { return nil }
        }
        return map
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

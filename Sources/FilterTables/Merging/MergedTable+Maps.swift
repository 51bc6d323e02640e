extension MergedTable {
    /// Whether the maps are those of a trie, after `count` look-ups more. They are once it has been asked often
    /// enough: a trie that changes more often is not copied.
    mutating func isMapped(
        _ trie: TrieEntry, ofSpace space: Int, lookupCount count: Int, steadyCount: Int,
        in pool: MergedMemory
    ) -> Bool {
        if mapped.trie != trie || mapped.space != space {
            mapped = MappedTrie(space: space, trie: trie)
        }
        if mapped.isMapped { return true }
        mapped.lookupCount += count
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
        let (source, destination) = (query.sourceWord, query.destinationWord)
        if !ClassMap.isKnown(sourceMap.number(of: source, pool)) {
            var ranges = LeafRanges(around: source, of: sides.trie, memory)
            while let range = ranges.next() {
                let key = ClassKey(bits: range.leaf | sides.sourceKey)
                guard let number = number(of: key, memory, &room, in: pool),
                    sourceMap.enter(number, for: range.addresses, &room, in: pool)
                else { return false }
            }
        }
        if !ClassMap.isKnown(destinationMap.number(of: destination, pool)) {
            var ranges = LeafRanges(around: destination, of: sides.trie, memory)
            while let range = ranges.next() {
                let key = ClassKey(bits: range.leaf | sides.destinationKey)
                guard let number = number(of: key, memory, &room, in: pool),
                    destinationMap.enter(number, for: range.addresses, &room, in: pool)
                else { return false }
            }
        }
        return true
    }

    /// Forgets the trie if another version does not have it.
    ///
    /// - Precondition: what the trie was copied from is still there, so that equal tries are the same.
    mutating func keepTrie(of reader: TableReader) {
        guard mapped.space >= 0,
            reader.trie(ofSpace: mapped.space, isIPv6: false) != mapped.trie
        else { return }
        mapped = MappedTrie()
    }
}

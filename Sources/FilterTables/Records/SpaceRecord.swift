/// The words of an address space: one line with the tries from its addresses to the classes of the
/// selectors that its rules name.
///
///     word 0   trie of IPv4 addresses
///          1   trie of IPv6 addresses
enum SpaceRecord {
    static let ipv4 = 0
    static let ipv6 = 1

    /// The word of a family's trie.
    @inline(__always)
    static func trie(isIPv6: Bool) -> Int { isIPv6 ? ipv6 : ipv4 }

    /// The record of a space whose tries are given away to it.
    static func make(ipv4: TrieEntry, ipv6: TrieEntry, in arena: BlockArena) -> BlockRef {
        let record = arena.allocate(.spaceRecord)
        arena.memory.setEntry(record, SpaceRecord.ipv4, ipv4)
        arena.memory.setEntry(record, SpaceRecord.ipv6, ipv6)
        return record
    }

    /// A record that shares the tries of `record`.
    static func duplicate(_ record: BlockRef, in arena: BlockArena) -> BlockRef {
        for word in [ipv4, ipv6] { arena.retain(arena.memory.entry(record, word).block) }
        return arena.duplicate(record)
    }

    /// Drops the references of a dying record.
    static func dropChildren(of record: BlockRef, in arena: BlockArena) {
        for word in [ipv4, ipv6] { arena.drop(arena.memory.entry(record, word).block) }
    }
}

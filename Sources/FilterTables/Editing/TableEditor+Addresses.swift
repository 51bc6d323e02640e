internal import CloudModel

/// Selectors and owners in the tries.
extension TableEditor {
    // MARK: Selectors

    /// The number of a selector for one rule more; its addresses are in the tries of its space while
    /// a rule names it.
    mutating func use(_ selector: Selector, inSpace space: Int) -> SelectorID {
        let use = books.use(selector, inSpace: space)
        guard use.isFirst else { return use.id }
        for block in books.blocks(of: selector, inSpace: space) {
            add(CountedMembership(member: use.id, isOwner: false, block: block), inSpace: space)
        }
        return use.id
    }

    /// Takes the addresses of a selector, which no rule names any more, out of the tries of its space.
    mutating func removeAddresses(of selector: Selector, _ id: SelectorID, inSpace space: Int) {
        for block in books.blocks(of: selector, inSpace: space) {
            remove(CountedMembership(member: id, isOwner: false, block: block), inSpace: space)
        }
    }

    // MARK: Members of groups and entries of lists

    /// Adds blocks to the addresses of a group or list, wherever rules name it.
    mutating func add(_ blocks: [CIDRBlock], to selector: Selector, inSpaces spaces: [Int]) {
        for space in spaces {
            guard let id = number(of: selector, inSpace: space) else { continue }
            for block in blocks {
                add(CountedMembership(member: id, isOwner: false, block: block), inSpace: space)
            }
        }
    }

    /// Takes blocks from the addresses of a group or list, wherever rules name it.
    mutating func remove(_ blocks: [CIDRBlock], from selector: Selector, inSpaces spaces: [Int]) {
        for space in spaces {
            guard let id = number(of: selector, inSpace: space) else { continue }
            for block in blocks {
                remove(CountedMembership(member: id, isOwner: false, block: block), inSpace: space)
            }
        }
    }

    /// The number of a selector that some rule names.
    func number(of selector: Selector, inSpace space: Int) -> SelectorID? {
        books.selectors.number(of: SpacedSelector(space: space, selector: selector))
    }

    // MARK: Tries

    private mutating func add(_ membership: CountedMembership, inSpace space: Int) {
        let isIPv6 = membership.block.family == .ipv6
        let record = ownedRecord(.spaces, space)
        add(membership, toTrieAt: SpaceRecord.trie(isIPv6: isIPv6), of: record)
    }

    private mutating func remove(_ membership: CountedMembership, inSpace space: Int) {
        let isIPv6 = membership.block.family == .ipv6
        let record = ownedRecord(.spaces, space)
        remove(membership, fromTrieAt: SpaceRecord.trie(isIPv6: isIPv6), of: record)
    }

    /// Notes that an interface owns a block.
    mutating func addOwner(_ interface: Int, of block: CIDRBlock) {
        add(
            CountedMembership(member: UInt32(interface), isOwner: true, block: block),
            toTrieAt: RootLayout.owners(isIPv6: block.family == .ipv6), of: root)
    }

    /// Notes that an interface owns a block no more.
    mutating func removeOwner(_ interface: Int, of block: CIDRBlock) {
        remove(
            CountedMembership(member: UInt32(interface), isOwner: true, block: block),
            fromTrieAt: RootLayout.owners(isIPv6: block.family == .ipv6), of: root)
    }

    private mutating func add(
        _ membership: CountedMembership, toTrieAt word: Int, of holder: BlockRef
    ) {
        let prefix = AddressPrefix(membership.block)
        let trie = memory.entry(holder, word)
        if memory.holds(membership.member, at: prefix, in: trie) {
            books.repeatedMemberships[membership, default: 0] += 1
            return
        }
        memory.setEntry(
            holder, word, Trie.adding(membership.member, at: prefix, to: trie, in: arena))
    }

    private mutating func remove(
        _ membership: CountedMembership, fromTrieAt word: Int, of holder: BlockRef
    ) {
        if !books.repeatedMemberships.isEmpty,
            let count = books.repeatedMemberships[membership]
        {
            books.repeatedMemberships[membership] = count == 1 ? nil : count - 1
            return
        }
        let trie = memory.entry(holder, word)
        let prefix = AddressPrefix(membership.block)
        memory.setEntry(
            holder, word, Trie.removing(membership.member, at: prefix, from: trie, in: arena))
    }
}

extension BlockMemory {
    /// Whether a member ends at a prefix of a trie of classes.
    func holds(_ member: UInt32, at prefix: AddressPrefix, in trie: TrieEntry) -> Bool {
        var block = BlockRef(line: leaf(of: trie, high: prefix.high, low: prefix.low))
        while !block.isNone, prefixLength(ofClass: block) > prefix.length {
            block = parent(ofClass: block)
        }
        guard !block.isNone, prefixLength(ofClass: block) == prefix.length else { return false }
        for place in 0..<memberCount(ofClass: block)
        where self.member(ofClass: block, at: place) == member { return true }
        return false
    }
}

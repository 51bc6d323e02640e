/// Interned sets of members that hold an address: what ends at one prefix, and a link to the class of
/// the covering prefix.
///
///     10.0.0.0/8 ── class 1: /8  [cidr 10.0.0.0/8]     → none
///     10.1.0.0/16 ─ class 2: /16 [list pl-office]      → class 1
///     10.1.0.5 ──── class 3: /32 [group web, ssh]      → class 2
///     10.1.0.6 ──── class 3     (the same members and link: the same class)
///
/// Equal chains are one block, so two addresses with equal class numbers lie in the same sets. What the
/// members are is the user's matter: selectors, or interfaces that own an address.
///
///     word 0   hash of the words behind it
///          1   parent: the line of the covering class, 0 for none; a counted reference
///          2   31     24 23             0
///              ┌────────┬────────────────┐
///              │ length │ member count   │
///              └────────┴────────────────┘
///          3…  members, ascending
enum AddressClass {
    static let hash = 0
    static let parent = 1
    static let header = 2
    static let members = 3

    /// Takes a dying class out of the index and drops its parent.
    static func dropParent(of block: BlockRef, in arena: BlockArena) {
        arena.classes.remove(block, in: arena.memory)
        arena.drop(arena.memory.parent(ofClass: block))
    }

    /// The class of the members that end at a prefix of `length` bits, inside the class `parent`.
    ///
    /// Consumes `parent` and returns an owned class.
    /// - Precondition: `members` ascend and are not empty.
    static func interned(
        _ members: Span<UInt32>, length: UInt8, parent: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let block = room(memberCount: members.count, length: length, parent: parent, in: arena)
        for index in 0..<members.count {
            arena.memory.setWord(block, self.members + index, members[index])
        }
        return interned(block, in: arena)
    }

    /// The class that differs from `base` in that `member` ends at `length` bits, too.
    ///
    /// Leaves `base` to the caller and returns an owned class.
    /// - Precondition: `member` does not end there yet, and `base` ends at no more than `length` bits.
    static func adding(
        _ member: UInt32, length: UInt8, to base: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        guard !base.isNone, memory.prefixLength(ofClass: base) == length else {
            arena.retain(base)
            let block = room(memberCount: 1, length: length, parent: base, in: arena)
            memory.setWord(block, members, member)
            return interned(block, in: arena)
        }
        let count = memory.memberCount(ofClass: base)
        let place = memory.place(of: member, inClass: base)
        precondition(
            place == count || memory.member(ofClass: base, at: place) != member,
            "a member ends once at a prefix")
        let block = room(likeClass: base, memberCount: count + 1, in: arena)
        memory.copyWords(place, of: base, from: members, to: block, at: members)
        memory.setWord(block, members + place, member)
        memory.copyWords(
            count - place, of: base, from: members + place, to: block, at: members + place + 1)
        return interned(block, in: arena)
    }

    /// The class that differs from `base` in that `member` does not end at its prefix.
    ///
    /// Leaves `base` to the caller and returns an owned class, or none.
    /// - Precondition: `member` ends there.
    static func removing(
        _ member: UInt32, from base: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let memory = arena.memory
        let count = memory.memberCount(ofClass: base)
        let place = memory.place(of: member, inClass: base)
        precondition(
            place < count && memory.member(ofClass: base, at: place) == member, "no such member")
        guard count > 1 else {
            let parent = memory.parent(ofClass: base)
            arena.retain(parent)
            return parent
        }
        let block = room(likeClass: base, memberCount: count - 1, in: arena)
        memory.copyWords(place, of: base, from: members, to: block, at: members)
        memory.copyWords(
            count - 1 - place, of: base, from: members + place + 1, to: block,
            at: members + place)
        return interned(block, in: arena)
    }

    /// The class that differs from `block` in that its chain goes on with `new` where it has `old`.
    ///
    /// Leaves all to the caller and returns an owned class. What classes between the two become is noted in
    /// `renamed`, for other chains that go on with them.
    ///
    /// - Precondition: `old` is `block` or one of those it leads to; none ends every chain. What `renamed`
    ///   has of the same edit lives.
    /// - Complexity: O(members up to `old`), expected.
    static func replacing(
        _ old: BlockRef, with new: BlockRef, below block: BlockRef,
        _ renamed: inout RenamedClasses, in arena: BlockArena
    ) -> BlockRef {
        if block == old {
            arena.retain(new)
            return new
        }
        let parent = arena.memory.parent(ofClass: block)
        if let known = renamed.renamed(parent) {
            arena.retain(known)
            return moved(block, to: known, in: arena)
        }
        let newParent = replacing(old, with: new, below: parent, &renamed, in: arena)
        renamed.note(parent, becomes: newParent)
        return moved(block, to: newParent, in: arena)
    }

    /// The class with the members of `base` and another parent, which is consumed.
    private static func moved(
        _ base: BlockRef, to parent: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        let count = arena.memory.memberCount(ofClass: base)
        let block = room(
            memberCount: count, length: arena.memory.prefixLength(ofClass: base), parent: parent,
            in: arena)
        arena.memory.copyWords(count, of: base, from: members, to: block, at: members)
        return interned(block, in: arena)
    }

    // MARK: Blocks

    /// A new block for a class with the length and parent of another.
    private static func room(
        likeClass base: BlockRef, memberCount: Int, in arena: BlockArena
    ) -> BlockRef {
        let parent = arena.memory.parent(ofClass: base)
        arena.retain(parent)
        return room(
            memberCount: memberCount, length: arena.memory.prefixLength(ofClass: base),
            parent: parent, in: arena)
    }

    /// A new block for a class; its members and hash are still to be written.
    private static func room(
        memberCount: Int, length: UInt8, parent: BlockRef, in arena: BlockArena
    ) -> BlockRef {
        precondition(memberCount < 1 << 24, "too many members end at one prefix")
        let block = arena.allocate(.addressClass, lineCount: (members + memberCount + 15) / 16)
        arena.memory.setWord(block, self.parent, parent.line)
        arena.memory.setWord(block, header, UInt32(length) << 24 | UInt32(memberCount))
        return block
    }

    /// The class that equals the one just written to `block`: an older one, or `block` itself.
    private static func interned(_ block: BlockRef, in arena: BlockArena) -> BlockRef {
        let memory = arena.memory
        memory.setWord(block, hash, memory.hash(ofClass: block))
        let known = arena.classes.insert(block, in: memory)
        guard known != block else { return block }
        arena.retain(known)
        arena.release(memory.parent(ofClass: block))
        arena.discard(block)
        return known
    }
}

extension BlockMemory {
    /// The class of the covering prefix that has members; none ends the chain.
    @inline(__always)
    func parent(ofClass block: BlockRef) -> BlockRef {
        BlockRef(line: word(block, AddressClass.parent))
    }

    /// The length of the prefix at which a class's own members end.
    @inline(__always)
    func prefixLength(ofClass block: BlockRef) -> UInt8 {
        UInt8(truncatingIfNeeded: word(block, AddressClass.header) >> 24)
    }

    /// How many members end at a class's own prefix; at least one.
    @inline(__always)
    func memberCount(ofClass block: BlockRef) -> Int {
        Int(word(block, AddressClass.header) & 0xFF_FFFF)
    }

    /// One of a class's own members; they ascend.
    @inline(__always)
    func member(ofClass block: BlockRef, at index: Int) -> UInt32 {
        word(block, AddressClass.members &+ index)
    }

    /// The place of the first own member of a class that is not below `member`.
    fileprivate func place(of member: UInt32, inClass block: BlockRef) -> Int {
        var low = 0
        var high = memberCount(ofClass: block)
        while low < high {
            let middle = (low + high) / 2
            if self.member(ofClass: block, at: middle) < member {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// A hash of a class's parent, length and members: multiply and fold, a word at a time.
    fileprivate func hash(ofClass block: BlockRef) -> UInt32 {
        var mixed: UInt64 = 0
        for index in AddressClass.parent..<AddressClass.members + memberCount(ofClass: block) {
            mixed = (mixed ^ UInt64(word(block, index))) &* 0x9E37_79B9_7F4A_7C15
            mixed ^= mixed &>> 32
        }
        return UInt32(truncatingIfNeeded: mixed)
    }
}

/// That a member holds the keys that begin with a prefix.
struct Membership: Hashable, Comparable, Sendable {
    let prefix: AddressPrefix
    let member: UInt32

    static func < (lhs: Membership, rhs: Membership) -> Bool {
        (lhs.prefix, lhs.member) < (rhs.prefix, rhs.member)
    }
}

extension Trie {
    /// The trie of all `memberships`, in any order; equal ones count once.
    ///
    /// - Complexity: O(*n* log *n*).
    static func building(_ memberships: [Membership], in arena: BlockArena) -> TrieEntry {
        var builder = TrieBuilder(arena)
        builder.makeClasses(of: memberships.sorted())
        let trie = builder.entry(for: 0..<builder.assignments.count, at: 0, outside: .empty)
        for assignment in builder.assignments { arena.release(assignment.class) }
        return trie
    }
}

/// Makes a trie in one go: first the class of every prefix, then the nodes from the root down.
private struct TrieBuilder {
    /// A prefix and the class of the keys whose longest prefix it is.
    struct Assignment {
        let prefix: AddressPrefix
        let `class`: BlockRef
    }

    /// Distinct prefixes, ascending; they own their classes.
    private(set) var assignments: [Assignment] = []
    private let steps: TrieSteps

    init(_ arena: BlockArena) { steps = TrieSteps(arena) }

    private var arena: BlockArena { steps.arena }

    /// Finds the class of every prefix of `memberships`, which ascend.
    mutating func makeClasses(of memberships: [Membership]) {
        assignments.reserveCapacity(memberships.count)
        // The prefixes around the current one, outermost first.
        var covering: [Assignment] = []
        var members: [UInt32] = []
        var index = 0
        while index < memberships.count {
            let prefix = memberships[index].prefix
            members.removeAll(keepingCapacity: true)
            while index < memberships.count, memberships[index].prefix == prefix {
                let member = memberships[index].member
                if members.last != member { members.append(member) }
                index += 1
            }
            while let last = covering.last, !last.prefix.covers(prefix) { covering.removeLast() }
            let parent = covering.last?.class ?? .none
            arena.retain(parent)
            let assignment = Assignment(
                prefix: prefix,
                class: AddressClass.interned(
                    members.span, length: prefix.length, parent: parent, in: arena))
            assignments.append(assignment)
            covering.append(assignment)
        }
    }

    /// The entry behind the first `depth` bits, which all prefixes of `places` share; keys outside
    /// them have the leaf `outside`. Returns an owned entry and leaves `outside` to the caller.
    func entry(for places: Range<Int>, at depth: Int, outside: TrieEntry) -> TrieEntry {
        var places = places
        var background = outside
        if let first = places.first, Int(assignments[first].prefix.length) == depth {
            background = TrieEntry(leaf: assignments[first].class)
            places.removeFirst()
        }
        guard let first = places.first else {
            arena.retain(background.block)
            return background
        }
        let key = TrieKey(
            high: assignments[first].prefix.high, low: assignments[first].prefix.low)
        let common = commonDepth(of: places, from: depth)
        guard common > depth else {
            return steps.encoded(
                node(for: places, at: depth, outside: background), at: depth, key: key)
        }
        let below = entry(for: places, at: common, outside: background)
        arena.retain(background.block)
        return steps.joined(below, below: key, depth: common, otherwise: background)
    }

    /// A step written out in full.
    private func node(for places: Range<Int>, at depth: Int, outside: TrieEntry) -> BlockRef {
        arena.retain(outside.block)
        let node = steps.widened(outside, at: depth)
        var index = places.lowerBound
        while index < places.upperBound {
            let prefix = assignments[index].prefix
            let octet = prefix.octet(at: depth >> 3)
            let freeBits = depth + 8 - Int(prefix.length)
            if freeBits > 0 {
                let leaf = TrieEntry(leaf: assignments[index].class)
                fill(node, octet..<octet + 1 << freeBits, with: leaf)
                index += 1
                continue
            }
            var end = index + 1
            while end < places.upperBound,
                assignments[end].prefix.octet(at: depth >> 3) == octet
            { end += 1 }
            // A covering prefix comes before what it covers, so the octet already has the leaf of the
            // keys outside the prefixes below it.
            let around = steps.memory.entry(node, octet)
            let below = entry(for: index..<end, at: depth + 8, outside: around)
            steps.memory.setEntry(node, octet, below)
            arena.release(around.block)
            index = end
        }
        return node
    }

    /// Puts `leaf` in the place of the one leaf that a stretch of octets has.
    private func fill(_ node: BlockRef, _ octets: Range<Int>, with leaf: TrieEntry) {
        arena.retain(leaf.block, count: octets.count)
        arena.release(steps.memory.entry(node, octets.lowerBound).block, count: octets.count)
        steps.memory.fillWords(
            node, from: octets.lowerBound, count: octets.count, with: leaf.bits)
    }

    /// The deepest octet before which all prefixes of `places` agree and none ends.
    private func commonDepth(of places: Range<Int>, from depth: Int) -> Int {
        // Ascending order: what the first and the last share, all share; and of prefixes that share
        // more than the first's length, the first is the shortest.
        let first = assignments[places.lowerBound].prefix
        let last = assignments[places.upperBound - 1].prefix
        let highDifference = first.high ^ last.high
        let shared =
            highDifference != 0
            ? highDifference.leadingZeroBitCount
            : 64 + (first.low ^ last.low).leadingZeroBitCount
        return max(depth, min(shared, Int(first.length), Int(last.length)) & ~7)
    }
}

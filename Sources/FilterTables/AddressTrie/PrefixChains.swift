/// Interned chains: what holds at a prefix, and a link to the chain of the covering prefix.
///
/// A chain's number is the *class* of an address: two addresses with equal numbers lie in the same
/// selectors. All members of the same groups under one covering prefix share a chain, so classes stay
/// far fewer than addresses. Chain 0 is empty and links to itself.
///
///     10.0.0.0/8 ── chain 1: [cidr 10.0.0.0/8]                 → 0
///     10.1.0.0/16 ─ chain 2: [list pl-office]                  → 1
///     10.1.0.5/32 ─ chain 3: [group web, group ssh]            → 2
///     10.1.0.6/32 ─ chain 3   (the same members and link: the same class)
///
/// What the members are is the user's matter: selectors for address classes, interfaces for owners.
/// Size: 8 bytes a chain and 4 a member.
struct PrefixChains: Sendable {
    private(set) var links: [UInt32] = [0]
    private(set) var starts: [UInt32] = [0, 0]
    private(set) var members: [UInt32] = []

    /// The members that end at the chain's own prefix.
    @inline(__always)
    func ownMembers(of chain: UInt32) -> Range<Int> {
        Int(starts[Int(chain)])..<Int(starts[Int(chain) + 1])
    }

    /// The chain of the covering prefix; 0 ends the walk.
    @inline(__always)
    func link(of chain: UInt32) -> UInt32 { links[Int(chain)] }

    /// All members of a chain and of those it links to.
    func allMembers(of chain: UInt32) -> [UInt32] {
        var found: [UInt32] = []
        var current = chain
        while current != 0 {
            found += members[ownMembers(of: current)]
            current = link(of: current)
        }
        return found
    }

    /// The number of different chains, the empty one included.
    var count: Int { links.count }
    /// The bytes that the chains take.
    var byteCount: Int { 4 * (links.count + starts.count + members.count) }

    fileprivate mutating func append(_ own: [UInt32], link: UInt32) -> UInt32 {
        links.append(link)
        members += own
        starts.append(UInt32(members.count))
        return UInt32(links.count - 1)
    }
}

/// Makes tries of chains: prefixes with members in, a trie from addresses to chain numbers out.
struct PrefixChainBuilder {
    /// What a chain is interned by.
    private struct Key: Hashable {
        let own: [UInt32]
        let link: UInt32
    }

    private(set) var chains = PrefixChains()
    private var numbers: [Key: UInt32] = [:]

    init() {}

    /// The trie that gives each address the chain of all members whose prefixes hold it.
    ///
    /// - Complexity: O(*n* log *n*) in the number of memberships.
    mutating func makeTrie(_ memberships: [(prefix: AddressPrefix, member: UInt32)]) -> AddressTrie
    {
        let sorted = memberships.sorted { ($0.prefix, $0.member) < ($1.prefix, $1.member) }
        var assignments: [AddressTrie.Assignment] = []
        // The prefixes around the current one, outermost first.
        var covering: [AddressTrie.Assignment] = []
        var index = 0
        while index < sorted.count {
            let prefix = sorted[index].prefix
            var own: [UInt32] = []
            while index < sorted.count, sorted[index].prefix == prefix {
                if own.last != sorted[index].member { own.append(sorted[index].member) }
                index += 1
            }
            while let last = covering.last, !last.prefix.covers(prefix) { covering.removeLast() }
            let chain = intern(own, link: covering.last?.value ?? 0)
            let assignment = AddressTrie.Assignment(prefix: prefix, value: chain)
            assignments.append(assignment)
            covering.append(assignment)
        }
        return AddressTrie(assignments)
    }

    private mutating func intern(_ own: [UInt32], link: UInt32) -> UInt32 {
        let key = Key(own: own, link: link)
        if let known = numbers[key] { return known }
        let number = chains.append(own, link: link)
        numbers[key] = number
        return number
    }
}

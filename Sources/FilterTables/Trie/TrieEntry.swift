/// What a slot of a ``Trie`` leads to: a node further down, or the leaf that ends the way.
///
///     31 30 29                                 0
///     ┌────┬────────────────────────────────────┐
///     │ 00 │ leaf: 0, or the line of an         │   the leaf holds a reference to the class
///     │    │ ``AddressClass``                   │
///     │ 00 │ 1 and a number of 29 bits          │   not counted
///     │ 01 │ line of a node of 16 entries       │   by the next half octet
///     │ 10 │ line of a node of 256 entries      │   by the next octet
///     │ 11 │ line of a skip                     │   see ``SkipLayout``
///     └────┴────────────────────────────────────┘
///
/// The entry of a trie's root is the trie. An entry that a function *consumes* is no longer the
/// caller's to use; one that it returns belongs to the caller.
struct TrieEntry: Hashable, Sendable {
    let bits: UInt32

    /// What the two highest bits say.
    enum Kind: UInt32 {
        case leaf, narrow, wide, skip
    }

    static let numberFlag: UInt32 = 1 << 29
    static let lineMask: UInt32 = 1 << 30 - 1

    @inline(__always)
    init(bits: UInt32) { self.bits = bits }

    /// The leaf of addresses that nothing holds; as a trie, the empty one.
    static let empty = TrieEntry(bits: 0)

    /// The leaf of a class.
    init(leaf class: BlockRef) { bits = `class`.line }

    /// A leaf that is a number.
    ///
    /// - Precondition: `number` is below 2²⁹.
    init(number: UInt32) {
        precondition(number < TrieEntry.numberFlag, "a leaf has room for 29 bits")
        bits = number | TrieEntry.numberFlag
    }

    /// The node at `block`, of a kind other than a leaf.
    init(_ kind: Kind, _ block: BlockRef) { bits = kind.rawValue << 30 | block.line }

    @inline(__always)
    var kind: Kind {
        switch bits >> 30 {
        case 0: .leaf
        case 1: .narrow
        case 2: .wide
        default: .skip
        }
    }

    @inline(__always)
    var isLeaf: Bool { bits >> 30 == 0 }

    /// The number of a leaf that is one.
    var number: UInt32 { bits & (TrieEntry.numberFlag - 1) }

    /// The block that this entry holds a reference to; none for numbers and the empty leaf.
    @inline(__always)
    var block: BlockRef {
        let isNumber = bits >> 29 == 1
        return BlockRef(line: isNumber ? 0 : bits & TrieEntry.lineMask)
    }
}

/// The words of a skip: one line for a stretch of key without branches.
///
/// Keys whose first bits are the skip's go on at `match`, behind those bits; all others have the leaf
/// `otherwise`. The comparison covers the key from its first bit, so the skip is the same wherever on
/// its way it hangs.
///
///     64-bit words  0, 1  key    high, low: the bits compared, the rest 0
///                   2, 3  mask   high, low
///     32-bit words  8     match
///                   9     otherwise
///                   10    depth  bits compared, a multiple of 8
enum SkipLayout {
    static let keyHigh = 0
    static let keyLow = 1
    static let maskHigh = 2
    static let maskLow = 3
    static let match = 8
    static let otherwise = 9
    static let depth = 10
}

extension BlockMemory {
    /// The entry at place `index` of a node.
    @inline(__always)
    func entry(_ node: BlockRef, _ index: Int) -> TrieEntry { TrieEntry(bits: word(node, index)) }

    @inline(__always)
    func setEntry(_ node: BlockRef, _ index: Int, _ entry: TrieEntry) {
        setWord(node, index, entry.bits)
    }
}

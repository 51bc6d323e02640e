/// Records of the classes of IPv4 addresses on one side of a ``WideTable``: by the first 16 bits of an address, then by
/// nodes of 256 words for each octet left, as long as there is room for these; else in about two lines for each 65,536
/// addresses that rules tell apart.
///
///     10.1.2.9 ─▶ word 10.1 ─▶ record                        up to 10 ranges: one line
///              or line: which range ─▶ record                0           24                 64
///              or node ─▶ word 2 ─▶ record or line           ┌───────────┬───────────────────┐
///                      or node ─▶ word 9 ─▶ record           │ 3 × 3 × 1 │ 10 × word         │
///                                                            └───────────┴───────────────────┘
///
/// The last addresses of ranges, of 16 bits, stand three to a word of 64 bits, with a bit above each that stays when an
/// address is taken away that is not behind it: a subtraction compares three. The words stand in descending order.
///
///     word  31                6 5           4         3    0
///           ┌──────────────────┬───────────┬─────────┬──────┐  8 in a word of a node by the higher octet,
///           │ place of a line  │ is record │ no node │ bits │  0 in others
///           └──────────────────┴───────────┴─────────┴──────┘
///
/// Look-ups always take the same steps: compilers make a branch of every choice here, and addresses take either way. A map
/// without lines shifts what is left of an address by the low bits of a word, which leaves the octet for a node and nothing
/// for a record; there it finds the record's own word once more. Two such steps take a third of the instructions of
/// those that know lines, so that a map has lines only when its nodes would take too much. These steps read
/// something when they have nothing to do, and keep the word by a shift; those for nodes are left out while there are
/// none.
///
/// The words below one first half are entered all at once, when one of its addresses is first looked for or a look-up in
/// vain enters some ahead.
///
/// Source: Zec, Rizzo & Mikuc, *DXR: towards a billion routing lookups per second in software*, CCR 42(5), 2012.
struct RangeMap {
    /// Where the words of the first halves stand.
    let root: Int
    /// The place of four words: the number of halves that were entered from the first on, how many bytes
    /// nodes may take until there are lines, whether there are, whether there are nodes beside them.
    private let state: Int

    private static let rootByteCount = 4 << 16
    private static let stateByteCount = 16
    static let isNoNode: UInt32 = 16
    static let isRecordFlag: UInt32 = 32
    /// The place of what stands for a record where none is, and its word.
    static let unfilledPlace = WideTable.scratchByteCount
    static let unfilledByteCount = 64
    static let unfilled = word(ofRecord: unfilledPlace)

    /// An empty map whose nodes may take about `nodeByteCount` bytes; `nil` when there is too little room.
    init?(nodeByteCount: Int, _ room: inout MergedRoom, in pool: MergedMemory) {
        guard let root = room.allocateUncleared(byteCount: RangeMap.rootByteCount),
            let state = room.allocate(byteCount: RangeMap.stateByteCount, in: pool)
        else { return nil }
        self.root = root
        self.state = state
        pool.setWord(at: RangeMap.unfilledPlace, RangeMap.unfilled)
        pool.setWord(at: state + 4, UInt32(nodeByteCount))
        empty(pool)
    }

    private func empty(_ pool: MergedMemory) {
        let pair = UInt64(RangeMap.unfilled) << 32 | UInt64(RangeMap.unfilled)
        for offset in stride(from: 0, to: RangeMap.rootByteCount, by: 8) {
            pool.setWord64(at: root + offset, pair)
        }
        pool.setWord(at: state, 0)
    }

    // MARK: Words

    /// The word of the record at a place that begins a line.
    static func word(ofRecord place: Int) -> UInt32 { UInt32(place) | isNoNode | isRecordFlag }

    /// The place of the record that a word names.
    @inline(__always)
    static func record(of word: UInt32) -> Int { Int(word & ~63) }

    /// Whether a word names a record.
    @inline(__always)
    static func isKnown(_ word: UInt32) -> Bool { word != unfilled }

    static func word(ofLine place: Int) -> UInt32 { UInt32(place) | isNoNode }

    // MARK: What there is

    /// Whether there are lines, or will be.
    func hasLines(_ pool: MergedMemory) -> Bool { pool.word(at: state + 8) != 0 }

    /// Whether there are nodes beside lines.
    func hasNodes(_ pool: MergedMemory) -> Bool { pool.word(at: state + 12) != 0 }

    /// Whether nodes may take more room.
    func hasRoomForNodes(_ pool: MergedMemory) -> Bool { pool.word(at: state + 4) != 0 }

    /// Notes that there is one more node.
    func noteNode(byteCount: Int, _ pool: MergedMemory) {
        let left = pool.word(at: state + 4)
        pool.setWord(at: state + 4, left - min(left, UInt32(byteCount)))
        if hasLines(pool) { pool.setWord(at: state + 12, 1) }
    }

    /// Forgets all addresses; what is entered from here on may be in lines.
    func beginLines(_ pool: MergedMemory) {
        empty(pool)
        pool.setWord(at: state + 8, 1)
    }

    /// The first address whose first half was not entered; `nil` if all were.
    func nextUnknown(_ pool: MergedMemory) -> UInt32? {
        var half = pool.word(at: state)
        while half < 1 << 16, knows(half << 16, pool) { half += 1 }
        pool.setWord(at: state, half)
        return half < 1 << 16 ? half << 16 : nil
    }

    /// Whether the addresses with the first half of `address` were entered.
    func knows(_ address: UInt32, _ pool: MergedMemory) -> Bool {
        RangeMap.isKnown(root(of: address, pool))
    }

    /// The word that the first half of an address leads to.
    @inline(__always)
    func root(of address: UInt32, _ pool: MergedMemory) -> UInt32 {
        pool.word(at: place(of: address))
    }

    /// The place of that word.
    @inline(__always)
    func place(of address: UInt32) -> Int { root &+ Int(address &>> 16) &<< 2 }

    /// Has all addresses with a first half lead to a word.
    func setRoot(_ half: Int, _ word: UInt32, _ pool: MergedMemory) {
        pool.setWord(at: root + half << 2, word)
    }
}

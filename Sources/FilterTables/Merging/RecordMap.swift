/// Records of the classes of IPv4 addresses on one side of a ``WideTable``, where a look-up takes three loads: by
/// the first 16 bits of an address, its third and its fourth octet.
///
/// Words, in contrast to those of ``ClassMap``, are places: of a node, or of a record, whose first word is that
/// of the record itself, so that three steps end there whatever the depth.
///
///     31                6  5       3      0
///     ┌──────────────────┬─────────────────┐
///     │ place of a line  │ 8 for a record, │
///     │                  │ 0 for a node    │
///     └──────────────────┴─────────────────┘
struct RecordMap {
    private let root: Int
    /// A node whose words all lead to itself: what is not looked up yet.
    private let unfilled: Int

    private static let rootByteCount = 4 << 16
    private static let nodeByteCount = 4 << 8
    static let isRecord: UInt32 = 8

    /// An empty map; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        guard let root = room.allocateUncleared(byteCount: RecordMap.rootByteCount),
            let unfilled = room.allocateUncleared(byteCount: RecordMap.nodeByteCount)
        else { return nil }
        self.root = root
        self.unfilled = unfilled
        empty(byteCount: RecordMap.rootByteCount, at: root, in: pool)
        empty(byteCount: RecordMap.nodeByteCount, at: unfilled, in: pool)
    }

    private func empty(byteCount: Int, at place: Int, in pool: MergedMemory) {
        let pair = UInt64(unfilled) << 32 | UInt64(unfilled)
        for offset in stride(from: 0, to: byteCount, by: 8) {
            pool.setWord64(at: place + offset, pair)
        }
    }

    /// The word of an address's record; without ``isRecord`` if it is not known.
    @inline(__always)
    func word(of address: UInt32, _ pool: MergedMemory) -> UInt32 {
        let first = pool.word(at: root &+ Int(address &>> 16) &<< 2)
        let second = pool.word(at: RecordMap.place(in: first, octet: address &>> 8))
        return pool.word(at: RecordMap.place(in: second, octet: address))
    }

    /// The place of a node's word for the low octet of `octet`, or of a record's first. Shifts, as in
    /// ``ClassMap``.
    @inline(__always)
    private static func place(in word: UInt32, octet: UInt32) -> Int {
        let offset = (octet &<< 2 & 0x3FC) &>> (word & isRecord) & ~3
        return Int((word & ~isRecord) &+ offset)
    }

    /// Enters the word of an address's record for all addresses around it of which `trie` says the same; whether
    /// there was room.
    func enter(
        _ word: UInt32, for high: UInt64, of trie: TrieEntry, _ tables: BlockMemory,
        _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        let address = Int(truncatingIfNeeded: high >> 32)
        var place = root + (address >> 16) << 2
        for depth in stride(from: UInt64(16), through: 24, by: 8) {
            if tables.isUniform(trie, below: high, depth: depth) { break }
            if Int(pool.word(at: place)) == unfilled {
                guard
                    let node = room.allocateUncleared(byteCount: RecordMap.nodeByteCount)
                else { return false }
                empty(byteCount: RecordMap.nodeByteCount, at: node, in: pool)
                pool.setWord(at: place, UInt32(node))
            }
            place = Int(pool.word(at: place)) + ((address >> (24 - Int(depth))) & 0xFF) << 2
        }
        pool.setWord(at: place, word)
        return true
    }
}

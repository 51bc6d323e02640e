/// Room for one look-up at a time in rule tables, 1.3 KiB: each thread that decides has its own. What it
/// holds between look-ups means nothing.
struct TableScratch: Sendable {
    /// Selectors of one side of a packet, with their hashes: as many of a long chain as there is room
    /// for, and the wide ones behind the last.
    struct Side: Sendable {
        var selectors = InlineArray<32, SelectorID>(repeating: 0)
        var hashes = InlineArray<32, UInt64>(repeating: 0)
        /// How many come from the chain.
        var namedCount = 0
        var count = 0

        /// Room for the two wide selectors of a packet is left.
        static let namedCapacity = 30

        /// Adds a wide selector.
        @inline(__always)
        mutating func add(_ selector: SelectorID, _ hash: UInt64) {
            selectors[count] = selector
            hashes[count] = hash
            count &+= 1
        }
    }

    var peers = Side()
    var locals = Side()
    /// Pairs that a page may hold: its line << 32 | place of the peer << 16 | place of the local.
    var hits = InlineArray<64, UInt64>(repeating: 0)
    var hitCount = 0

    init() {}
}

/// A place in a chain of address classes.
struct ChainPlace {
    var addressClass: BlockRef
    var member = 0

    @inline(__always)
    init(_ line: UInt32) { addressClass = BlockRef(line: line) }

    @inline(__always)
    var isAtEnd: Bool { addressClass.isNone }
}

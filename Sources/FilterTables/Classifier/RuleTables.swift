/// The rules of every group, a table for each group and direction, made for finding the first match.
///
/// A table holds its entries in decision order and, for each thing a field can hold, a row of bits: bit
/// *i* says that entry *i* admits it (bit vectors: Lakshman & Stiliadis, SIGCOMM 1998). An entry matches
/// where all four fields' rows have its bit; the first such bit decides.
///
///     field           rows
///     peer address    a sparse row for each selector, and dense ones for "any" of each family;
///     local address     the rows of all selectors in the address's chain are or-ed
///     service         a dense row for each elementary interval of ``ServiceKey``
///     source port     a dense row for each elementary interval of 0…65536
///
/// An entry with a prefix list or a group of any size is one bit in one selector's row. All tables share
/// flat arrays; a table is a record of places in them.
///
/// - Complexity: a look-up takes O(chain length + log intervals + entries before the match / 64).
///   Storage is a few words for each interval and 64 entries, and 12 bytes for each selector and word
///   with a bit.
struct RuleTables: Sendable {
    /// One table's places in the shared arrays, 56 bytes.
    struct Table: Sendable {
        var entryCount: UInt32 = 0
        var firstEntry: UInt32 = 0
        /// 64-bit words in a dense row.
        var wordCount: UInt32 = 0
        /// Four dense rows: peer any IPv4, peer any IPv6, local any IPv4, local any IPv6.
        var anyRows: UInt32 = 0
        var serviceStarts = Places()
        var serviceRows: UInt32 = 0
        var sourceStarts = Places()
        var sourceRows: UInt32 = 0
        var peerSelectors = Places()
        var localSelectors = Places()
    }

    /// A stretch of a shared array.
    struct Places: Sendable {
        var first: UInt32 = 0
        var count: UInt32 = 0

        var range: Range<Int> { Int(first)..<Int(first) + Int(count) }
    }

    /// A selector's slot in the open-addressing stretch of a table, 12 bytes.
    struct SelectorSlot: Sendable {
        var selector: SelectorID
        var row: Places

        static let free = SelectorSlot(selector: .max, row: Places())
    }

    /// A table's entries hold their order and outcome; the tests are in the rows. 16 bytes.
    struct Entry: Sendable {
        let order: UInt64
        let outcome: Outcome
    }

    var tables: [Table] = []
    var entries: [Entry] = []
    /// Dense rows of all tables.
    var words: [UInt64] = []
    /// Where intervals begin, for services and sources of all tables.
    var starts: [UInt32] = []
    /// Which dense row an interval has, in step with ``starts``: equal rows are stored once.
    var rowOfInterval: [UInt32] = []
    var selectorSlots: [SelectorSlot] = []
    /// Sparse rows: the number of a word that has bits …
    var sparseIndices: [UInt32] = []
    /// … and the bits.
    var sparseWords: [UInt64] = []

    /// The most words in a dense row of any table.
    private(set) var maximumWordCount = 0

    /// The bytes that the tables take.
    var byteCount: Int {
        tables.count * MemoryLayout<Table>.stride + entries.count * MemoryLayout<Entry>.stride
            + 8 * words.count + 4 * (starts.count + rowOfInterval.count)
            + selectorSlots.count * MemoryLayout<SelectorSlot>.stride
            + 4 * sparseIndices.count + 8 * sparseWords.count
    }

    /// Appends a finished table and gives its number.
    mutating func append(_ table: Table) -> UInt32 {
        tables.append(table)
        maximumWordCount = max(maximumWordCount, Int(table.wordCount))
        return UInt32(tables.count - 1)
    }

    /// The sparse row of `selector` in a stretch of slots whose length is a power of two or 0.
    @inline(__always)
    func sparseRow(of selector: SelectorID, in slots: Places) -> Places {
        let mask = slots.count &- 1
        var probe = RuleTables.firstProbe(of: selector) & mask
        while true {
            let slot = selectorSlots[Int(slots.first &+ probe)]
            if slot.selector == selector { return slot.row }
            if slot.selector == SelectorID.max { return Places() }
            probe = (probe &+ 1) & mask
        }
    }

    /// Where the search for a selector begins: Fibonacci hashing, of which the mask keeps low bits.
    @inline(__always)
    static func firstProbe(of selector: SelectorID) -> UInt32 {
        let product = selector &* 0x9E37_79B9
        return product >> 15 ^ product
    }
}

/// The value of the longest prefix that holds an address: one multibit trie for both families.
///
/// A node looks at one octet. Its 256 slots are cut into runs of equal content; a bitmap marks where
/// runs begin, and the run's entry is found by counting the marks up to the slot (Asai & Ohara,
/// *Poptrie*, SIGCOMM 2015, with octets for its 6-bit strides). Values are pushed to the leaves, so
/// the first entry that is no child is the answer. A node may sit several octets below its parent;
/// then it holds the octets between and the value for addresses that leave the path there.
///
///     a node: 8 words, 64 bytes, one cache line
///     word 0…3  bit s: slot s begins a run
///          4, 5 the address bits above the node's octet
///          6    63            32 31   24 23   16 15    8 7     0
///               ┌───────────────┬───────┬───────┬───────┬───────┐
///               │ first entry   │ rank 3│ rank 2│ rank 1│ depth │   rank w: runs begun before word w
///               └───────────────┴───────┴───────┴───────┴───────┘
///          7    bits 31…0: value off the path; bit 32: the path must be compared
///
///     an entry: 4 bytes; bit 31 set: the child's node number, else a value
///
/// - Complexity: a look-up visits one node for each octet where prefixes differ: at most 4 for IPv4 and
///   16 for IPv6, two cache lines each. Storage: 64 bytes a node and 4 a run.
///
/// A value; any thread may use it.
struct AddressTrie: Sendable {
    static let wordsPerNode = 8
    static let childFlag: UInt32 = 1 << 31
    static let comparesPath: UInt64 = 1 << 32

    private(set) var nodes: [UInt64] = []
    private(set) var entries: [UInt32] = []

    /// The value of the longest prefix that holds the address with these left-aligned bits.
    @inline(__always)
    func value(high: UInt64, low: UInt64) -> UInt32 {
        var base = 0
        while true {
            let layout = nodes[base + 6]
            let depth = Int(layout & 0xFF)
            let offPath = nodes[base + 7]
            if offPath & AddressTrie.comparesPath != 0,
                !isOnPath(base, depth: depth, high: high, low: low)
            {
                return UInt32(truncatingIfNeeded: offPath)
            }
            let slot = octetOf(high: high, low: low, at: depth)
            let word = slot >> 6
            let marks = nodes[base + word] << UInt64(63 - slot & 63)
            // Rank 0 is nothing; the shift leaves ranks 1…3 in the low octet.
            let rank = word == 0 ? 0 : Int(layout >> UInt64(8 * word)) & 0xFF
            let entry = entries[Int(layout >> 32) + rank + marks.nonzeroBitCount - 1]
            if entry & AddressTrie.childFlag == 0 { return entry }
            base = Int(entry & ~AddressTrie.childFlag) * AddressTrie.wordsPerNode
        }
    }

    /// Whether the address agrees with the node's bits above its octet.
    @inline(__always)
    private func isOnPath(_ base: Int, depth: Int, high: UInt64, low: UInt64) -> Bool {
        let highBits = UInt64.max << UInt64(max(0, 64 - 8 * depth))
        let lowBits = depth <= 8 ? 0 : UInt64.max << UInt64(128 - 8 * depth)
        return (nodes[base + 4] ^ high) & (depth == 0 ? 0 : highBits) == 0
            && (nodes[base + 5] ^ low) & lowBits == 0
    }

    /// The bytes that the trie takes.
    var byteCount: Int { nodes.count * 8 + entries.count * 4 }

    /// Appends a node whose fields are still to be filled, and gives its number.
    mutating func reserveNode() -> Int {
        nodes.append(contentsOf: repeatElement(0, count: AddressTrie.wordsPerNode))
        return nodes.count / AddressTrie.wordsPerNode - 1
    }

    /// Fills a node: `slots` are its 256 entries, `path` the bits above its octet.
    mutating func fill(
        _ node: Int, depth: Int, path: AddressPrefix, comparesPath: Bool, offPath: UInt32,
        slots: [UInt32]
    ) {
        let base = node * AddressTrie.wordsPerNode
        var layout = UInt64(entries.count) << 32 | UInt64(depth)
        var runCount: UInt64 = 0
        for slot in 0..<256 {
            if slot > 0, slot & 63 == 0 { layout |= runCount << UInt64(8 * (slot >> 6)) }
            guard slot == 0 || slots[slot] != slots[slot - 1] else { continue }
            nodes[base + slot >> 6] |= 1 << UInt64(slot & 63)
            entries.append(slots[slot])
            runCount += 1
        }
        nodes[base + 4] = path.high
        nodes[base + 5] = path.low
        nodes[base + 6] = layout
        nodes[base + 7] = UInt64(offPath) | (comparesPath ? AddressTrie.comparesPath : 0)
    }
}

/// The left-aligned bits of a key.
struct TrieKey: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The first `depth` of 128 bits, 0…128.
    static func mask(_ depth: Int) -> TrieKey {
        // Swift's `<<` gives 0 for shifts of 64 and more.
        TrieKey(
            high: UInt64.max << UInt64(max(0, 64 - depth)),
            low: UInt64.max << UInt64(min(64, 128 - depth)))
    }

    /// The octet behind the first `depth` bits.
    @inline(__always)
    func octet(at depth: Int) -> Int { octetOf(high: high, low: low, at: depth >> 3) }

    /// This key with another octet behind its first `depth` bits.
    func replacingOctet(at depth: Int, with octet: Int) -> TrieKey {
        let shift = UInt64(56 - (depth & 63))
        let cleared: UInt64 = ~(0xFF << shift)
        let value = UInt64(octet) << shift
        return depth < 64
            ? TrieKey(high: high & cleared | value, low: low)
            : TrieKey(high: high, low: low & cleared | value)
    }
}

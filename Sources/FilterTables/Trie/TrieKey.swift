/// The left-aligned bits of a key.
struct TrieKey: Hashable, Comparable, Sendable {
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

    // MARK: Keys in their order

    static func < (lhs: TrieKey, rhs: TrieKey) -> Bool {
        (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }

    /// The next key; that of the last one is the first.
    var successor: TrieKey { TrieKey(high: low == .max ? high &+ 1 : high, low: low &+ 1) }

    /// The key before; that of the first one is the last.
    var predecessor: TrieKey { TrieKey(high: low == 0 ? high &- 1 : high, low: low &- 1) }

    /// The last of the keys that have their first `depth` bits with this one in common.
    func last(sharing depth: Int) -> TrieKey {
        let mask = TrieKey.mask(depth)
        return TrieKey(high: high | ~mask.high, low: low | ~mask.low)
    }

    /// This key with `bits` behind its first `depth` bits.
    ///
    /// - Precondition: the key is 0 behind these, and the bits do not cross the 64th.
    func followed(by bits: Int, bitCount: Int, at depth: Int) -> TrieKey {
        let shifted = UInt64(bits) << UInt64(64 - bitCount - depth & 63)
        return depth < 64
            ? TrieKey(high: high | shifted, low: low) : TrieKey(high: high, low: low | shifted)
    }
}

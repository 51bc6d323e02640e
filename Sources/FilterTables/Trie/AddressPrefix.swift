internal import CloudModel

/// The leading bits of an address, left-aligned in 128 bits whatever the family.
struct AddressPrefix: Hashable, Comparable, Sendable {
    let high: UInt64
    let low: UInt64
    let length: UInt8

    /// The addresses of `block`, host bits cleared.
    init(_ block: CIDRBlock) {
        let network = block.network
        high = network.high
        low = network.low
        length = UInt8(block.prefixLength)
    }

    /// The prefix of no bits, which covers every address.
    static let none = AddressPrefix(high: 0, low: 0, length: 0)

    /// The first `length` of the left-aligned bits `high` and `low`; the bits behind them are 0.
    init(high: UInt64, low: UInt64, length: UInt8) {
        self.high = high
        self.low = low
        self.length = length
    }

    /// By the first address, and a prefix before those inside it: in this order a covering prefix
    /// always comes before what it covers.
    static func < (lhs: AddressPrefix, rhs: AddressPrefix) -> Bool {
        (lhs.high, lhs.low, lhs.length) < (rhs.high, rhs.low, rhs.length)
    }

    /// Whether every address of `other` begins with these bits.
    func covers(_ other: AddressPrefix) -> Bool {
        guard length <= other.length else { return false }
        let difference = (high: high ^ other.high, low: low ^ other.low)
        if length <= 64 { return length == 0 || difference.high >> UInt64(64 - length) == 0 }
        return difference.high == 0 && difference.low >> UInt64(128 - length) == 0
    }

    /// The octet at place `depth`, 0…15.
    func octet(at depth: Int) -> Int { octetOf(high: high, low: low, at: depth) }
}

/// The octet at place `depth`, 0…15, of 128 left-aligned bits.
@inline(__always)
func octetOf(high: UInt64, low: UInt64, at depth: Int) -> Int {
    // The shift is 56, 48 … 0: masking shifts cannot lose anything.
    let word = depth < 8 ? high : low
    return Int(truncatingIfNeeded: (word &>> UInt64(56 &- 8 &* (depth & 7))) & 0xFF)
}

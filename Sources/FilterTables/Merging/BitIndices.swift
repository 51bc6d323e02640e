/// The places of the bits of a word, ascending.
struct BitIndices: Sequence, IteratorProtocol {
    var bits: UInt64

    @inline(__always)
    mutating func next() -> Int? {
        guard bits != 0 else { return nil }
        defer { bits &= bits &- 1 }
        return bits.trailingZeroBitCount
    }
}

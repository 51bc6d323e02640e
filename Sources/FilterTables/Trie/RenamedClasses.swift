/// The classes that an edit met last, and what they became, each at a place that its line gives.
///
/// Holds no reference: who asks knows that what a class became lives.
struct RenamedClasses {
    /// The line of the former class in the high half, that of the new one in the low half; 0 where a place is
    /// free.
    private var lines = InlineArray<32, UInt64>(repeating: 0)

    /// What `old`, or none, became, if it is remembered.
    @inline(__always)
    func renamed(_ old: BlockRef) -> BlockRef? {
        let known = lines[Int(old.line & 31)]
        guard known != 0, UInt32(truncatingIfNeeded: known >> 32) == old.line else { return nil }
        return BlockRef(line: UInt32(truncatingIfNeeded: known))
    }

    /// Remembers what `old`, or none, became.
    @inline(__always)
    mutating func note(_ old: BlockRef, becomes new: BlockRef) {
        lines[Int(old.line & 31)] = UInt64(old.line) << 32 | UInt64(new.line)
    }
}

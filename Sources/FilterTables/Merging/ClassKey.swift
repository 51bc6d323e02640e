/// What a row of a class is found by: the class's line, the side and the family of the packets.
///
///     31 30 29 28 27                       0
///     ┌──┬──┬──┬──┬────────────────────────┐
///     │ 1│  │v6│ l│ line of the class      │   l: of the local address; never 0, which is a free slot
///     └──┴──┴──┴──┴────────────────────────┘
struct ClassKey: Hashable {
    let bits: UInt32

    static let ofLocal: UInt32 = 1 << 28
    static let ofIPv6: UInt32 = 1 << 29
    static let isUsed: UInt32 = 1 << 31

    @inline(__always)
    init(bits: UInt32) { self.bits = bits }

    var addressClass: BlockRef { BlockRef(line: bits & (ClassKey.ofLocal - 1)) }
    var isOfLocal: Bool { bits & ClassKey.ofLocal != 0 }
    /// The wide selector of the family.
    var ofFamily: SelectorID {
        bits & ClassKey.ofIPv6 != 0 ? WideSelector.anyIPv6 : WideSelector.anyIPv4
    }
}

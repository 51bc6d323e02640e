/// What finds the value of a port in a ``MergedMemory``: a word for each high octet.
///
///     word  0                             256
///          ┌─────────────────────────────┬────────────────────────────┐
///          │ for each high octet         │ the value of packets whose │
///          │ the place of a word, or of  │ port or type is unknown    │
///          │ 256 by the low octet, | 1   │                            │
///          └─────────────────────────────┴────────────────────────────┘
///
/// The words found so are the values. Most octets have one, so that few places are read at all.
enum PortIndex {
    static let unknown = 4 * 256
    static let byteCount = unknown + 4

    /// The value of a packet's port, or type. Without branches on the port.
    @inline(__always)
    static func value(
        ofPort port: UInt16, isKnown: Bool, in index: Int, _ pool: MergedMemory
    ) -> Int {
        let entry = pool.word(at: index &+ Int(port >> 8) &<< 2)
        // Shifted out where the octet has one value and no page: of a mask compilers make a branch.
        let shift = ~entry &<< 4 & 16
        let word = Int(entry & ~1 &+ (UInt32(port & 0xFF) &<< 2) &>> shift)
        return Int(pool.word(at: isKnown ? word : index &+ unknown))
    }
}

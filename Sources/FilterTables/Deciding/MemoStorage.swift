/// What was decided before for the same classes: exact, because everything that a table's answer depends
/// on is in the key.
///
/// Traffic has few distinct class tuples, so most packets end here. Direct-mapped: a new tuple replaces
/// the one in its slot. 8,192 slots of 32 bytes fit the memo in a core's second-level cache. One for
/// each thread that decides.
///
///     64-bit words of a slot   0, 1 key   2 order of the answer   3 answer, and what is left of the key
///
/// An answer is a function of the key alone, whatever version asks: a table's stamp stands for its
/// content, a class's line for its members while the arena's memo generation lasts, a label for the value
/// that it names (the stretch it labels may differ from version to version, but no table that any
/// version asks tells values of the stretch apart).
@safe struct MemoStorage: ~Copyable {
    /// What the answer of a table depends on.
    struct Key {
        /// Peer class, local class, protocol.
        fileprivate let low: UInt64
        /// Stamp, destination label, source label.
        fileprivate let high: UInt64
        /// In the top 16 bits, above those of an answer: more of the stamp, whether the ports are
        /// unknown, the family.
        fileprivate let rest: UInt64

        /// The key of what a table with `stamp` says to a packet.
        ///
        /// - Precondition: `stamp` is at least 1 and has at most 46 bits, classes have 28.
        @inline(__always)
        init(stamp: UInt64, _ packet: PlacedPacket) {
            low =
                UInt64(packet.classed.peerClass) &<< 36
                | UInt64(packet.classed.localClass) &<< 8 | UInt64(packet.classed.ipProtocol)
            high =
                stamp &<< 32 | UInt64(packet.destinationLabel) &<< 16
                | UInt64(packet.sourceLabel)
            let family: UInt64 = packet.classed.isIPv6 ? 1 : 0
            let transport: UInt64 = packet.classed.destination == ClassedPacket.unknown ? 2 : 0
            rest = ((stamp &>> 32) &<< 2 | family | transport) &<< MemoStorage.restShift
        }

        /// Where the key's slot begins: a multiplicative hash, of which the top bits are mixed best.
        @inline(__always)
        fileprivate var slot: Int {
            let mixed = (low &* 0x9E37_79B9_7F4A_7C15) ^ high ^ rest
            return Int(
                truncatingIfNeeded: (mixed &* 0xD6E8_FEB8_6659_FD93)
                    &>> (64 &- MemoStorage.slotBits)) &<< 2
        }
    }

    private static let slotBits: UInt64 = 13
    fileprivate static let restShift: UInt64 = 48
    private static let wordCount = 4 << Int(slotBits)
    private static let answerMask: UInt64 = 1 << restShift - 1

    private let words: UnsafeMutablePointer<UInt64>

    init() {
        // SAFETY: freshly allocated, and initialized whole before any use.
        unsafe words = .allocate(capacity: MemoStorage.wordCount)
        unsafe words.initialize(repeating: 0, count: MemoStorage.wordCount)
    }

    deinit {
        // SAFETY: allocated by `init`; words need no deinitialization.
        unsafe words.deallocate()
    }

    /// What was recorded for `key`.
    @inline(__always)
    func answer(for key: Key) -> TableAnswer? {
        let slot = key.slot
        // SAFETY: a slot is below 1 << slotBits, and has the four words from 4 × slot on.
        let low = unsafe words[slot]
        let high = unsafe words[slot &+ 1]
        let last = unsafe words[slot &+ 3]
        // No stamp is 0, so no key equals an empty slot's.
        guard
            (low ^ key.low) | (high ^ key.high) | ((last ^ key.rest) &>> MemoStorage.restShift) == 0
        else { return nil }
        return TableAnswer(
            order: RuleOrder(rawValue: unsafe words[slot &+ 2]),
            code: last & MemoStorage.answerMask)
    }

    /// Records an answer for `key` in place of what its slot held.
    @inline(__always)
    func record(_ answer: TableAnswer, for key: Key) {
        let slot = key.slot
        // SAFETY: as in `answer(for:)`.
        unsafe words[slot] = key.low
        unsafe words[slot &+ 1] = key.high
        unsafe words[slot &+ 2] = answer.order.rawValue
        unsafe words[slot &+ 3] = answer.code | key.rest
    }

    /// Forgets everything.
    func removeAll() {
        // SAFETY: all words were initialized.
        unsafe words.update(repeating: 0, count: MemoStorage.wordCount)
    }
}

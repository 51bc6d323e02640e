/// What was decided before for the same classes: exact, because everything that a decision depends on
/// is in the key.
///
/// Traffic has few distinct class tuples, so most packets end here. Direct-mapped: a new tuple
/// replaces the one in its slot. 8,192 slots of 32 bytes fit the memo in a core's second-level cache.
/// One for each thread that decides.
struct Memo {
    /// Everything that the answer of the tables depends on, 20 bytes.
    struct Key: Equatable {
        /// The interface's set of groups, the packet's family and direction. Never `.max` in a query.
        var policy: UInt32
        var peerClass: UInt32
        var localClass: UInt32
        var serviceClass: UInt32
        var sourceClass: UInt32

        /// The slot that the key goes to: a multiplicative hash, of which the top bits are mixed best.
        @inline(__always)
        fileprivate var slot: Int {
            let addresses = UInt64(peerClass) << 32 | UInt64(localClass)
            let rest = UInt64(serviceClass) << 40 ^ UInt64(sourceClass) << 24 ^ UInt64(policy)
            let mixed = (addresses &* 0x9E37_79B9_7F4A_7C15) ^ rest
            return Int((mixed &* 0xD6E8_FEB8_6659_FD93) >> (64 - Memo.slotBits))
        }
    }

    private struct Slot {
        var key: Key
        var outcome: Outcome
    }

    private static let slotBits: UInt64 = 13
    private static let free = Slot(
        key: Key(policy: .max, peerClass: 0, localClass: 0, serviceClass: 0, sourceClass: 0),
        outcome: .undecided)

    private var slots = [Slot](repeating: Memo.free, count: 1 << Int(Memo.slotBits))

    init() {}

    /// The outcome recorded for `key`.
    @inline(__always)
    func outcome(for key: Key) -> Outcome? {
        let slot = slots[key.slot]
        return slot.key == key ? slot.outcome : nil
    }

    /// Records `outcome` for `key` in place of what its slot held.
    @inline(__always)
    mutating func record(_ outcome: Outcome, for key: Key) {
        slots[key.slot] = Slot(key: key, outcome: outcome)
    }

    /// Forgets everything.
    mutating func removeAll() {
        for index in slots.indices { slots[index] = Memo.free }
    }
}

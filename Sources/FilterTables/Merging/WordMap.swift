/// A map from words other than 0 to words, in a ``MergedMemory``: a hash table with linear probing,
/// value << 32 | key in each slot, 0 in a free one.
struct WordMap {
    private(set) var slots: Int
    /// 32 less the bits of a slot's number.
    private(set) var shift: UInt32
    private var count = 0
    /// At most one key for so many slots, as a shift.
    private let spareBits: Int

    private static let minimumSlotBits: UInt32 = 8

    /// An empty map; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        // At least three quarters of the slots stay free, so that nearly all keys are in the first.
        self.init(slotBits: WordMap.minimumSlotBits, spareBits: 2, &room, in: pool)
    }

    /// As ``init(_:in:)`` for about so many keys, which may be in the second slot or the third: in less room, and what
    /// maps leave behind that grow is no longer there.
    init?(keyCount: Int, _ room: inout MergedRoom, in pool: MergedMemory) {
        var slotBits = WordMap.minimumSlotBits
        while 1 << Int(slotBits) < 2 * keyCount { slotBits += 1 }
        self.init(slotBits: slotBits, spareBits: 1, &room, in: pool)
    }

    private init?(
        slotBits: UInt32, spareBits: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) {
        self.spareBits = spareBits
        guard let slots = room.allocate(byteCount: 8 << Int(slotBits), in: pool) else { return nil }
        self.slots = slots
        shift = 32 - slotBits
    }

    /// The slot in which a key is looked for first.
    @inline(__always)
    func slot(of key: UInt32) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B1) &>> shift)
    }

    /// What is in a slot.
    @inline(__always)
    func word(inSlot slot: Int, _ pool: MergedMemory) -> UInt64 {
        pool.word64(at: slots &+ slot &<< 3)
    }

    /// Asks for the line of a key's first slot.
    func touch(_ key: UInt32, _ pool: MergedMemory) { pool.touch(slots + slot(of: key) << 3) }

    private var slotMask: Int { 1 << Int(32 - shift) - 1 }

    /// The value of a key, if it has one.
    func value(of key: UInt32, _ pool: MergedMemory) -> UInt32? {
        var slot = slot(of: key)
        while true {
            let word = word(inSlot: slot, pool)
            if word == 0 { return nil }
            if UInt32(truncatingIfNeeded: word) == key { return UInt32(word >> 32) }
            slot = (slot + 1) & slotMask
        }
    }

    /// Enters the value of a key that has none; whether there was room.
    mutating func insert(
        _ value: UInt32, for key: UInt32, _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> Bool {
        if count << spareBits > slotMask {
            guard grow(&room, pool) else { return false }
        }
        enter(UInt64(value) << 32 | UInt64(key), pool)
        count += 1
        return true
    }

    private func enter(_ word: UInt64, _ pool: MergedMemory) {
        var slot = slot(of: UInt32(truncatingIfNeeded: word))
        while self.word(inSlot: slot, pool) != 0 { slot = (slot + 1) & slotMask }
        pool.setWord64(at: slots + slot << 3, word)
    }

    private mutating func grow(_ room: inout MergedRoom, _ pool: MergedMemory) -> Bool {
        guard
            var grown = WordMap(
                slotBits: 32 - shift + 1, spareBits: spareBits, &room, in: pool)
        else { return false }
        for slot in 0...slotMask {
            let word = word(inSlot: slot, pool)
            if word != 0 { grown.enter(word, pool) }
        }
        grown.count = count
        self = grown
        return true
    }
}

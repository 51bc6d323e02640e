/// Rows of a fixed number of bytes in a ``MergedMemory``, each of them once and with a number.
struct RowSet {
    /// A multiple of 8.
    let byteCount: Int
    /// The numbers of rows by a hash of what they hold.
    private var numbers: WordMap
    /// The places of the rows.
    private var places: WordList

    /// No rows; `nil` when there is too little room.
    init?(byteCount: Int, _ room: inout MergedRoom, in pool: MergedMemory) {
        guard let numbers = WordMap(&room, in: pool), let places = WordList(&room, in: pool) else {
            return nil
        }
        self.byteCount = (byteCount + 7) & ~7
        self.numbers = numbers
        self.places = places
    }

    /// No rows of `bitCount` bits each; `nil` when there is too little room.
    init?(bitCount: Int, _ room: inout MergedRoom, in pool: MergedMemory) {
        self.init(byteCount: (bitCount + 63) / 64 * 8, &room, in: pool)
    }

    var count: Int { places.count }

    /// Where the places of rows stand, 4 bytes each.
    var placesOfRows: Int { places.place }

    /// The place of a row.
    func place(of number: Int, _ pool: MergedMemory) -> Int { Int(places.word(at: number, pool)) }

    /// Whether a row has a bit.
    @inline(__always)
    func has(_ bit: Int, inRow number: Int, _ pool: MergedMemory) -> Bool {
        pool.word64(at: place(of: number, pool) &+ (bit &>> 6) &<< 3) &>> UInt64(bit & 63) & 1 != 0
    }

    /// Room for a row, cleared, that is then given to ``number(of:_:in:)``; `nil` when there is too little.
    func makeRow(_ room: inout MergedRoom, in pool: MergedMemory) -> Int? {
        room.allocate(byteCount: byteCount, in: pool)
    }

    /// The number of the row whose bytes are those of the one made last, whose room is given back if there is
    /// an older one; `nil` when there is too little room.
    ///
    /// - Complexity: O(bytes of a row), expected.
    mutating func number(
        of row: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Int? {
        let hash = hash(of: row, pool)
        let known = numbers.value(of: hash, pool)
        if let known, areEqual(place(of: Int(known), pool), row, pool) {
            room.giveBack(from: row)
            return Int(known)
        }
        let number = count
        guard places.append(UInt32(row), &room, in: pool) else { return nil }
        // Of two rows with one hash only the first is found again.
        if known == nil {
            guard numbers.insert(UInt32(number), for: hash, &room, pool) else { return nil }
        }
        return number
    }

    private func hash(of row: Int, _ pool: MergedMemory) -> UInt32 {
        // Four at a time: each waits for the one before it in its own chain alone.
        var (first, second, third, fourth): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var place = row
        let end = row + byteCount
        while place + 32 <= end {
            first = mixed(first, pool.word64(at: place))
            second = mixed(second, pool.word64(at: place + 8))
            third = mixed(third, pool.word64(at: place + 16))
            fourth = mixed(fourth, pool.word64(at: place + 24))
            place += 32
        }
        while place < end {
            first = mixed(first, pool.word64(at: place))
            place += 8
        }
        // Each chain goes through another number of steps more, so that none can stand for another.
        let hash = mixed(mixed(mixed(mixed(first, 0), second), third), fourth)
        return UInt32(truncatingIfNeeded: hash) | 1
    }

    @inline(__always)
    private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }

    private func areEqual(_ row: Int, _ other: Int, _ pool: MergedMemory) -> Bool {
        for offset in stride(from: 0, to: byteCount, by: 8)
        where pool.word64(at: row + offset) != pool.word64(at: other + offset) { return false }
        return true
    }
}

/// Words in a ``MergedMemory`` that become more.
struct WordList {
    /// Where the first word is.
    private(set) var place: Int
    private var capacity = 64
    private(set) var count = 0

    /// No words; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        guard let place = room.allocate(byteCount: 4 * capacity, in: pool) else { return nil }
        self.place = place
    }

    /// - Precondition: `index < count`.
    func word(at index: Int, _ pool: MergedMemory) -> UInt32 {
        pool.word(at: place + 4 * index)
    }

    /// Adds a word; whether there was room.
    mutating func append(
        _ word: UInt32, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        if count == capacity {
            guard let grown = room.allocate(byteCount: 8 * capacity, in: pool) else { return false }
            pool.copy(byteCount: 4 * capacity, from: place, to: grown)
            place = grown
            capacity *= 2
        }
        pool.setWord(at: place + 4 * count, word)
        count += 1
        return true
    }
}

extension MergedMemory {
    /// Sets a bit of a row.
    @inline(__always)
    func setBit(_ bit: Int, ofRow row: Int) {
        let word = row + (bit >> 6) << 3
        setWord64(at: word, word64(at: word) | 1 << UInt64(bit & 63))
    }

    /// Writes what two rows have in common to a third.
    func intersect(_ row: Int, _ other: Int, to target: Int, byteCount: Int) {
        for offset in stride(from: 0, to: byteCount, by: 8) {
            setWord64(
                at: target + offset, word64(at: row + offset) & word64(at: other + offset))
        }
    }
}

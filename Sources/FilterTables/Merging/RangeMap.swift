/// Records of the classes of IPv4 addresses on one side of a ``WideTable``, in about two lines for each 65,536
/// addresses that rules tell apart: by the first 16 bits of an address, and then by the ranges of those that
/// begin with these.
///
///     10.1.2.9 ─▶ word 10.1 ─▶ record                        up to 10 ranges: one line
///              or line: which range ─▶ record                0           24                 64
///              or node ─▶ word 2 ─▶ record or line           ┌───────────┬───────────────────┐
///                      or node ─▶ word 9 ─▶ record           │ 3 × 3 × 1 │ 10 × word         │
///                                                            └───────────┴───────────────────┘
///
/// The last addresses of ranges, of 16 bits, stand three to a word of 64 bits, with a bit above each that stays when an
/// address is taken away that is not behind it: a subtraction compares three. The words stand in descending order.
///
///     word  31                6 5      4           3         0
///           ┌──────────────────┬──┬───────────┬──────────┬──┐
///           │ place of a line  │  │ is record │ no node  │  │
///           └──────────────────┴──┴───────────┴──────────┴──┘
///
/// A look-up always takes the same four steps. One that has nothing to do reads what is at place 0 and keeps the
/// word by a shift: compilers make a branch of every choice here, and addresses take either way.
///
/// The words below one first half are entered all at once, when one of its addresses is first looked for or a look-up in
/// vain enters some ahead.
///
/// Source: Zec, Rizzo & Mikuc, *DXR: towards a billion routing lookups per second in software*, CCR 42(5), 2012.
struct RangeMap {
    private let root: Int
    /// All halves before this one were entered.
    private var unknown = 0

    private static let rootByteCount = 4 << 16
    private static let nodeByteCount = 4 << 8
    private static let lineByteCount = 64
    /// Where the words of a line begin.
    private static let firstWord = 24
    /// So many ranges have room in a line.
    private static let lineCapacity = 10
    /// A bit for each of three numbers in a word, which have 21 bits each.
    private static let thirds: UInt64 = 1 | 1 << 21 | 1 << 42
    private static let isNoNode: UInt32 = 8
    private static let isRecordFlag: UInt32 = 16
    /// The word of the record at place 0, where none is.
    private static let unfilled = isNoNode | isRecordFlag

    /// An empty map; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        guard let root = room.allocateUncleared(byteCount: RangeMap.rootByteCount) else {
            return nil
        }
        self.root = root
        let pair = UInt64(RangeMap.unfilled) << 32 | UInt64(RangeMap.unfilled)
        for offset in stride(from: 0, to: RangeMap.rootByteCount, by: 8) {
            pool.setWord64(at: root + offset, pair)
        }
    }

    // MARK: Words

    /// The word of the record at a place that begins a line.
    static func word(ofRecord place: Int) -> UInt32 { UInt32(place) | unfilled }

    /// The place of the record that a word names.
    @inline(__always)
    static func record(of word: UInt32) -> Int { Int(word & ~63) }

    /// Whether a word names a record.
    @inline(__always)
    static func isKnown(_ word: UInt32) -> Bool { word > 63 }

    // MARK: Looking up

    /// The first step of a look-up.
    @inline(__always)
    func root(of address: UInt32, _ pool: MergedMemory) -> UInt32 {
        pool.word(at: root &+ Int(address &>> 16) &<< 2)
    }

    /// The place of the line that the first step reads.
    @inline(__always)
    func place(of address: UInt32) -> Int { root &+ Int(address &>> 16) &<< 2 }

    /// The place that the next step reads of what a word leads to, if that is a node.
    @inline(__always)
    static func place(in word: UInt32, octet: UInt32) -> Int {
        Int(word & ~63 &+ (octet & 0xFF) &<< 2)
    }

    /// The second and the third step: the word for the low octet of `octet` in a node; what is no node stays.
    @inline(__always)
    static func word(in word: UInt32, octet: UInt32, _ pool: MergedMemory) -> UInt32 {
        let shift = UInt64(word & isNoNode) &<< 2
        let place = UInt64(truncatingIfNeeded: self.place(in: word, octet: octet)) &>> shift
        let found = pool.word(at: Int(truncatingIfNeeded: place))
        return UInt32(truncatingIfNeeded: (UInt64(word) &<< 32 | UInt64(found)) &>> shift)
    }

    /// The last step: the word of an address's record; see ``isKnown(_:)``.
    @inline(__always)
    static func end(of word: UInt32, for address: UInt32, _ pool: MergedMemory) -> UInt32 {
        let shift = UInt64(word & isRecordFlag) &<< 1
        let line = Int(truncatingIfNeeded: UInt64(word & ~63) &>> shift)
        let keys = UInt64(address & 0xFFFF) &* thirds
        // Of each last address whether the key is not behind it.
        let first = (pool.word64(at: line) &- keys) &>> 16 & thirds
        let second = (pool.word64(at: line &+ 8) &- keys) &>> 16 & thirds
        let third = (pool.word64(at: line &+ 16) &- keys) &>> 16 & thirds
        let count = ((first &+ second &+ third) &* thirds) &>> 42 & 0xF
        let found = pool.word(at: line &+ firstWord &+ Int(truncatingIfNeeded: count) &<< 2)
        return UInt32(truncatingIfNeeded: (UInt64(word) &<< 32 | UInt64(found)) &>> shift)
    }

    // MARK: Filling

    /// The first address whose first half was not entered; `nil` if all were.
    mutating func nextUnknown(_ pool: MergedMemory) -> UInt32? {
        while unknown < 1 << 16 {
            let address = UInt32(unknown) << 16
            if !knows(address, pool) { return address }
            unknown += 1
        }
        return nil
    }

    /// Whether the addresses with the first half of `address` were entered.
    func knows(_ address: UInt32, _ pool: MergedMemory) -> Bool {
        pool.word(at: root + Int(address >> 16) << 2) != RangeMap.unfilled
    }

    /// Ranges of addresses with one first half, each with its word, in a stretch of a ``MergedMemory``.
    struct Ranges {
        let place: Int
        private(set) var count = 0
        /// The last address that has the last range's word as far as is known: it may be far behind.
        var last: UInt32 = 0

        /// As many bytes hold all ranges that there can be.
        static let byteCount = 8 << 16

        init(place: Int) { self.place = place }

        /// Adds addresses up to `last`, as a range of its own if the word is another than before.
        mutating func append(_ word: UInt32, to last: UInt16, _ pool: MergedMemory) {
            if count == 0 || self.word(count - 1, pool) != word { count += 1 }
            pool.setWord64(at: place + 8 * (count - 1), UInt64(last) << 32 | UInt64(word))
        }

        func word(_ index: Int, _ pool: MergedMemory) -> UInt32 {
            pool.word(at: place + 8 * index)
        }

        func last(_ index: Int, _ pool: MergedMemory) -> UInt16 {
            UInt16(truncatingIfNeeded: pool.word(at: place + 8 * index + 4))
        }
    }

    /// Enters all addresses with the first half of `address`, and if these are one range, the following halves that
    /// it has whole; whether there was room.
    func enter(
        _ ranges: Ranges, for address: UInt32, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        let word = RangeMap.word(
            for: ranges, 0..<ranges.count, sharing: 16, &room, in: pool)
        guard let word else { return false }
        let first = Int(address >> 16)
        let end = ranges.count == 1 ? (Int(ranges.last) + 1) >> 16 : first + 1
        for half in first..<max(end, first + 1) { pool.setWord(at: root + half << 2, word) }
        return true
    }

    /// A word that leads addresses with their first `bitCount` bits in common, 16 or 24, to the words of some ranges;
    /// `nil` when there is too little room.
    private static func word(
        for ranges: Ranges, _ indices: Range<Int>, sharing bitCount: Int,
        _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        if indices.count == 1 { return ranges.word(indices.lowerBound, pool) }
        if indices.count <= lineCapacity { return line(of: ranges, indices, &room, in: pool) }
        guard let node = room.allocateUncleared(byteCount: nodeByteCount) else { return nil }
        let end = indices.upperBound - 1
        var first = indices.lowerBound
        for octet in 0..<256 {
            // The last range may go on behind these addresses.
            let greatest = UInt16(bitCount == 16 ? octet << 8 | 0xFF : octet)
            let mask: UInt16 = bitCount == 16 ? 0xFFFF : 0xFF
            var last = first
            while last < end, ranges.last(last, pool) & mask < greatest { last += 1 }
            guard
                let word = word(for: ranges, first..<last + 1, sharing: 24, &room, in: pool)
            else { return nil }
            pool.setWord(at: node + 4 * octet, word)
            first = last < end && ranges.last(last, pool) & mask == greatest ? last + 1 : last
        }
        return UInt32(node)
    }

    private static func line(
        of ranges: Ranges, _ indices: Range<Int>, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        guard let line = room.allocateUncleared(byteCount: lineByteCount) else { return nil }
        for third in 0..<3 {
            var word: UInt64 = 0
            for place in 0..<3 {
                let index = indices.lowerBound + 3 * third + place
                let last = index < indices.upperBound - 1 ? ranges.last(index, pool) : .max
                word |= (1 << 16 | UInt64(last)) << UInt64(21 * place)
            }
            pool.setWord64(at: line + 8 * third, word)
        }
        for (place, index) in indices.enumerated() {
            let word = ranges.word(index, pool)
            pool.setWord(at: line + firstWord + 4 * (lineCapacity - 1 - place), word)
        }
        return UInt32(line) | isNoNode
    }
}

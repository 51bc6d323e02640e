/// The keys that one kind of object may hold, as cases whose raw values are the keys.
protocol JSONKey: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The keys as bytes, made once.
    static var table: JSONKeyTable<Self> { get }
}

/// A kind's keys as UTF-8 bytes, so that keys are found without making strings.
struct JSONKeyTable<Key: JSONKey>: Sendable {
    /// The keys in the order of their declaration.
    let keys = Array(Key.allCases)
    private let names = Key.allCases.map { Array($0.rawValue.utf8) }

    /// The position in ``keys`` of the key that `text` stands for.
    ///
    /// - Complexity: O(number of keys). Lengths mostly differ, so nearly every comparison is of one
    ///   integer; a hash table would read the key's bytes first.
    func index(of text: JSONText, in reader: JSONReader) -> Int? {
        names.firstIndex { reader.text(text, equals: $0) }
    }
}

/// An object that is being read: where it begins and which keys it has shown.
struct ObjectScope<Key: JSONKey> {
    /// Where the object begins.
    let start: Int
    // One bit for each position in the key table; no kind of object has more than 64 keys.
    private var seen: UInt64 = 0

    init(start: Int) { self.start = start }

    /// Notes the key at `index` of its table; false if the object has shown it before.
    mutating func note(_ index: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(index)
        defer { seen |= bit }
        return seen & bit == 0
    }

    /// Whether the object has shown `key`.
    func has(_ key: Key) -> Bool {
        Key.table.keys.firstIndex(of: key).map { seen >> UInt64($0) & 1 == 1 } ?? false
    }
}

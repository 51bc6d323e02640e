/// The selectors of a class that steps of a ``WideTable`` name, while its record is made: in the stretch of the
/// ``MergedMemory`` in which a decision has its pairs.
///
///     0          4               8
///    ┌──────────┬───────────────┬─
///    │ selector │ place of      │ …
///    │          │ SelectorFacts │
///    └──────────┴───────────────┴─
struct FactualSelectors {
    let isOfLocal: Bool
    private let places: WordMap
    private(set) var count = 0

    init(isOfLocal: Bool, _ places: WordMap) {
        self.isOfLocal = isOfLocal
        self.places = places
    }

    private static let byteCount = 8

    private func place(_ index: Int) -> Int {
        WideTable.pairs + FactualSelectors.byteCount * index
    }

    /// Adds a selector if some step names it.
    mutating func append(_ selector: SelectorID, _ pool: MergedMemory) {
        guard let facts = places.value(of: selector + 1, pool) else { return }
        pool.setWord64(at: place(count), UInt64(facts) << 32 | UInt64(selector))
        count += 1
    }

    func selector(_ index: Int, _ pool: MergedMemory) -> SelectorID { pool.word(at: place(index)) }

    func facts(_ index: Int, _ pool: MergedMemory) -> Int { Int(pool.word(at: place(index) + 4)) }

    private func stepCount(_ index: Int, _ pool: MergedMemory) -> Int {
        Int(pool.word(at: facts(index, pool) + SelectorFacts.oneSidedCount))
    }

    /// Whether the selector has a part in the row of ranks of those that have it.
    func hasMany(_ index: Int, _ pool: MergedMemory) -> Bool {
        SelectorFacts.isOfAll(selector(index, pool))
            || stepCount(index, pool) > SelectorFacts.maximumSingleCount
    }

    /// Whether the selector's one-sided steps, if it has some, stand in the record: those of all selectors if there
    /// is no row of the ones that have many.
    func isSingle(_ index: Int, but rowIsOfMany: Bool, _ pool: MergedMemory) -> Bool {
        !rowIsOfMany || !hasMany(index, pool)
    }

    /// How many one-sided steps stand in the record.
    func singleCount(but rowIsOfMany: Bool, _ pool: MergedMemory) -> Int {
        var sum = 0
        for index in 0..<count where isSingle(index, but: rowIsOfMany, pool) {
            sum += stepCount(index, pool)
        }
        return sum
    }
}

/// What finds the class of a packet's protocol and ports, by three look-ups and a sum:
///
///     protocol ──▶ index ─┐
///     destination ────────┴▶ its value ─┐
///     source ──▶ index ────▶ its value ─┴ + ─▶ numbers ─▶ class
///
/// Packets of one class pass the same tests of steps. Properties are places in the ``MergedMemory``.
struct PortClasses {
    /// For each of 256 protocols the place of its ``PortIndex`` of destinations; its values are multiples of the
    /// number of values that sources have.
    let protocols: Int
    /// The place of the ``PortIndex`` of sources.
    let sources: Int
    /// The classes, in 16 bits each, by the sum of both values.
    let numbers: Int
    /// How many classes there are.
    let count: Int
    /// Whether some step does not let every source pass.
    let testsSources: Bool
    /// The rows of tests that destinations of a protocol pass, and those that sources pass.
    let destinations: RowSet
    let sourceRows: RowSet
    /// The rows of the tests that the classes pass.
    let rows: RowSet
    /// The number of each step's test, in 16 bits, with room for those of steps that are added.
    let testOfStep: Int
    /// The tests, in four words each.
    let tests: Int
    /// The number of the test that all packets pass.
    let openTest: Int
    /// How many tests there are.
    let columnCount: Int
    /// For each test a row with a bit for each class, of ``columnByteCount`` bytes: whether it passes.
    let columns: Int

    /// Tables with more sums have no classes.
    static let maximumCombinationCount = 1 << 18
    /// Tables with more tests have no classes: to find these takes time in proportion to the square of the tests.
    static let maximumTestCount = 1 << 12

    /// The number of a test; `nil` if it is none of these.
    func number(of test: RuleTest, _ pool: MergedMemory) -> Int? {
        let test = test.unmarked
        return (0..<columnCount).first {
            let place = tests + 16 * $0
            return pool.word(at: place) == test.flags
                && pool.word(at: place + 4) == test.destination
                && pool.word(at: place + 8) == test.source
        }
    }

    var columnByteCount: Int { PortClasses.columnByteCount(classCount: count) }

    static func columnByteCount(classCount: Int) -> Int { (classCount + 63) / 64 * 8 }

    /// The class of a packet's protocol and ports.
    @inline(__always)
    func number(of query: Query, _ pool: MergedMemory, testsSources: Bool) -> Int {
        let values = values(of: query, pool, testsSources: testsSources)
        return number(ofSum: values.destination &+ values.source, pool)
    }

    /// The class of the sum of both values.
    @inline(__always)
    func number(ofSum sum: Int, _ pool: MergedMemory) -> Int {
        Int(pool.half(at: numbers &+ sum &<< 1))
    }

    /// The values of a packet's destination and source.
    @inline(__always)
    func values(
        of query: Query, _ pool: MergedMemory, testsSources: Bool
    ) -> (destination: Int, source: Int) {
        let isKnown = query.flags.contains(.hasTransport)
        let index = Int(pool.word(at: protocols &+ Int(query.ipProtocol) &<< 2))
        let destination = PortIndex.value(
            ofPort: query.destinationPort, isKnown: isKnown, in: index, pool)
        guard testsSources else { return (destination, 0) }
        return (
            destination,
            PortIndex.value(ofPort: query.sourcePort, isKnown: isKnown, in: sources, pool)
        )
    }

    /// The place of the row of tests that a packet's protocol and ports pass.
    @inline(__always)
    func rowOfTests(of query: Query, _ pool: MergedMemory) -> Int {
        rows.place(of: number(of: query, pool, testsSources: testsSources), pool)
    }
}

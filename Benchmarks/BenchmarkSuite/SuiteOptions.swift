/// What of the suite is run, and how long it measures.
package struct SuiteOptions {
    /// Parts that a row's name must have, all of them.
    package var filter: [String] = []
    /// The only rows wanted; all if `nil`.
    package var names: Set<String>?
    /// How many times each thing is measured for a median.
    package var rounds = 9
    /// How many headers a trace has.
    package var headerCount = 1_000_000
    /// A folder of ClassBench files to decide instead of sets made from seeds.
    package var rulesFolder: String?
    /// The program that speaks for rte_acl.
    package var peerPath = ".build/peers/rte_acl"
    /// Chooses headers and made-up rules and fleets.
    package var seed: UInt64 = 7

    /// How many blocks of memory this thread has asked for; `nil` where nobody counts them.
    package var allocationCount: (() -> UInt64)?

    package init() {}

    /// Whether a row or a part of the suite is selected by its name.
    func selects(_ name: String) -> Bool {
        names?.contains(name) ?? true && filter.allSatisfy(name.contains)
    }
}

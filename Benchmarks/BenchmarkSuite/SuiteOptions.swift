/// What of the suite is run, and how long it measures.
package struct SuiteOptions: Sendable {
    /// What a row's name must have: of every word one of its parts between commas.
    package var filter: [String] = []
    /// The only rows wanted; all if `nil`.
    package var names: Set<String>?
    /// How many times each thing is measured for a median.
    package var rounds = 9
    /// How many headers a trace has.
    package var headerCount = 1_000_000
    /// How many calls of each kind are measured: a p99 needs hundreds.
    package var callsOfEachKind = 500
    /// A folder of ClassBench files to decide instead of sets made from seeds.
    package var rulesFolder: String?
    /// The program that speaks for rte_acl.
    package var peerPath = ".build/peers/rte_acl"
    /// Chooses headers and made-up rules and fleets.
    package var seed: UInt64 = 7

    /// How many blocks of memory this thread has asked for; `nil` where nobody counts them.
    package var allocationCount: (@Sendable () -> UInt64)?

    /// Everything, as it is measured for a record.
    package init() {}

    /// A minute's worth: small rule lists and a small fleet, a few rounds of short traces.
    package static let quick: SuiteOptions = {
        var options = SuiteOptions()
        options.rounds = 5
        options.headerCount = 200_000
        let lists = ["acl_1000", "fw_1000", "ipc_1000", "acl6_1000"]
        var names = lists.flatMap { ["decide/\($0)/uniform", "decide/\($0)/zipf", "bytes/\($0)"] }
        names += ["decide/fleet-1k/one-interface/zipf", "decide/fleet-1k/all-interfaces/zipf"]
        names += CallKind.allCases.map { "update/fleet-1k/\($0.rawValue)" }
        options.names = Set(names)
        return options
    }()

    /// Whether a row or a part of the suite is selected by its name.
    func selects(_ name: String) -> Bool {
        guard names?.contains(name) ?? true else { return false }
        return filter.allSatisfy { word in
            word.split(separator: ",").contains { name.contains($0) }
        }
    }
}

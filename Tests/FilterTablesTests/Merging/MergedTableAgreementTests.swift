import CloudModel
import TestSupport
import Testing

@testable import FilterTables

/// Deciders that merge at once, to merged and to wide tables, or soon, beside one that never merges.
@Suite("Merged tables agree with the tables that they are made of")
struct MergedTableAgreementTests {
    @Test("on runs of packets at every interface", arguments: Vendor.allCases)
    func atInterfaces(vendor: Vendor) throws {
        for seed in seeds(60) {
            let world = RandomFleet(seed: seed, shape: .large(vendor))
            var probes = EdgeProbes(world.fleet, shape: world.shape, seed: seed)
            let packets = (0..<200).map { _ in probes.next() }
            let deciders = MergingDeciders(FilterTables(compiling: world.fleet))
            for place in world.fleet.networkInterfaces.indices {
                for direction in Direction.allCases {
                    let queries = packets.map { Query($0, at: place, direction) }
                    // Families apart, so that there are runs; twice, so that the second time all is made.
                    let runs =
                        queries.filter { $0.flags.contains(.ipv6) }
                        + queries.filter { !$0.flags.contains(.ipv6) }
                    try deciders.expectAgreement(on: runs + runs, "seed \(seed)")
                }
            }
        }
    }

    /// Around the numbers of packets that are decided side by side.
    @Test("on runs of every length")
    func ofEveryRunLength() throws {
        var random = SeededGenerator(seed: 3)
        let rules = (0..<50).map { _ in RandomList.rule(&random) }
        let deciders = MergingDeciders(FilterTables(ordered: rules))
        for count in 1...150 {
            let queries = (0..<count).map { _ in Query(RandomList.header(&random)) }
            try deciders.expectAgreement(on: queries, "\(count) packets")
        }
    }

    /// Around the lengths of rows, and where lists become wide tables.
    @Test(
        "on lists of every length",
        arguments: [1, 62, 63, 64, 65, 511, 512, 1023, 1024, 2047, 2048, 4094, 4095, 4096])
    func ofEveryLength(ruleCount: Int) throws {
        var random = SeededGenerator(seed: UInt64(ruleCount))
        let rules = (0..<ruleCount).map { _ in RandomList.rule(&random) }
        let deciders = MergingDeciders(FilterTables(ordered: rules))
        let queries = (0..<3000).map { _ in Query(RandomList.header(&random)) }
        try deciders.expectAgreement(on: queries + queries, "\(ruleCount) rules")
    }

    /// The pairs of blocks that two packets lie in are more than are looked for at a time.
    @Test("on addresses that lie in many blocks")
    func inManyBlocks() throws {
        var random = SeededGenerator(seed: 11)
        let address = IPAddress(ipv4: 0x0A5A_C33C)
        var rules: [QuintupleRule] = []
        for source in 1...32 {
            for destination in 1...32 {
                let port = UInt16.random(in: 0...99, using: &random)
                rules.append(
                    QuintupleRule(
                        source: CIDRBlock(address, prefixLength: source),
                        destination: CIDRBlock(address, prefixLength: destination),
                        sourcePorts: .all, destinationPorts: PortRange(port, port),
                        ipProtocol: .only(.tcp)))
            }
        }
        let deciders = MergingDeciders(FilterTables(ordered: rules.shuffled(using: &random)))
        for _ in 0..<20 {
            let queries = (0..<100).map { _ in Query(RandomList.header(near: 0x0A5A_C33C, &random))
            }
            try deciders.expectAgreement(on: queries, "many blocks")
        }
    }

    @Test("after every change, and when versions are adopted late", arguments: Vendor.allCases)
    func afterChanges(vendor: Vendor) throws {
        for seed in seeds(20) {
            var world = RandomFleet(seed: seed, shape: .crowded(vendor))
            var random = SeededGenerator(seed: seed ^ 0x3E6)
            var editor = TableEditor(compiling: world.fleet, deadClassLimit: 16)
            let deciders = MergingDeciders(editor.tables)
            for step in 0..<120 {
                editor.apply([world.nextChange()])
                if random.oneIn(3) { continue }
                deciders.adopt(editor.tables)
                var probes = EdgeProbes(world.fleet, shape: world.shape, seed: random.next())
                let place = Int.random(in: world.fleet.networkInterfaces.indices, using: &random)
                let direction = random.pick(Direction.allCases)
                let queries = (0..<60).map { _ in Query(probes.next(), at: place, direction) }
                for isIPv6 in [false, true] {
                    let run = queries.filter { $0.flags.contains(.ipv6) == isIPv6 }
                    try deciders.expectAgreement(
                        on: run + run + run, "seed \(seed), step \(step)")
                }
            }
        }
    }
}

/// The deciders that are compared.
private struct MergingDeciders {
    private let wanted: DeciderBox
    private let merging: [(form: String, decider: DeciderBox)]

    init(_ tables: FilterTables) {
        wanted = DeciderBox(tables, .never)
        merging = [
            ("merged", DeciderBox(tables, .always)),
            ("merged without lanes", DeciderBox(tables, .alwaysWithoutLanes)),
            ("merged late", DeciderBox(tables, Merging(shortestRun: 1, decisionsPerStep: 1))),
            ("wide", DeciderBox(tables, .alwaysWide)),
            ("wide without lanes", DeciderBox(tables, .alwaysWideWithoutLanes)),
            ("very wide", DeciderBox(tables, .alwaysVeryWide)),
            ("very wide without lanes", DeciderBox(tables, .alwaysVeryWideWithoutLanes)),
            ("wide without ranks", DeciderBox(tables, .alwaysWideWithoutRanks)),
        ]
    }

    func adopt(_ tables: FilterTables) {
        wanted.adopt(tables)
        for (_, decider) in merging { decider.adopt(tables) }
    }

    func expectAgreement(on queries: [Query], _ occasion: String) throws {
        let wanted = wanted.outcomes(queries)
        for (form, decider) in merging {
            let found = decider.outcomes(queries)
            let wrong = queries.indices.first { found[$0] != wanted[$0] }
            guard let wrong else { continue }
            Issue.record(
                "\(form), \(occasion): \(queries[wrong]) gives \(found[wrong]), not \(wanted[wrong])"
            )
            throw Disagreement()
        }
    }

    /// What follows would only repeat it.
    private struct Disagreement: Error {}
}

import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Differences of tries")
struct TrieDifferenceTests {
    @Test(
        "have every address whose leaf is another, and no more than changes touch",
        arguments: Vendor.allCases, [false, true])
    func everyAddress(vendor: Vendor, isIPv6: Bool) {
        var otherLeafCount = 0
        for seed in seeds(40, unoptimised: 3) {
            var world = RandomFleet(seed: seed, shape: .large(vendor))
            var editor = TableEditor(compiling: world.fleet, deadClassLimit: 16)
            var probes = EdgeProbes(world.fleet, shape: world.shape, seed: seed)
            for _ in 0..<60 {
                // The older version is held, so that no block of it is written to.
                let before = editor.tables
                editor.apply([world.nextChange()])
                let (old, new) = (trie(of: before, isIPv6), trie(of: editor.tables, isIPv6))
                let differences = TrieDifferences(old, new, before.memory)
                #expect(old != new || differences.stretches.isEmpty)
                // The first or last use of a wide prefix.
                guard !differences.isTooMany else { continue }
                #expect(areApart(differences.stretches))
                for _ in 0..<100 {
                    let source = probes.next().source
                    guard source.family == (isIPv6 ? .ipv6 : .ipv4) else { continue }
                    let key = TrieKey(high: source.high, low: source.low)
                    let isOther =
                        before.memory.leaf(of: old, high: key.high, low: key.low)
                        != before.memory.leaf(of: new, high: key.high, low: key.low)
                    let isListed = differences.stretches.contains { $0.contains(key) }
                    #expect(isListed || !isOther)
                    otherLeafCount += isOther ? 1 : 0
                }
            }
        }
        #expect(otherLeafCount > 0)
    }

    private func trie(of tables: FilterTables, _ isIPv6: Bool) -> TrieEntry {
        TableReader(tables.version).trie(ofSpace: 0, isIPv6: isIPv6)
    }

    private func areApart(_ stretches: [ClosedRange<TrieKey>]) -> Bool {
        zip(stretches, stretches.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    }
}

import CloudModel
import FilterTables
import TestSupport
import Testing

@Suite("Ordered rule lists")
struct OrderedRulesTests {
    @Test("give the first rule that matches, as a scan does", arguments: UInt64(1)...12)
    func equalsScan(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rules = (0..<Int.random(in: 1...400, using: &random)).map { _ in randomRule(&random) }
        let tables = FilterTables(ordered: rules)
        let headers = (0..<2000).map { _ in randomHeader(&random) }
        var outcomes = [Outcome](repeating: .undecided, count: headers.count)
        var decider = Decider(tables)
        var span = outcomes.mutableSpan
        let queries = headers.map { Query($0) }
        decider.decide(queries.span, into: &span)
        for (header, outcome) in zip(headers, outcomes) {
            let expected = rules.firstIndex { $0.matches(header) }
            try #require(outcome.rule == expected, "seed \(seed): \(header)")
        }
    }

    @Test("without rules match nothing")
    func empty() {
        var decider = Decider(FilterTables(ordered: []))
        var outcomes = [Outcome.undecided]
        var span = outcomes.mutableSpan
        let header = Quintuple(
            source: 1, destination: 2, sourcePort: 3, destinationPort: 4, ipProtocol: 6)
        let queries = [Query(header)]
        decider.decide(queries.span, into: &span)
        #expect(outcomes[0].verdict == .drop && outcomes[0].rule == nil)
    }

    private func randomRule(_ random: inout SeededGenerator) -> QuintupleRule {
        QuintupleRule(
            source: randomBlock(&random), destination: randomBlock(&random),
            sourcePorts: randomPorts(&random), destinationPorts: randomPorts(&random),
            ipProtocol: random.pick([.all, .only(.tcp), .only(.udp), .only(.gre)]))
    }

    private func randomBlock(_ random: inout SeededGenerator) -> CIDRBlock {
        CIDRBlock(
            IPAddress(ipv4: UInt32.random(in: 0...255, using: &random) << 20),
            prefixLength: random.pick([0, 4, 8, 10, 12, 32]))
    }

    private func randomPorts(_ random: inout SeededGenerator) -> PortRange {
        let first = UInt16.random(in: 0...30, using: &random)
        return random.oneIn(3) ? PortRange.all : PortRange(first, first + random.pick([0, 5]))
    }

    private func randomHeader(_ random: inout SeededGenerator) -> Quintuple {
        Quintuple(
            source: UInt32.random(in: 0...255, using: &random) << 20,
            destination: UInt32.random(in: 0...255, using: &random) << 20,
            sourcePort: UInt16.random(in: 0...36, using: &random),
            destinationPort: UInt16.random(in: 0...36, using: &random),
            ipProtocol: random.pick([6, 17, 47, 1, 0]))
    }
}

import CloudModel
import Testing

@testable import BenchmarkSuite

@Suite("Made-up rule lists")
struct RuleSetMakerTests {
    private func ruleSet(
        _ shape: RuleSetShape, size: Int = 1_000, family: AddressFamily = .ipv4, seed: UInt64 = 7
    ) -> RuleSet {
        var maker = RuleSetMaker(shape, size: size, family: family, seed: seed)
        return maker.ruleSet(named: "list")
    }

    @Test("are the same for the same seed, of the size asked for, and have no rule twice")
    func seeds() {
        for shape in RuleSetShape.all {
            let rules = ruleSet(shape).rules
            #expect(rules == ruleSet(shape).rules)
            #expect(rules != ruleSet(shape, seed: 8).rules)
            #expect(Set(rules).count == rules.count)
            #expect((950...1_000).contains(rules.count), "\(shape.name): \(rules.count)")
        }
    }

    @Test("have the wildcards of ClassBench's: hardly any, a quarter, one in thirty")
    func wildcards() {
        func share(_ shape: RuleSetShape) -> Double {
            let rules = ruleSet(shape, size: 2_000).rules
            return Double(rules.count { $0.source.prefixLength == 0 }) / Double(rules.count)
        }
        #expect(share(.accessControl) < 0.01)
        #expect((0.22...0.32).contains(share(.firewall)))
        #expect((0.02...0.05).contains(share(.ipChain)))
    }

    @Test("of IPv6 are rules that security groups can have")
    func ipv6() {
        for rule in ruleSet(.ipChain, family: .ipv6).rules {
            #expect(rule.source.family == .ipv6 && rule.destination.family == .ipv6)
            guard rule.destinationPorts != .all || rule.sourcePorts != .all else { continue }
            guard case .only(let ipProtocol) = rule.ipProtocol else {
                Issue.record("ports of any protocol: \(rule)")
                continue
            }
            #expect(ipProtocol.hasFilteredPorts)
        }
    }

    @Test("put narrow rules before wide ones")
    func order() {
        let rules = ruleSet(.firewall).rules
        func meanLength(_ part: some Collection<QuintupleRule>) -> Int {
            part.reduce(0) { $0 + $1.source.prefixLength + $1.destination.prefixLength }
                / part.count
        }
        #expect(meanLength(rules.prefix(100)) > meanLength(rules.suffix(100)) + 16)
    }
}

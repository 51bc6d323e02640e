import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Open rules")
struct OpenRuleTests {
    @Test("are known for each family and protocol, through edits", arguments: UInt64(1)...20)
    func equalsScan(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let world = RuleWorld()
        var table = RuleTable(.implicitDeny, in: world.arena)
        var rules: [SampleRule] = []
        for number in 0..<200 {
            if random.oneIn(2), let rule = rules.randomElement(using: &random) {
                rules.removeAll { $0 == rule }
                table = world.removing(rule, from: table)
            } else {
                world.name(UInt32(number), RuleID(number: number))
                rules.append(randomRule(UInt32(number), &random))
                table = world.inserting(rules[rules.count - 1], into: table)
            }
            for isIPv6 in [false, true] {
                for number in [UInt8(6), 17, 1] {
                    let isOpen = rules.contains { opens($0, number, isIPv6) }
                    #expect(
                        table.isOpen(to: number, isIPv6: isIPv6, in: world.arena.memory) == isOpen)
                }
            }
        }
    }

    /// Source: SEMANTICS B.5.
    private func opens(_ rule: SampleRule, _ number: UInt8, _ isIPv6: Bool) -> Bool {
        rule.pair == SelectorPair(peer: isIPv6 ? 2 : 1) && (number == 6 || number == 17)
            && rule.ipProtocol.matches(IPProtocol(rawValue: number))
            && rule.destination.map { $0 == 0...(.max) } ?? true
    }

    private func randomRule(_ number: UInt32, _ random: inout SeededGenerator) -> SampleRule {
        SampleRule(
            pair: SelectorPair(peer: random.pick([1, 2, 2, 7])), id: RuleID(number: Int(number)),
            ipProtocol: random.pick([.all, .only(.tcp), .only(.udp), .only(.icmp)]),
            destination: random.pick([nil, 0...65535, 1...65535, 22...22]), number: number)
    }
}

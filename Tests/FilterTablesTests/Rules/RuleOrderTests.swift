import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Orders of rules")
struct RuleOrderTests {
    @Test("never contradict the decision order", arguments: UInt64(1)...20)
    func followsDecisionOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rules = (0..<150).map { _ in
            SecurityGroupRule(
                id: randomID(&random), direction: .ingress,
                peer: .securityGroup(GroupReference("sg-1")),
                policy: random.pick([.accept, .drop]), priority: random.pick([1, 1, 2, 110]))
        }
        for rule in rules {
            for other in rules where rule.isTriedBefore(other) {
                #expect(RuleOrder(rule) <= RuleOrder(other), "\(rule.id) \(other.id)")
            }
            #expect(RuleOrder(rule) > .intraGroup && RuleOrder(rule) < .last)
        }
    }

    @Test("tell generated ids apart")
    func generatedIDs() {
        let orders = (0..<5000).map {
            RuleOrder(priority: 1, .accept, RuleID(number: $0 * 7919))
        }
        #expect(Set(orders).count == orders.count)
        #expect(orders == orders.sorted())
    }

    @Test("of a plain list leave room between any two")
    func labels() throws {
        let labels = (0..<1000).map { RuleOrder(label: $0, of: 1000) }
        #expect(labels == labels.sorted() && Set(labels).count == 1000)
        let middle = RuleOrder.label(between: labels[4], and: labels[5])
        #expect(try labels[4] < #require(middle) && #require(middle) < labels[5])
        let before = RuleOrder.label(between: .platform, and: labels[0])
        #expect(try #require(before) < labels[0])
        let after = RuleOrder.label(between: labels[999], and: .last)
        #expect(try #require(after) > labels[999])
        var (lower, count) = (labels[0], 0)
        while let next = RuleOrder.label(between: lower, and: labels[1]) {
            (lower, count) = (next, count + 1)
        }
        #expect(count > 50)
    }

    /// Ids that begin alike.
    private func randomID(_ random: inout SeededGenerator) -> RuleID {
        let start = random.pick(["sgr-", "sgr-", "sgr-", "sgr", "sg-", "sgs-", ""])
        let zeros = String(repeating: "0", count: random.pick([0, 1, 2, 14, 15, 16, 17]))
        let symbols = ["0", "1", "9", "a", "f", "z", "A", "+", "~", "é"]
        let rest = (0..<random.pick([0, 1, 2, 9, 10])).map { _ in random.pick(symbols) }
        return RuleID(start + zeros + rest.joined())
    }
}

@Suite("Records of rules")
struct RuleRecordTests {
    @Test("hold an id of any length", arguments: [0, 1, 3, 4, 5, 21, 55, 56, 57, 300])
    func roundTrip(length: Int) {
        let arena = BlockArena()
        let id = RuleID(String((0..<length).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) }))
        let record = RuleRecord.make(id, group: 123_456, .egress, in: arena)
        #expect(RuleRecord.id(of: record, in: arena.memory) == id)
        #expect(RuleRecord.group(of: record, in: arena.memory) == 123_456)
        #expect(RuleRecord.direction(of: record, in: arena.memory) == .egress)
        arena.release(record)
        #expect(arena.liveLineCount == 0)
    }

    @Test("compare as their ids do")
    func order() {
        let arena = BlockArena()
        let ids: [RuleID] = [
            "", "\0", "a", "a\0", "a\0b", "ab", "abcd", "abcde", "abce", "b", "é", "sgr-1",
            "sgr-10",
        ]
        for id in ids {
            for other in ids {
                let records = [id, other].map {
                    RuleRecord.make($0, group: 0, .ingress, in: arena)
                }
                #expect(
                    RuleRecord.precedes(records[0], records[1], in: arena.memory) == (id < other))
            }
        }
    }
}

import CloudModel
import TestSupport
import Testing

@testable import Questions

@Suite("Interval sets")
struct IntervalSetTests {
    @Test("join intervals that touch or overlap, in any order")
    func joining() {
        let set = IntervalSet([Interval(80, 80), Interval(443, 444), Interval(81, 90)])
        #expect(set.intervals == [Interval(80, 90), Interval(443, 444)])
        #expect(IntervalSet([Interval(1, 9), Interval(2, 3)]) == IntervalSet(1, 9))
    }

    @Test("reach to the last number there is")
    func ends() {
        let all = IntervalSet(0, .max)
        #expect(all.subtracting(IntervalSet(.max, .max)) == IntervalSet(0, .max - 1))
        #expect(all.subtracting(all).isEmpty)
        #expect(IntervalSet([Interval(.max, .max), Interval(0, .max)]) == all)
    }

    @Test("agree with sets of numbers", arguments: UInt64(1)...50)
    func agreement(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let (left, right) = (numbers(&random), numbers(&random))
            let (first, second) = (intervals(left), intervals(right))
            #expect(first.union(second) == intervals(left.union(right)))
            #expect(first.intersection(second) == intervals(left.intersection(right)))
            #expect(first.subtracting(second) == intervals(left.subtracting(right)))
            #expect(
                first.symmetricDifference(second) == intervals(left.symmetricDifference(right)))
            #expect(first.overlaps(second) == !left.isDisjoint(with: right))
            for number in UInt128(0)...33 {
                #expect(first.contains(number) == left.contains(number))
            }
        }
    }

    private func numbers(_ random: inout SeededGenerator) -> Set<UInt128> {
        let count = Int.random(in: 0...20, using: &random)
        return Set((0..<count).map { _ in UInt128.random(in: 0...32, using: &random) })
    }

    private func intervals(_ numbers: Set<UInt128>) -> IntervalSet {
        IntervalSet(numbers.map { Interval($0, $0) })
    }

    @Test(
        "are written as the fewest blocks",
        arguments: [
            ("0.0.0.0-255.255.255.255", ["0.0.0.0/0"]),
            ("10.0.0.1-10.0.0.6", ["10.0.0.1", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6"]),
            ("10.0.0.0-10.0.1.255", ["10.0.0.0/23"]),
            ("255.255.255.255-255.255.255.255", ["255.255.255.255"]),
            ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]),
            ("2001:db8::-2001:db8::4", ["2001:db8::/126", "2001:db8::4"]),
        ])
    func blocks(range: String, blocks: [String]) throws {
        let ends = range.split(separator: "-")
        let first = try #require(IPAddress(String(ends[0])))
        let last = try #require(IPAddress(String(ends[1])))
        let set = IntervalSet(first.number, last.number)
        let found = set.blocks(first.family)
        #expect(found.map(\.description) == blocks)
        #expect(IntervalSet(found, first.family) == set)
    }

    @Test(
        "are told in the fewest words",
        arguments: [
            (["0.0.0.0/0"], [], "any IPv4 address"),
            (["10.0.0.1", "10.0.0.2"], [], "10.0.0.1, 10.0.0.2"),
            (["10.0.0.0/24"], ["10.0.0.7"], "10.0.0.0/24 but 10.0.0.7"),
            (
                ["192.0.2.0/25", "198.51.100.0/24"], ["198.51.100.77"],
                "192.0.2.0/25, 198.51.100.0/24 (but 198.51.100.77)"
            ),
            (["::/0"], ["fd00::/8", "2001:db8::1"], "any IPv6 address but 2001:db8::1, fd00::/8"),
            (["255.255.255.255"], [], "255.255.255.255"),
        ])
    func words(blocks: [String], holes: [String], text: String) throws {
        let (blocks, holes) = (blocks.compactMap(CIDRBlock.init), holes.compactMap(CIDRBlock.init))
        let family = try #require(blocks.first).family
        let set = IntervalSet(blocks, family).subtracting(IntervalSet(holes, family))
        #expect(set.addressText(family) == text)
    }
}

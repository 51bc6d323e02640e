import CloudModel
import TestSupport
import Testing

@testable import FilterTables

@Suite("Port intervals")
struct PortIntervalTests {
    @Test("begin where a range begins and behind where one ends")
    func cuts() {
        let intervals = ElementaryIntervals(cutBy: [22...22, 80...443])
        #expect(intervals.starts == [0, 22, 23, 80, 444])
        #expect(intervals.indices(of: 80...443) == 3..<4)
        #expect(intervals.indices(of: 22...22) == 1..<2)
    }

    @Test("are found for every number", arguments: UInt64(1)...20)
    func search(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let starts =
            [0] + Set((1...20).map { _ in UInt32.random(in: 1...60, using: &random) }).sorted()
        for number in 0...UInt32(70) {
            #expect(
                lastIndex(in: starts.span, notAfter: number)
                    == starts.lastIndex { $0 <= number })
        }
    }

    @Test(
        "classes differ exactly where some range tells two values apart", arguments: UInt64(1)...20)
    func classes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var pages = ProtocolPages()
        for ipProtocol in [IPProtocol.tcp, .udp, .gre] { pages.add(ipProtocol) }
        var ranges: Set<ClosedRange<UInt32>> = [pages.allKeys, pages.keys(of: .gre)]
        for ipProtocol in [IPProtocol.tcp, .udp] {
            for _ in 0..<4 {
                let first = UInt16.random(in: 0...40, using: &random)
                let last = first + UInt16.random(in: 0...9, using: &random)
                ranges.insert(pages.keys(of: ipProtocol, values: first...last))
            }
        }
        let classes = PortClasses(serviceRanges: ranges, sourceRanges: [], pages: pages.count)
        var keys: [UInt32] = []
        for ipProtocol in [IPProtocol.tcp, .udp, .gre, .icmp] {
            for value in Array(0...UInt32(60)) + [65535, ServiceKey.unknownValue] {
                keys.append(pages.key(ipProtocol: ipProtocol.rawValue, value: value))
            }
        }
        for (one, other) in zip(keys, keys.dropFirst()) {
            let areTold = ranges.contains { $0.contains(one) != $0.contains(other) }
            if areTold { #expect(classes.serviceClass(of: one) != classes.serviceClass(of: other)) }
        }
        #expect(Set(keys.map(classes.serviceClass)).count <= 2 * ranges.count + 2 * pages.count)
    }

    @Test("of one port each are told from unknown ports")
    func everyPortItsOwnClass() {
        let singles = Set((0...UInt32(65535)).map { $0...$0 })
        let classes = PortClasses(serviceRanges: singles, sourceRanges: singles, pages: 1)
        #expect(classes.sourceClass(of: 65535) != classes.sourceClass(of: ServiceKey.unknownValue))
        #expect(
            classes.serviceClass(of: 65535) != classes.serviceClass(of: ServiceKey.unknownValue))
        #expect(classes.serviceClass(of: 65534) != classes.serviceClass(of: 65535))
    }
}

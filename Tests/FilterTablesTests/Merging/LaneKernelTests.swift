import CloudModel
import TestSupport
import Testing

@testable import FilterTables

/// What it decides is compared in `MergedTableAgreementTests`.
@Suite(
    "The kernel of sixteen lanes",
    .enabled(if: LaneKernel.isThere, "this machine has no AVX-512"))
struct LaneKernelTests {
    @Test("knows where the fields of queries are")
    func layout() {
        #expect(MemoryLayout<Query>.stride == 48)
        // The upper half of 64 bits is an IPv4 address.
        #expect(MemoryLayout<Query>.offset(of: \.sourceHigh) ?? -1 == 0)
        #expect(MemoryLayout<Query>.offset(of: \.destinationHigh) ?? -1 == 16)
        #expect(MemoryLayout<Query>.offset(of: \.interface) ?? -1 == 32)
        #expect(MemoryLayout<Query>.offset(of: \.sourcePort) ?? -1 == 36)
        #expect(MemoryLayout<Query>.offset(of: \.destinationPort) ?? -1 == 38)
        #expect(MemoryLayout<Query>.offset(of: \.ipProtocol) ?? -1 == 40)
        #expect(MemoryLayout<Query>.offset(of: \.flags) ?? -1 == 41)
        #expect(Query.Flags.hasTransport.rawValue == 4)
        #expect(MemoryLayout<Outcome>.stride == 8)
    }

    @Test("ends runs where packets ask other tables or another trie", arguments: 0..<5)
    func endsRuns(kindAfter: Int) {
        var random = SeededGenerator(seed: UInt64(kindAfter))
        for count in 1...70 {
            for end in 1...count {
                let queries = (0..<count).map { query(kind: $0 < end ? 0 : kindAfter, &random) }
                // Kind 0 once more goes on.
                let wanted = queries.prefix { $0.runKey == queries[0].runKey }.count
                let found = LaneKernel.runLength(of: queries.span, in: 0..<count)
                #expect(found == wanted, "\(end) of \(count)")
            }
        }
    }

    @Test("begins where the range does")
    func range() {
        var random = SeededGenerator(seed: 9)
        let queries = (0..<100).map { query(kind: $0 < 7 ? 1 : 0, &random) }
        #expect(LaneKernel.runLength(of: queries.span, in: 7..<90) == 83)
        #expect(LaneKernel.runLength(of: queries.span, in: 2..<90) == 5)
    }

    /// A packet of an interface, in a direction and of a family that depend on the kind, with anything else.
    private func query(kind: Int, _ random: inout SeededGenerator) -> Query {
        let words = (random.next(), random.next())
        let isIPv6 = kind == 3
        let packet = Packet(
            source: isIPv6
                ? IPAddress(ipv6High: words.0, low: 1)
                : IPAddress(ipv4: UInt32(truncatingIfNeeded: words.0)),
            destination: isIPv6
                ? IPAddress(ipv6High: words.1, low: 2)
                : IPAddress(ipv4: UInt32(truncatingIfNeeded: words.1)),
            ipProtocol: random.pick([.tcp, .udp, .gre]),
            transport: random.oneIn(3)
                ? .none
                : .ports(
                    source: UInt16(truncatingIfNeeded: words.0),
                    destination: UInt16(truncatingIfNeeded: words.1), tcpFlags: nil))
        let query = Query(packet, at: kind == 1 ? 8 : 7, kind == 2 ? .egress : .ingress)
        return kind == 4 ? query.withUnnamedPeer : query
    }
}

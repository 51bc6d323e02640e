import CloudModel
import TestSupport

/// Rules and headers of a small world, in which many overlap.
enum RandomList {
    static func rule(_ random: inout SeededGenerator) -> QuintupleRule {
        QuintupleRule(
            source: block(&random), destination: block(&random), sourcePorts: ports(&random),
            destinationPorts: ports(&random),
            ipProtocol: random.pick([.all, .only(.tcp), .only(.udp), .only(.gre)]))
    }

    private static func block(_ random: inout SeededGenerator) -> CIDRBlock {
        CIDRBlock(
            IPAddress(ipv4: address(&random)),
            prefixLength: random.pick([0, 8, 15, 16, 17, 23, 24, 25, 31, 32]))
    }

    private static func address(_ random: inout SeededGenerator) -> UInt32 {
        // Few values of each octet, and of each half of one, or many within a few networks.
        UInt32(truncatingIfNeeded: random.next()) & random.pick([0x0301_8181, 0x0001_013F])
    }

    private static func ports(_ random: inout SeededGenerator) -> PortRange {
        let first = UInt16.random(in: 0...600, using: &random)
        return random.oneIn(3) ? .all : PortRange(first, first + random.pick([0, 5, 300]))
    }

    /// A header whose addresses have some or all of their first bits in common with one.
    static func header(
        near address: UInt32, _ random: inout SeededGenerator
    ) -> Quintuple {
        Quintuple(
            source: address ^ random.pick([0, 1, 4, 1 << 20]),
            destination: address ^ random.pick([0, 2, 8, 1 << 24]), sourcePort: 1,
            destinationPort: UInt16.random(in: 0...120, using: &random), ipProtocol: 6)
    }

    static func header(_ random: inout SeededGenerator) -> Quintuple {
        Quintuple(
            source: address(&random), destination: address(&random),
            sourcePort: UInt16.random(in: 0...1000, using: &random),
            destinationPort: UInt16.random(in: 0...1000, using: &random),
            ipProtocol: random.pick([1, 6, 17, 47]))
    }
}

package import CloudModel

/// How large a random fleet is, and which addresses and ports occur in it.
package struct WorldShape: Sendable {
    package var vendor: Vendor
    package var groups: ClosedRange<Int>
    package var rulesPerGroup: ClosedRange<Int>
    package var interfaces: ClosedRange<Int>
    package var vpcs: ClosedRange<Int>
    /// How many low bits of an address vary; the others are ``ipv4Base`` or ``ipv6Base``.
    package var addressBits: Int
    /// The largest port that rules name.
    package var maximumPort: UInt16

    /// Three address bits and three port bits: few enough packets to try them all.
    package static func small(_ vendor: Vendor) -> WorldShape {
        WorldShape(
            vendor: vendor, groups: 1...3, rulesPerGroup: 0...5, interfaces: 1...3, vpcs: 1...1,
            addressBits: 3, maximumPort: 7)
    }

    /// Up to eight groups and sixteen interfaces that crowd a few addresses and ports: a world that is
    /// changed again and again.
    package static func crowded(_ vendor: Vendor) -> WorldShape {
        WorldShape(
            vendor: vendor, groups: 1...7, rulesPerGroup: 0...10, interfaces: 1...16, vpcs: 1...2,
            addressBits: 5, maximumPort: 40)
    }

    /// A few dozen groups and interfaces in several VPCs with overlapping addresses.
    package static func large(_ vendor: Vendor) -> WorldShape {
        WorldShape(
            vendor: vendor, groups: 3...24, rulesPerGroup: 0...90, interfaces: 2...40, vpcs: 1...3,
            addressBits: 16, maximumPort: .max)
    }

    package static let ipv4Base: UInt32 = 0x0A00_0000
    package static let ipv6Base = (high: UInt64(0x2001_0DB8_0000_0000), low: UInt64(0))

    /// The address of `family` with these low bits.
    package func address(_ family: AddressFamily, _ bits: UInt32) -> IPAddress {
        family == .ipv4
            ? IPAddress(ipv4: WorldShape.ipv4Base | bits)
            : IPAddress(
                ipv6High: WorldShape.ipv6Base.high, low: WorldShape.ipv6Base.low | UInt64(bits))
    }
}

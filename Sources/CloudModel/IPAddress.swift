/// The two versions of the Internet Protocol.
package enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"

    /// The number of bits in an address: 32 or 128.
    package var addressBitCount: Int { self == .ipv4 ? 32 : 128 }
}

/// An IPv4 or IPv6 address: the family and up to 128 bits, the most significant first.
///
///     high                              low
///     ┌────────────── 64 ─────────────┐ ┌────────────── 64 ─────────────┐
///     IPv6: first 64 bits                last 64 bits
///     IPv4: the address in the top 32    0
///
/// Both families are left-aligned, so a prefix of length *n* is the same *n* leading bits of
/// `(high, low)` whatever the family, and one trie serves both.
package struct IPAddress: Hashable, Sendable {
    /// Bits 0…63, counted from the most significant.
    package let high: UInt64
    /// Bits 64…127. Always 0 for IPv4.
    package let low: UInt64
    /// Which protocol version the address belongs to.
    package let family: AddressFamily

    /// The IPv4 address with the given value, the first octet in the top eight bits.
    package init(ipv4 value: UInt32) {
        high = UInt64(value) << 32
        low = 0
        family = .ipv4
    }

    /// The IPv6 address made of two halves in network order.
    package init(ipv6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        family = .ipv6
    }

    /// The address of `family` whose left-aligned bits are `(high, low)`.
    ///
    /// - Precondition: for IPv4, all but the top 32 bits are zero.
    package init(family: AddressFamily, high: UInt64, low: UInt64) {
        precondition(family == .ipv6 || (high & 0xFFFF_FFFF == 0 && low == 0))
        self.high = high
        self.low = low
        self.family = family
    }

    /// The value of an IPv4 address; the top 32 bits of an IPv6 one.
    package var ipv4Value: UInt32 { UInt32(truncatingIfNeeded: high >> 32) }

    /// This address with all but its first `prefixLength` bits cleared.
    ///
    /// - Precondition: `prefixLength` is at most the family's number of bits.
    package func masked(to prefixLength: Int) -> IPAddress {
        IPAddress(
            family: family,
            high: high & IPAddress.mask(prefixLength),
            low: low & IPAddress.mask(prefixLength - 64))
    }

    /// The address `offset` places after this one, wrapping at the end of the family's range.
    package func advanced(by offset: UInt32) -> IPAddress {
        if family == .ipv4 { return IPAddress(ipv4: ipv4Value &+ offset) }
        let (sum, carry) = low.addingReportingOverflow(UInt64(offset))
        return IPAddress(ipv6High: high &+ (carry ? 1 : 0), low: sum)
    }

    /// A 64-bit word whose first `bitCount` bits are set; none if it is negative, all from 64 on.
    private static func mask(_ bitCount: Int) -> UInt64 {
        // Swift's `<<` gives 0 when the shift is 64 or more, so no bit is set for 0.
        bitCount <= 0 ? 0 : UInt64.max << max(0, 64 - bitCount)
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by value.
    package static func < (lhs: IPAddress, rhs: IPAddress) -> Bool {
        if lhs.family != rhs.family { return lhs.family == .ipv4 }
        return (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }
}

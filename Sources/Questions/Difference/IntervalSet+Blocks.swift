package import CloudModel

extension IPAddress {
    /// The address as a number: 32 bits for IPv4, 128 for IPv6.
    package var number: UInt128 {
        family == .ipv4 ? UInt128(ipv4Value) : UInt128(high) << 64 | UInt128(low)
    }

    /// The address of `family` with this number.
    ///
    /// - Precondition: the number has no more bits than the family's addresses.
    package init(_ family: AddressFamily, number: UInt128) {
        switch family {
        case .ipv4: self.init(ipv4: UInt32(number))
        case .ipv6:
            self.init(
                ipv6High: UInt64(truncatingIfNeeded: number >> 64),
                low: UInt64(truncatingIfNeeded: number))
        }
    }
}

extension IntervalSet {
    /// All addresses of a family, as numbers.
    package static func addresses(of family: AddressFamily) -> IntervalSet {
        IntervalSet(0, UInt128.max >> UInt128(128 - family.addressBitCount))
    }

    /// The addresses of `family` that lie in any of `blocks`.
    package init(_ blocks: [CIDRBlock], _ family: AddressFamily) {
        self.init(
            blocks.filter { $0.family == family }.map { block in
                let hostBits = family.addressBitCount - block.prefixLength
                let first = block.network.number
                return Interval(first, first | ~(UInt128.max << UInt128(hostBits)))
            })
    }

    /// The fewest blocks that hold exactly these addresses, in ascending order.
    package func blocks(_ family: AddressFamily) -> [CIDRBlock] {
        var blocks: [CIDRBlock] = []
        for interval in intervals {
            var first = interval.lower
            while true {
                let block = IntervalSet.largestBlock(from: first, to: interval.upper, family)
                blocks.append(block.block)
                guard block.last < interval.upper else { break }
                first = block.last + 1
            }
        }
        return blocks
    }

    /// The largest block that begins at `first` and ends no later than `last`, and its last address.
    private static func largestBlock(
        from first: UInt128, to last: UInt128, _ family: AddressFamily
    ) -> (block: CIDRBlock, last: UInt128) {
        var hostBits = min(first.trailingZeroBitCount, family.addressBitCount)
        var end = first | ~(UInt128.max << UInt128(hostBits))
        while end > last {
            hostBits -= 1
            end = first | ~(UInt128.max << UInt128(hostBits))
        }
        let address = IPAddress(family, number: first)
        return (CIDRBlock(address, prefixLength: family.addressBitCount - hostBits), end)
    }
}

/// A block of addresses written as an address and a prefix length, such as `10.0.0.0/8`.
///
/// The address is kept as it was given: security-group rules with host bits set (`10.159.6.18/12`)
/// exist in the wild. Matching and equality look at the masked ``network`` only.
package struct CIDRBlock: Sendable {
    /// The address as given, host bits included.
    package let address: IPAddress
    /// How many leading bits are fixed.
    package var prefixLength: Int { Int(storedLength) }

    // One byte, so that a block takes 18 bytes and an optional one no more: fleets hold millions.
    private let storedLength: UInt8

    /// The block of the addresses that share the first `prefixLength` bits of `address`.
    ///
    /// - Precondition: `prefixLength` is at most the family's number of bits.
    package init(_ address: IPAddress, prefixLength: Int) {
        precondition((0...address.family.addressBitCount).contains(prefixLength))
        self.address = address
        storedLength = UInt8(prefixLength)
    }

    /// The block of one address: a `/32` or `/128`.
    package init(_ address: IPAddress) {
        self.init(address, prefixLength: address.family.addressBitCount)
    }

    /// The version of the addresses in the block.
    package var family: AddressFamily { address.family }
    /// The first address of the block.
    package var network: IPAddress { address.masked(to: prefixLength) }
    /// The same block without host bits.
    package var canonical: CIDRBlock { CIDRBlock(network, prefixLength: prefixLength) }
    /// Whether any bit behind the prefix is set.
    package var hasHostBits: Bool { address != network }

    /// Whether `other` is of the same family and lies in the block.
    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && other.masked(to: prefixLength) == network
    }

    /// Whether every address of `other` lies in the block.
    package func contains(_ other: CIDRBlock) -> Bool {
        other.prefixLength >= prefixLength && contains(other.address)
    }

    /// Whether the two blocks have an address in common.
    package func overlaps(_ other: CIDRBlock) -> Bool { contains(other) || other.contains(self) }
}

extension CIDRBlock: Hashable {
    /// Whether the two blocks hold the same addresses.
    package static func == (lhs: CIDRBlock, rhs: CIDRBlock) -> Bool {
        lhs.prefixLength == rhs.prefixLength && lhs.network == rhs.network
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(network)
        hasher.combine(storedLength)
    }
}

extension CIDRBlock: Comparable {
    /// By network, and a block before the blocks inside it.
    package static func < (lhs: CIDRBlock, rhs: CIDRBlock) -> Bool {
        lhs.network == rhs.network
            ? lhs.prefixLength < rhs.prefixLength : lhs.network < rhs.network
    }
}

extension CIDRBlock: LosslessStringConvertible {
    /// Reads `address/length`, or a bare address as the block that holds only it.
    package init?(_ text: String) {
        self.init(utf8: text.utf8.span)
    }

    /// Reads the textual form from UTF-8 bytes; `nil` if they are not a block.
    package init?(utf8 bytes: Span<UInt8>) {
        var slash = 0
        while slash < bytes.count, bytes[slash] != UInt8(ascii: "/") { slash += 1 }
        guard let address = IPAddress(utf8: bytes.extracting(0..<slash)) else { return nil }
        guard slash < bytes.count else {
            self.init(address)
            return
        }
        let digits = bytes.extracting((slash + 1)...)
        guard (1...3).contains(digits.count), digits.count == 1 || digits[0] != UInt8(ascii: "0")
        else { return nil }
        var length = 0
        for index in digits.indices {
            guard let digit = digits[index].decimalDigit else { return nil }
            length = length * 10 + Int(digit)
        }
        guard length <= address.family.addressBitCount else { return nil }
        self.init(address, prefixLength: length)
    }

    /// The address as given and the prefix length; a bare address if the block holds only it.
    package var description: String {
        prefixLength == family.addressBitCount
            ? address.description : "\(address)/\(prefixLength)"
    }
}

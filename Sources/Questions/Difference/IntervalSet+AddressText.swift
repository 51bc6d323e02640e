import CloudModel

extension IntervalSet {
    /// Addresses as blocks, and as blocks without others where that is shorter:
    /// `192.0.2.0/25, 198.51.100.0/24 (but 198.51.100.77)`.
    func addressText(_ family: AddressFamily) -> String {
        guard let first = intervals.first, let last = intervals.last else { return "none" }
        let unused = 128 - family.addressBitCount
        let common = min((first.lower ^ last.upper).leadingZeroBitCount, 128) - unused
        let cover = CIDRBlock(IPAddress(family, number: first.lower), prefixLength: common)
            .canonical
        let parts = self.parts(in: cover, family)
        guard parts.count == 1 else { return parts.map(\.text).shortened(to: 8) }
        return parts[0].block.name
            + (parts[0].holes.isEmpty ? "" : " but \(parts[0].holeText)")
    }

    /// The addresses inside `cover`, in the fewest words: as a block without holes, or as what its
    /// halves hold.
    private func parts(in cover: CIDRBlock, _ family: AddressFamily) -> [AddressPart] {
        let whole = IntervalSet([cover], family)
        let inside = intersection(whole)
        if inside.isEmpty { return [] }
        let holes = whole.subtracting(inside).blocks(family)
        let asOne = AddressPart(block: cover, holes: holes)
        if holes.isEmpty { return [asOne] }
        // Beyond that nobody reads it, and each half costs as much as the whole.
        guard inside.intervals.count <= 64 else {
            let blocks = inside.blocks(family)
            return holes.count + 1 < blocks.count
                ? [asOne] : blocks.map { AddressPart(block: $0, holes: []) }
        }
        let half = CIDRBlock(cover.network, prefixLength: cover.prefixLength + 1)
        let middle = IntervalSet([half], family).intervals[0].upper + 1
        let otherHalf = CIDRBlock(
            IPAddress(family, number: middle), prefixLength: half.prefixLength)
        let halves = inside.parts(in: half, family) + inside.parts(in: otherHalf, family)
        return asOne.wordCount < halves.reduce(0) { $0 + $1.wordCount } ? [asOne] : halves
    }
}

/// A block, and the blocks inside it that are not meant.
private struct AddressPart {
    let block: CIDRBlock
    let holes: [CIDRBlock]

    var wordCount: Int { 1 + holes.count }

    var holeText: String { holes.map(\.name).shortened(to: 8) }

    var text: String { holes.isEmpty ? block.name : "\(block.name) (but \(holeText))" }
}

extension CIDRBlock {
    /// The block, or a word for all addresses.
    fileprivate var name: String {
        prefixLength == 0
            ? (family == .ipv4 ? "any IPv4 address" : "any IPv6 address") : description
    }
}

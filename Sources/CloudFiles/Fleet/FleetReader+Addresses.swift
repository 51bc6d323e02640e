internal import CloudModel

/// Addresses may overlap between VPCs, not inside one.
extension FleetReader {
    /// Reports each address or prefix that overlaps another of its address space.
    ///
    /// Two CIDR blocks are nested or apart. In the order of ``CIDRBlock`` a block follows the blocks
    /// that hold it, so it overlaps an earlier one exactly if it lies in the one that reaches
    /// furthest, which is the last that was not itself inside another.
    ///
    /// - Complexity: O(*n* log *n*) for *n* addresses.
    func checkAddresses(reportingTo document: inout DocumentReader) {
        for space in addressSpaces().values {
            var outermost: OwnedBlock?
            for owned in space.sorted(by: OwnedBlock.precedes) {
                guard let outer = outermost, outer.block.contains(owned.block) else {
                    outermost = owned
                    continue
                }
                report(owned, overlapping: outer, &document)
            }
        }
    }

    /// A block of an interface and where it stands in it.
    private struct OwnedBlock {
        let block: CIDRBlock
        let interface: Int
        let index: Int

        static func precedes(_ lhs: OwnedBlock, _ rhs: OwnedBlock) -> Bool {
            lhs.block == rhs.block
                ? (lhs.interface, lhs.index) < (rhs.interface, rhs.index) : lhs.block < rhs.block
        }
    }

    /// The blocks of all interfaces by VPC; the classic network is a space of its own.
    private func addressSpaces() -> [VPCID?: [OwnedBlock]] {
        var spaces: [VPCID?: [OwnedBlock]] = [:]
        for (position, interface) in fleet.networkInterfaces.enumerated()
        where !interfacesWithBadAddresses.contains(interface.id) {
            for (index, block) in interface.addresses.enumerated() {
                spaces[interface.vpc, default: []].append(
                    OwnedBlock(block: block, interface: position, index: index))
            }
        }
        return spaces
    }

    private func report(
        _ inner: OwnedBlock, overlapping outer: OwnedBlock, _ document: inout DocumentReader
    ) {
        // The one that comes later in the file is to blame.
        let isInnerLater = (inner.interface, inner.index) > (outer.interface, outer.index)
        let (blamed, other) = isInnerLater ? (inner, outer) : (outer, inner)
        document.report(
            .addressInUse(blamed.block, by: fleet.networkInterfaces[other.interface].id.text),
            at: [.key("addresses"), .index(blamed.index)],
            below: interfaceOrigins[blamed.interface].offset,
            path: path(ofInterface: blamed.interface))
    }
}

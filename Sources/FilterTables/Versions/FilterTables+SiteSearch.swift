package import CloudModel

/// The owners of a packet's two ends, as places in the fleet's list, in 8 bytes. Public as ``PacketHeader`` is.
public struct OwnerPair: Sendable {
    /// The place of the interface that owns the source.
    public let source: UInt32
    /// The place of the one that owns the destination.
    public let destination: UInt32

    /// Nobody owns the address.
    @inlinable public static var nobody: UInt32 { .max }
    /// Several interfaces may own it, and the Ethernet address or the VPC has to tell which.
    @inlinable public static var unclear: UInt32 { .max - 1 }

    /// These owners.
    package init(source: UInt32, destination: UInt32) {
        self.source = source
        self.destination = destination
    }

    /// No owners.
    package static let none = OwnerPair(source: nobody, destination: nobody)

    /// Whether ``FilterTables/sites(for:sourceMAC:destinationMAC:vpc:)`` has to be asked.
    @inlinable public var isUnclear: Bool {
        source == OwnerPair.unclear || destination == OwnerPair.unclear
    }
}

extension FilterTables {
    /// Writes the owners of the ends of each packet to the same place of `owners`.
    ///
    /// - Precondition: `owners` is at least as long as `headers`.
    /// - Complexity: two trie look-ups a packet; those of one packet do not wait for another's.
    package func findOwners(
        of headers: Span<PacketHeader>, into owners: inout MutableSpan<OwnerPair>
    ) {
        let memory = memory
        let ipv4 = memory.entry(version.root, RootLayout.owners(isIPv6: false))
        let ipv6 = memory.entry(version.root, RootLayout.owners(isIPv6: true))
        for index in headers.indices {
            let header = headers[index]
            guard header.has(PacketHeader.Trait.packet) else {
                owners[index] = .none
                continue
            }
            let isIPv6 = header.has(PacketHeader.Trait.ipv6)
            let source =
                isIPv6
                ? memory.leaf(of: ipv6, high: header.sourceHigh, low: header.sourceLow)
                : memory.leaf(of: ipv4, high: header.sourceHigh)
            let destination =
                isIPv6
                ? memory.leaf(of: ipv6, high: header.destinationHigh, low: header.destinationLow)
                : memory.leaf(of: ipv4, high: header.destinationHigh)
            owners[index] = OwnerPair(
                source: memory.onlyOwner(inClass: BlockRef(line: source)),
                destination: memory.onlyOwner(inClass: BlockRef(line: destination)))
        }
    }
}

extension BlockMemory {
    /// The one member of a class of owners, or what ``OwnerPair`` has in its place.
    @inline(__always)
    fileprivate func onlyOwner(inClass owners: BlockRef) -> UInt32 {
        if owners.isNone { return OwnerPair.nobody }
        guard memberCount(ofClass: owners) == 1, parent(ofClass: owners).isNone else {
            return OwnerPair.unclear
        }
        return member(ofClass: owners, at: 0)
    }
}

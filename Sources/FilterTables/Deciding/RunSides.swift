/// What the packets of a run have in common.
struct RunSides {
    var trie: TrieEntry
    let isIPv6: Bool
    /// What the lines of the classes of sources, and of destinations, are combined with: see ``ClassKey``.
    let sourceKey: UInt32
    let destinationKey: UInt32
    /// Where in the 64 bits of a lane their classes stand: that of the peer in the lower half.
    let sourceShift: UInt64
    let destinationShift: UInt64
    /// Whether the table has maps of the trie.
    var isMapped = false

    init(_ packet: PlacedPacket, _ query: Query) {
        trie = packet.trie
        isIPv6 = query.flags.contains(.ipv6)
        let peer = ClassKey.isUsed | (isIPv6 ? ClassKey.ofIPv6 : 0)
        let local = peer | ClassKey.ofLocal
        // A packet that leaves has its own address for a source.
        sourceKey = packet.isEgress ? local : peer
        destinationKey = packet.isEgress ? peer : local
        sourceShift = packet.isEgress ? 32 : 0
        destinationShift = 32 - sourceShift
    }
}

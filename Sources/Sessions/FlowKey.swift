package import CloudModel

/// What all packets of a flow have in common at one interface, in both directions: two ends, the
/// protocol, the interface.
///
/// An end is an address and a port; for ICMP both ports are the identifier, for protocols without
/// ports 0. The end that compares lower comes first, so that a reply has the key of its request.
package struct FlowKey: Hashable, Sendable {
    let lowerHigh: UInt64
    let lowerLow: UInt64
    let higherHigh: UInt64
    let higherLow: UInt64
    let lowerPort: UInt16
    let higherPort: UInt16
    /// The interface's place in the fleet's list.
    let interface: UInt32
    let ipProtocol: UInt8
    let isIPv6: Bool

    /// The key of a packet with these ends, and whether its source is the lower one.
    @inline(__always)
    static func key(
        of header: PacketHeader, _ ends: FlowEnds, at interface: Int
    ) -> (key: FlowKey, isFromLower: Bool) {
        let isFromLower =
            header.sourceHigh != header.destinationHigh
            ? header.sourceHigh < header.destinationHigh
            : header.sourceLow != header.destinationLow
                ? header.sourceLow < header.destinationLow : ends.source <= ends.destination
        let key = FlowKey(
            lowerHigh: isFromLower ? header.sourceHigh : header.destinationHigh,
            lowerLow: isFromLower ? header.sourceLow : header.destinationLow,
            higherHigh: isFromLower ? header.destinationHigh : header.sourceHigh,
            higherLow: isFromLower ? header.destinationLow : header.sourceLow,
            lowerPort: isFromLower ? ends.source : ends.destination,
            higherPort: isFromLower ? ends.destination : ends.source,
            interface: UInt32(interface), ipProtocol: header.ipProtocol,
            isIPv6: header.has(PacketHeader.Trait.ipv6))
        return (key, isFromLower)
    }

    /// Where the flow is found: its shard, the same for all flows between two addresses, and in the
    /// shard a number of which the low bits choose the bucket.
    var place: (shard: Int, bucketHash: UInt32) {
        let addresses =
            FlowKey.hash(lowerHigh, lowerLow) &+ FlowKey.hash(higherHigh, higherLow)
        let ends =
            UInt64(lowerPort) << 48 | UInt64(higherPort) << 32 | UInt64(interface)
        let flow = FlowKey.mixed(addresses ^ FlowKey.hash(ends, UInt64(ipProtocol)))
        return (FlowKey.shard(ofHash: addresses), UInt32(truncatingIfNeeded: flow >> 16))
    }

    /// The shard of all packets between the addresses of a packet.
    static func shard(of header: PacketHeader) -> Int {
        shard(
            ofHash: hash(header.sourceHigh, header.sourceLow)
                &+ hash(header.destinationHigh, header.destinationLow))
    }

    /// The shard of all packets between two addresses, whichever is the source.
    package static func shard(of one: IPAddress, _ other: IPAddress) -> Int {
        shard(ofHash: hash(one.high, one.low) &+ hash(other.high, other.low))
    }

    private static func shard(ofHash hash: UInt64) -> Int { Int(mixed(hash) >> 56) }

    // Multiplications and sums wrap on purpose: they spread the bits. Equal sums of two addresses must
    // not give equal hashes, so the halves are folded before they are added.
    private static func hash(_ high: UInt64, _ low: UInt64) -> UInt64 {
        let product = (high ^ low &* 0xD1B5_4A32_D192_ED03) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = (value ^ value >> 29) &* 0xBF58_476D_1CE4_E5B9
        return product ^ product >> 32
    }
}

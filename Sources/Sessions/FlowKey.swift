package import CloudModel

/// What all packets of a flow have in common at one interface, in both directions: two ends, the
/// protocol, the interface.
///
/// An end is an address and a port; for ICMP both ports are the identifier, for protocols without
/// ports 0. The end that compares lower comes first, so that a reply has the key of its request.
package struct FlowKey: Equatable, Sendable {
    /// The ends and the interface: 40 bytes.
    struct Ends: Sendable {
        let lowerHigh: UInt64
        let lowerLow: UInt64
        let higherHigh: UInt64
        let higherLow: UInt64
        /// The lower end's port in the top 16 bits, below it the higher end's, below it the interface.
        let sides: UInt64

        /// The bits that differ, in one word: keys that are compared are equal as a rule, and a branch for each
        /// field takes longer.
        @inline(__always)
        func differences(from other: Ends) -> UInt64 {
            (lowerHigh ^ other.lowerHigh) | (lowerLow ^ other.lowerLow)
                | (higherHigh ^ other.higherHigh) | (higherLow ^ other.higherLow)
                | (sides ^ other.sides)
        }
    }

    let ends: Ends
    /// The protocol, and ``ipv6`` if the addresses are of IPv6.
    let kind: UInt16

    private static let ipv6: UInt16 = 1 << 8

    /// The key of a packet with these ends at the interface at place 0, and whether its source is the
    /// lower one.
    @inline(__always)
    static func key(
        of header: PacketHeader, _ ends: FlowEnds
    ) -> (key: FlowKey, isFromLower: Bool) {
        let isFromLower =
            header.sourceHigh != header.destinationHigh
            ? header.sourceHigh < header.destinationHigh
            : header.sourceLow != header.destinationLow
                ? header.sourceLow < header.destinationLow : ends.source <= ends.destination
        return (FlowKey(of: header, ends, isFromLower: isFromLower), isFromLower)
    }

    /// The key of a packet with these ends at the interface at place 0, whose source is the lower one or not.
    @inline(__always)
    init(of header: PacketHeader, _ ends: FlowEnds, isFromLower: Bool) {
        // Which end is lower is as good as random: a mask for a branch that nothing foretells.
        let mask = isFromLower ? 0 : UInt64.max
        let high = (header.sourceHigh ^ header.destinationHigh) & mask
        let low = (header.sourceLow ^ header.destinationLow) & mask
        let port = UInt64(ends.source ^ ends.destination) & mask
        let ports =
            (UInt64(ends.source) ^ port) << 48 | (UInt64(ends.destination) ^ port) << 32
        self.init(
            Ends(
                lowerHigh: header.sourceHigh ^ high, lowerLow: header.sourceLow ^ low,
                higherHigh: header.destinationHigh ^ high,
                higherLow: header.destinationLow ^ low, sides: ports),
            kind: UInt16(header.ipProtocol)
                | (header.has(PacketHeader.Trait.ipv6) ? FlowKey.ipv6 : 0))
    }

    /// The key of these parts.
    @inline(__always)
    init(_ ends: Ends, kind: UInt16) {
        self.ends = ends
        self.kind = kind
    }

    /// The same flow at the interface at place `interface`.
    ///
    /// - Precondition: this one is at place 0.
    @inline(__always)
    func at(_ interface: UInt32) -> FlowKey {
        FlowKey(
            Ends(
                lowerHigh: ends.lowerHigh, lowerLow: ends.lowerLow,
                higherHigh: ends.higherHigh, higherLow: ends.higherLow,
                sides: ends.sides | UInt64(interface)),
            kind: kind)
    }

    var lowerAddress: IPAddress { address(ends.lowerHigh, ends.lowerLow) }
    var higherAddress: IPAddress { address(ends.higherHigh, ends.higherLow) }
    var lowerPort: UInt16 { UInt16(truncatingIfNeeded: ends.sides >> 48) }
    var higherPort: UInt16 { UInt16(truncatingIfNeeded: ends.sides >> 32) }
    /// The interface's place in the fleet's list.
    @inline(__always)
    var interface: UInt32 { UInt32(truncatingIfNeeded: ends.sides) }
    @inline(__always)
    var ipProtocol: UInt8 { UInt8(truncatingIfNeeded: kind) }

    private func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
        IPAddress(family: kind & FlowKey.ipv6 == 0 ? .ipv4 : .ipv6, high: high, low: low)
    }

    @inline(__always)
    package static func == (lhs: FlowKey, rhs: FlowKey) -> Bool {
        lhs.ends.differences(from: rhs.ends) | UInt64(lhs.kind ^ rhs.kind) == 0
    }

    /// The same for all flows between two addresses: ``shard(ofHash:)`` tells their shard by it.
    @inline(__always)
    var addressHash: UInt64 {
        FlowKey.hash(ends.lowerHigh, ends.lowerLow)
            &+ FlowKey.hash(ends.higherHigh, ends.higherLow)
    }

    /// A number of which the low bits choose the flow's bucket.
    @inline(__always)
    func bucketHash(_ addressHash: UInt64) -> UInt32 {
        let ends = (ends.sides ^ UInt64(ipProtocol) << 24) &* 0xD1B5_4A32_D192_ED03
        return UInt32(truncatingIfNeeded: FlowKey.mixed(addressHash ^ ends) >> 16)
    }

    /// The shard of all packets between the addresses of a packet.
    static func shard(of header: PacketHeader) -> Int {
        let addresses =
            hash(header.sourceHigh, header.sourceLow)
            &+ hash(header.destinationHigh, header.destinationLow)
        return Int(shard(ofHash: addresses))
    }

    /// The shard of all packets between two addresses, whichever is the source.
    package static func shard(of one: IPAddress, _ other: IPAddress) -> Int {
        Int(shard(ofHash: hash(one.high, one.low) &+ hash(other.high, other.low)))
    }

    /// The shard of flows with this ``addressHash``.
    @inline(__always)
    static func shard(ofHash hash: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: mixed(hash) >> 56)
    }

    // Multiplications and sums wrap on purpose: they spread the bits. Equal sums of two addresses must
    // not give equal hashes, so the halves are folded before they are added.
    @inline(__always)
    private static func hash(_ high: UInt64, _ low: UInt64) -> UInt64 {
        let product = (high ^ low &* 0xD1B5_4A32_D192_ED03) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = (value ^ value >> 29) &* 0xBF58_476D_1CE4_E5B9
        return product ^ product >> 32
    }
}

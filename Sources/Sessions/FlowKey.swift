package import CloudModel

/// What all packets of a flow have in common at one interface, in both directions: two ends, the
/// protocol, the interface.
///
/// An end is an address and a port; for ICMP both ports are the identifier, for protocols without
/// ports 0. The end that compares lower comes first, so that a reply has the key of its request.
package struct FlowKey: Equatable, Sendable {
    let lowerHigh: UInt64
    let lowerLow: UInt64
    let higherHigh: UInt64
    let higherLow: UInt64
    /// The lower end's port in the top 16 bits, below it the higher end's, below it the interface.
    private let sides: UInt64
    let ipProtocol: UInt8
    let isIPv6: Bool

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
            lowerHigh: header.sourceHigh ^ high, lowerLow: header.sourceLow ^ low,
            higherHigh: header.destinationHigh ^ high, higherLow: header.destinationLow ^ low,
            sides: ports, ipProtocol: header.ipProtocol,
            isIPv6: header.has(PacketHeader.Trait.ipv6))
    }

    private init(
        lowerHigh: UInt64, lowerLow: UInt64, higherHigh: UInt64, higherLow: UInt64,
        sides: UInt64, ipProtocol: UInt8, isIPv6: Bool
    ) {
        self.lowerHigh = lowerHigh
        self.lowerLow = lowerLow
        self.higherHigh = higherHigh
        self.higherLow = higherLow
        self.sides = sides
        self.ipProtocol = ipProtocol
        self.isIPv6 = isIPv6
    }

    /// The same flow at the interface at place `interface`.
    ///
    /// - Precondition: this one is at place 0.
    @inline(__always)
    func at(_ interface: UInt32) -> FlowKey {
        FlowKey(
            lowerHigh: lowerHigh, lowerLow: lowerLow, higherHigh: higherHigh, higherLow: higherLow,
            sides: sides | UInt64(interface), ipProtocol: ipProtocol, isIPv6: isIPv6)
    }

    var lowerPort: UInt16 { UInt16(truncatingIfNeeded: sides >> 48) }
    var higherPort: UInt16 { UInt16(truncatingIfNeeded: sides >> 32) }
    /// The interface's place in the fleet's list.
    var interface: UInt32 { UInt32(truncatingIfNeeded: sides) }

    /// Without a branch for each field: keys that are compared are equal as a rule.
    @inline(__always)
    package static func == (lhs: FlowKey, rhs: FlowKey) -> Bool {
        let addresses =
            (lhs.lowerHigh ^ rhs.lowerHigh) | (lhs.lowerLow ^ rhs.lowerLow)
            | (lhs.higherHigh ^ rhs.higherHigh) | (lhs.higherLow ^ rhs.higherLow)
        let rest = (lhs.sides ^ rhs.sides) | UInt64(lhs.ipProtocol ^ rhs.ipProtocol)
        return addresses | rest == 0 && lhs.isIPv6 == rhs.isIPv6
    }

    /// The same for all flows between two addresses: ``shard(ofHash:)`` tells their shard by it.
    @inline(__always)
    var addressHash: UInt64 {
        FlowKey.hash(lowerHigh, lowerLow) &+ FlowKey.hash(higherHigh, higherLow)
    }

    /// A number of which the low bits choose the flow's bucket.
    @inline(__always)
    func bucketHash(_ addressHash: UInt64) -> UInt32 {
        let ends = (sides ^ UInt64(ipProtocol) << 24) &* 0xD1B5_4A32_D192_ED03
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

internal import CloudModel

/// The connections of which a packet is dropped that was accepted, and the first of their flows.
///
/// Most packets belong to none of them: a filter of 8 KiB says so before anything is looked up.
struct BrokenConnections: Sendable {
    /// Two ends, whichever sent the packet.
    private struct Connection: Hashable {
        let lower: IPAddress
        let higher: IPAddress
        let lowerPort: UInt16
        let higherPort: UInt16
        let ipProtocol: UInt8

        init(_ header: PacketHeader) {
            let (source, destination) = (header.source, header.destination)
            let (from, to) = (header.sourcePort, header.otherEnd)
            let isFromLower = source != destination ? source < destination : from <= to
            lower = isFromLower ? source : destination
            higher = isFromLower ? destination : source
            lowerPort = isFromLower ? from : to
            higherPort = isFromLower ? to : from
            ipProtocol = header.ipProtocol
        }
    }

    private static let filterBitCount = 65_536

    private var flows: [Connection: Int] = [:]
    private var filter: [UInt64] = []

    /// Whether there is none.
    var isEmpty: Bool { filter.isEmpty }

    /// Adds the connection of a packet, unless it is known.
    mutating func add(_ header: PacketHeader, flow: Int) {
        guard !header.has(PacketHeader.Trait.laterFragment) else { return }
        let connection = Connection(header)
        guard flows[connection] == nil else { return }
        flows[connection] = flow
        if filter.isEmpty {
            filter = Array(repeating: 0, count: BrokenConnections.filterBitCount / 64)
        }
        let bit = BrokenConnections.bit(of: header)
        filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    /// The first flow of a packet's connection, if it is one of these.
    ///
    /// - Precondition: there are some.
    @inline(__always)
    func flow(of header: PacketHeader) -> Int? {
        let bit = BrokenConnections.bit(of: header)
        guard filter[bit >> 6] >> UInt64(bit & 63) & 1 == 1 else { return nil }
        return knownFlow(of: header)
    }

    /// The same without the filter.
    @inline(never)
    private func knownFlow(of header: PacketHeader) -> Int? {
        guard header.has(PacketHeader.Trait.packet),
            !header.has(PacketHeader.Trait.laterFragment)
        else { return nil }
        return flows[Connection(header)]
    }

    /// Where the filter has a packet's connection; the same for both directions.
    @inline(__always)
    private static func bit(of header: PacketHeader) -> Int {
        let sum =
            header.sourceHigh &+ header.destinationHigh &+ header.sourceLow
            &+ header.destinationLow
            &+ (UInt64(header.sourcePort) &+ UInt64(header.otherEnd)) << 20
        // Multiplications and sums wrap on purpose: they spread the bits.
        let product = (sum ^ sum >> 29) &* 0x9E37_79B9_7F4A_7C15
        return Int(product >> 48)
    }
}

extension PacketHeader {
    /// The destination port, or where there is none the identifier of an ICMP message in the place of both.
    @inline(__always)
    fileprivate var otherEnd: UInt16 { has(Trait.ports) ? destinationPort : sourcePort }
}

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
        let ipProtocol: IPProtocol
    }

    private static let filterBitCount = 65_536

    private var flows: [Connection: Int] = [:]
    private var filter: [UInt64] = []

    /// Whether there is none.
    var isEmpty: Bool { flows.isEmpty }

    /// Adds the connection of a packet, unless it is known.
    mutating func add(_ packet: Packet, flow: Int) {
        guard !packet.isLaterFragment else { return }
        let connection = connection(of: packet)
        guard flows[connection] == nil else { return }
        flows[connection] = flow
        if filter.isEmpty {
            filter = Array(repeating: 0, count: BrokenConnections.filterBitCount / 64)
        }
        let bit = BrokenConnections.bit(of: packet)
        filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    /// The first flow of a packet's connection, if it is one of these.
    func flow(of packet: Packet) -> Int? {
        let bit = BrokenConnections.bit(of: packet)
        guard filter[bit >> 6] >> UInt64(bit & 63) & 1 == 1, !packet.isLaterFragment else {
            return nil
        }
        return flows[connection(of: packet)]
    }

    private func connection(of packet: Packet) -> Connection {
        let (from, to) = BrokenConnections.ends(of: packet)
        let isFromLower =
            packet.source != packet.destination ? packet.source < packet.destination : from <= to
        return Connection(
            lower: isFromLower ? packet.source : packet.destination,
            higher: isFromLower ? packet.destination : packet.source,
            lowerPort: isFromLower ? from : to, higherPort: isFromLower ? to : from,
            ipProtocol: packet.ipProtocol)
    }

    /// Ports, or the identifier in the place of both.
    private static func ends(of packet: Packet) -> (from: UInt16, to: UInt16) {
        switch packet.transport {
        case .ports(let source, let destination, _): (source, destination)
        case .icmp, .none: (packet.icmpIdentifier ?? 0, packet.icmpIdentifier ?? 0)
        }
    }

    /// Where the filter has a packet's connection; the same for both directions.
    private static func bit(of packet: Packet) -> Int {
        let (from, to) = ends(of: packet)
        let sum =
            packet.source.high &+ packet.destination.high &+ packet.source.low
            &+ packet.destination.low &+ (UInt64(from) &+ UInt64(to)) << 20
        // Multiplications and sums wrap on purpose: they spread the bits.
        let product = (sum ^ sum >> 29) &* 0x9E37_79B9_7F4A_7C15
        return Int(product >> 48)
    }
}

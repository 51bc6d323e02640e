package import CloudModel

/// What the decoder found in one frame. A value without heap storage.
///
///     │ Ethernet …│ IP header │ extension headers │ transport header │ payload │ padding
///     0           ↑ networkOffset                 ↑ transportOffset            ↑ packetEnd
package struct DecodedFrame: Hashable, Sendable {
    /// A packet, or why there is none.
    package enum Outcome: Hashable, Sendable {
        case packet(Packet)
        case none(Undecodable)
    }

    package internal(set) var outcome: Outcome
    /// The sender on the link: of the Ethernet header next to the packet, or of a Linux cooked
    /// header.
    package internal(set) var sourceMAC: MACAddress?
    /// The receiver on the link; Linux cooked headers have none.
    package internal(set) var destinationMAC: MACAddress?
    /// Where the outermost IP header begins.
    package internal(set) var networkOffset: Int?
    /// Where the bytes of ``Packet/ipProtocol`` begin: the transport header, or in a later fragment
    /// what goes on from the fragment before. `nil` if the capture ends earlier.
    package internal(set) var transportOffset: Int?
    /// The end of the packet's bytes in the frame: padding and trailers lie behind.
    package internal(set) var packetEnd: Int
    /// For a fragment, the protocol that all fragments of the datagram agree on: in IPv4 the
    /// header's, in IPv6 the fragment header's next header, which may be another extension header.
    package internal(set) var fragmentProtocol: IPProtocol?

    /// The packet, if there is one.
    package var packet: Packet? {
        guard case .packet(let packet) = outcome else { return nil }
        return packet
    }

    /// Why there is no packet: `not-ip`, `truncated`, `malformed` or `unsupported-link-type`.
    package var reason: Reason? {
        guard case .none(let cause) = outcome else { return nil }
        return cause.reason
    }
}

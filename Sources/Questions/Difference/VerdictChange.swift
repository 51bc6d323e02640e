package import CloudModel

/// The packets that change verdict between two fleets, exactly.
///
/// An empty list means: proved equal. Packets are whole ones with their transport fields; what is decided
/// for later fragments, which have none, is not compared, and no session admits anything.
package struct FleetDifference: Hashable, Sendable {
    /// Disjoint, in a fixed order; no two with the same outcomes could be one.
    package let changes: [VerdictChange]

    /// Whether every packet gets the same verdict from both fleets.
    package var isEqual: Bool { changes.isEmpty }
}

/// A box of packets whose verdict changes in one way: all those that are evaluated at one of the
/// interfaces in the direction, and whose fields are in the sets.
///
/// The local address, that is the destination on ingress and the source on egress, is always one of the
/// evaluating interface's own: where several interfaces are listed, each stands for its own addresses in
/// the set. Ports restrict TCP and UDP only, and a box with some of their ports holds no other protocol;
/// in the same way ``icmp`` goes with ICMP and ICMPv6.
package struct VerdictChange: Hashable, Sendable {
    package let direction: Direction
    /// In ascending order, not empty.
    package let networkInterfaces: [NetworkInterfaceID]
    /// The version of all addresses.
    package let family: AddressFamily
    /// Numbers of IP protocols.
    package let protocols: IntervalSet
    package let sources: IntervalSet
    package let destinations: IntervalSet
    package let sourcePorts: IntervalSet
    package let destinationPorts: IntervalSet
    /// ICMP's type in the upper eight bits, its code in the lower.
    package let icmp: IntervalSet
    /// What the fleets decide, without interface and direction; the verdicts differ.
    package let before: Decision
    package let after: Decision
    package let example: ExamplePacket

    /// Whether the box has packets with ports.
    package var hasPorts: Bool {
        protocols.contains(IPProtocol.tcp) || protocols.contains(IPProtocol.udp)
    }

    /// Whether the box has packets with an ICMP type and code.
    package var hasICMP: Bool {
        protocols.contains(IPProtocol.icmp) || protocols.contains(IPProtocol.icmpv6)
    }

    /// The addresses that are not the interfaces'.
    package var peers: IntervalSet { direction == .ingress ? sources : destinations }

    /// The interfaces' own addresses.
    package var locals: IntervalSet { direction == .ingress ? destinations : sources }
}

/// A packet of a box, and the interface where it is evaluated.
package struct ExamplePacket: Hashable, Sendable {
    package let packet: Packet
    package let networkInterface: NetworkInterfaceID
}

extension IntervalSet {
    /// Whether a set of protocol numbers has this one.
    package func contains(_ ipProtocol: IPProtocol) -> Bool {
        contains(UInt128(ipProtocol.rawValue))
    }
}

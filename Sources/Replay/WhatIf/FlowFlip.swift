package import CloudModel
package import FilterTables

/// How a packet's verdict differs between two worlds.
package enum Flip: String, Hashable, Sendable, CaseIterable {
    case acceptToDrop
    case dropToAccept

    /// `nil` if both worlds agree, or if one of them asked no group.
    init?(from before: OutcomeKind, to after: OutcomeKind) {
        if before.isAccept, after.isDrop {
            self = .acceptToDrop
        } else if before.isDrop, after.isAccept {
            self = .dropToAccept
        } else {
            return nil
        }
    }

    /// The verdict in the world with the change.
    package var verdictAfter: Verdict { self == .acceptToDrop ? .drop : .accept }
}

/// A number of packets and their bytes on the wire.
package struct PacketCount: Hashable, Sendable {
    package internal(set) var packets = 0
    package internal(set) var bytes = 0

    /// None.
    package init() {}

    /// Adds the counts of `other`.
    package static func += (count: inout PacketCount, other: PacketCount) {
        count.packets += other.packets
        count.bytes += other.bytes
    }

    mutating func add(byteCount: Int) {
        packets += 1
        bytes += byteCount
    }
}

/// A flow whose packets one world accepts and the other drops: all packets with the same addresses,
/// protocol and ports (or ICMP type and code) for which the same interface and direction make the
/// difference.
package struct FlowFlip: Sendable {
    package let flip: Flip
    /// How many flows flipped before it did.
    let number: Int
    /// The first packet that flips.
    package let packet: Packet
    /// What the two worlds say about that packet at the interface that makes the difference: the one
    /// that drops it in one of them.
    package let before: Decision
    package let after: Decision
    /// The packets that flip.
    package internal(set) var count = PacketCount()
    /// Those of them whose drop may come from where the capture begins, not from the change.
    package internal(set) var midstreamCount = 0
    package internal(set) var firstSeen: CaptureTime
    package internal(set) var lastSeen: CaptureTime
    /// Packets of the same connection behind the first that flips, either way, which the world with the
    /// change accepts still. Nobody would have sent most of them.
    package internal(set) var dependent = PacketCount()
    /// The rule that let the connection's first packet in, where a session admits the packet.
    package internal(set) var admittedBy: RuleOrigin?
    /// The destination port of the connection's first packet, as far as it is known.
    package internal(set) var servicePort: UInt16?

    /// Places in the fleet's list, and what is needed to find the sessions again.
    let interface: Int
    let direction: Direction

    /// Where the difference is made.
    package var networkInterface: NetworkInterfaceID? {
        flip == .acceptToDrop ? after.networkInterface : before.networkInterface
    }
    /// In which direction the interface sees the packets.
    package var seen: Direction { direction }
    /// The far end, as the interface sees it.
    package var peer: IPAddress { packet.addresses(seen: direction).peer }
    /// What sorts flows: packets that flip, and those that depend on them.
    package var impact: Int { count.packets + dependent.packets }
    /// The same in bytes.
    package var impactBytes: Int { count.bytes + dependent.bytes }
}

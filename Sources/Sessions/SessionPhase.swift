internal import CloudModel

/// Where a session stands, which says how long it may be idle.
enum SessionPhase: UInt8, Sendable, CaseIterable {
    /// TCP of which only bare SYNs were seen.
    case halfOpen
    /// TCP until it closes, from whichever side and packet it was first seen.
    case open
    /// TCP behind an RST, or a FIN from each side.
    case closed
    /// UDP with at most one request and response.
    case exchange
    /// UDP behind at least two packets from each side.
    case stream
    /// ICMP with an identifier.
    case messages
    /// Any other protocol.
    case datagrams

    /// The phase that a session of `ipProtocol` begins in.
    init(of ipProtocol: IPProtocol) {
        switch ipProtocol {
        case .tcp: self = .halfOpen
        case .udp: self = .exchange
        case .icmp, .icmpv6: self = .messages
        default: self = .datagrams
        }
    }
}

/// What a session has seen of each side: the side whose address and port compare lower, and the other.
///
///     bit   5   4   3   2    1         0
///          ┌───────┬───────┬─────────┬────────┐
///          │ higher│ lower │ higher's│ lower's│
///          │ packets (0…2) │  FIN    │  FIN   │
///          └───────┴───────┴─────────┴────────┘
///
/// Packets are counted up to two, and in two bits each.
struct SeenFromSides: Hashable, Sendable {
    private(set) var bits: UInt8

    /// What these bits say: nothing without any.
    @inline(__always)
    init(bits: UInt8 = 0) { self.bits = bits }

    /// Notes a FIN, and says whether both sides have sent one.
    @inline(__always)
    mutating func addFIN(isFromLower: Bool) -> Bool {
        bits |= isFromLower ? 1 : 2
        return bits & 3 == 3
    }

    /// Counts a packet, and says whether both sides have sent two.
    @inline(__always)
    mutating func addPacket(isFromLower: Bool) -> Bool {
        if !hasPackets(fromLower: isFromLower) { bits += isFromLower ? 1 << 2 : 1 << 4 }
        return bits >> 2 == 0b10_10
    }

    /// Whether a side has sent two packets: more are not counted.
    @inline(__always)
    func hasPackets(fromLower: Bool) -> Bool { bits >> (fromLower ? 2 : 4) & 3 == 2 }
}

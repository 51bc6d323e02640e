/// An IP protocol number (IPv4 protocol, IPv6 next header), from IANA's list.
package struct IPProtocol: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let icmp = IPProtocol(rawValue: 1)
    package static let tcp = IPProtocol(rawValue: 6)
    package static let udp = IPProtocol(rawValue: 17)
    package static let dccp = IPProtocol(rawValue: 33)
    package static let gre = IPProtocol(rawValue: 47)
    package static let icmpv6 = IPProtocol(rawValue: 58)
    package static let sctp = IPProtocol(rawValue: 132)
    package static let udpLite = IPProtocol(rawValue: 136)

    /// Whether security-group rules test ports for it: TCP and UDP only, for both vendors.
    package var hasFilteredPorts: Bool { self == .tcp || self == .udp }

    /// Whether it is ICMP or ICMPv6.
    package var isICMP: Bool { self == .icmp || self == .icmpv6 }
}

extension IPProtocol: CustomStringConvertible {
    /// The names that rules and packets use for protocols; any other is written as its number.
    private static let names: [IPProtocol: String] = [
        .icmp: "icmp", .tcp: "tcp", .udp: "udp", .gre: "gre", .icmpv6: "icmpv6",
    ]
    private static let numbers = Dictionary(
        uniqueKeysWithValues: names.map { ($0.value, $0.key) })

    /// Reads a name in any case, or a number from 0 to 255 without leading zeros.
    package init?(_ text: String) {
        if let known = IPProtocol.numbers[text.lowercased()] {
            self = known
        } else if let number = UInt8(text), String(number) == text {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }

    /// The lower-case name where there is one, else the number.
    package var description: String { IPProtocol.names[self] ?? String(rawValue) }
}

/// The protocols that a rule admits.
package enum ProtocolMatch: Hashable, Sendable {
    /// Every IP protocol, those without a name too: `ALL` or `-1`.
    case all
    case only(IPProtocol)

    /// Whether a packet of `candidate` passes.
    package func matches(_ candidate: IPProtocol) -> Bool {
        switch self {
        case .all: true
        case .only(let wanted): wanted == candidate
        }
    }
}

extension ProtocolMatch: LosslessStringConvertible {
    /// Reads `ALL`, `-1`, a protocol's name in any case, or its number.
    package init?(_ text: String) {
        if text == "-1" || text.lowercased() == "all" {
            self = .all
        } else if let ipProtocol = IPProtocol(text) {
            self = .only(ipProtocol)
        } else {
            return nil
        }
    }

    /// `all`, a lower-case name, or a number.
    package var description: String {
        switch self {
        case .all: "all"
        case .only(let ipProtocol): ipProtocol.description
        }
    }
}

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

    /// What an ICMP or ICMPv6 message of `type` is; `nil` for other protocols.
    ///
    /// Source: RFC 792, RFC 950 and RFC 4443; the names are those of IANA's registries.
    package func icmpKind(ofType type: UInt8) -> ICMPKind? {
        if self == .icmp {
            switch type {
            case 3, 4, 5, 11, 12: return .error
            case 8, 13, 15, 17: return .request(replyType: type == 8 ? 0 : type + 1)
            case 0, 14, 16, 18: return .reply(requestType: type == 0 ? 8 : type - 1)
            default: return .notice
            }
        }
        guard self == .icmpv6 else { return nil }
        switch type {
        case 0..<128: return .error
        case 128: return .request(replyType: 129)
        case 129: return .reply(requestType: 128)
        default: return .notice
        }
    }
}

/// What an ICMP message is to the packets around it.
package enum ICMPKind: Hashable, Sendable {
    /// It is about another packet, whose first bytes it quotes; a redirect is one, too.
    case error
    /// It has an identifier, and asks for a reply of the given type with the same.
    case request(replyType: UInt8)
    /// It has the identifier of a request of the given type.
    case reply(requestType: UInt8)
    /// It stands alone, such as a router's advertisement.
    case notice
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

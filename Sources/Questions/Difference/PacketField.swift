import CloudModel

/// The fields of a packet that filters look at, in the order in which differences are looked for.
///
/// A packet is a point in the product of all six. Fields that its protocol does not have do not
/// matter: no step restricts ports for protocols other than TCP and UDP, nor type and code for
/// protocols other than ICMP and ICMPv6.
enum PacketField: Int, CaseIterable {
    case ipProtocol
    /// The far address.
    case peer
    /// The interface's own address.
    case local
    case sourcePort
    case destinationPort
    /// ICMP's type in the upper eight bits, its code in the lower.
    case icmp

    static let count = allCases.count

    /// Every value that the field can have.
    func domain(_ family: AddressFamily) -> IntervalSet {
        switch self {
        case .ipProtocol: IntervalSet(0, 255)
        case .peer, .local: .addresses(of: family)
        case .sourcePort, .destinationPort, .icmp: IntervalSet(0, 65535)
        }
    }
}

extension IntervalSet {
    /// The ports of a range.
    init(_ range: PortRange) { self.init(UInt128(range.lower), UInt128(range.upper)) }

    /// One protocol.
    init(_ ipProtocol: IPProtocol) {
        self.init(UInt128(ipProtocol.rawValue), UInt128(ipProtocol.rawValue))
    }

    /// ICMP's type with one code, or with every code.
    init(icmpType type: UInt8, code: UInt8?) {
        let first = UInt128(type) << 8
        self.init(first | UInt128(code ?? 0), first | UInt128(code ?? 255))
    }
}

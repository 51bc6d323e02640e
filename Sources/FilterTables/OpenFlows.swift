internal import CloudModel

/// The kinds of flows that rules let through whole: one bit for each direction, version of IP, and TCP
/// or UDP.
///
///     bit  2      1      0
///         ┌──────┬──────┬─────┐
///         │egress│ IPv6 │ UDP │      the number of a kind's own bit
///         └──────┴──────┴─────┘
struct OpenFlows: OptionSet, Sendable {
    let rawValue: UInt8
    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// One kind; `nil` for protocols without ports.
    init?(_ direction: Direction, _ ipProtocol: IPProtocol, _ family: AddressFamily) {
        guard ipProtocol.hasFilteredPorts else { return nil }
        let number =
            (direction == .egress ? 4 : 0) | (family == .ipv6 ? 2 : 0)
            | (ipProtocol == .udp ? 1 : 0)
        rawValue = 1 << UInt8(number)
    }

    /// What `rules` let through whole. Source: SEMANTICS B.5, condition (ii).
    init(of rules: [SecurityGroupRule]) {
        self = []
        for rule in rules {
            guard case .cidr(let block) = rule.peer, block.prefixLength == 0,
                rule.policy == .accept, rule.localCIDR == nil, rule.sourcePorts == nil,
                rule.transport == .any || rule.transport == .destinationPorts(.all)
            else { continue }
            for ipProtocol in [IPProtocol.tcp, .udp] where rule.ipProtocol.matches(ipProtocol) {
                if let flow = OpenFlows(rule.direction, ipProtocol, block.family) { insert(flow) }
            }
        }
    }
}

package import CloudModel

/// The parts of a rule that a packet is compared with, in the order of the comparison. The raw values
/// are the words that explanations use.
package enum RuleField: String, Hashable, Sendable {
    case ipProtocol = "protocol"
    case destinationPort
    case icmpType
    case icmpCode
    case sourcePort
    case peer
    case localCIDR = "localCidr"
}

extension ReferenceFilter {
    /// The first field of `rule` that `packet` does not meet, or `nil` if the rule matches.
    ///
    /// Source: SEMANTICS A.3 and B.3. A packet whose ports or type are not known (a fragment but the
    /// first, A.11) meets only rules that do not restrict them.
    ///
    /// - Precondition: the rule is for `direction`.
    package func firstMismatch(
        of rule: SecurityGroupRule, with packet: Packet, _ direction: Direction
    ) -> RuleField? {
        guard rule.ipProtocol.matches(packet.ipProtocol) else { return .ipProtocol }
        if let field = transportMismatch(of: rule, with: packet) { return field }
        let (local, peer) = packet.addresses(seen: direction)
        guard peerMatches(rule.peer, peer) else { return .peer }
        guard rule.localCIDR?.contains(local) ?? true else { return .localCIDR }
        return nil
    }

    private func transportMismatch(
        of rule: SecurityGroupRule, with packet: Packet
    ) -> RuleField? {
        var ports: (source: UInt16, destination: UInt16)?
        if case .ports(let source, let destination, _) = packet.transport {
            ports = (source, destination)
        }
        switch rule.transport {
        case .any:
            break
        case .destinationPorts(let range):
            guard let ports, range.contains(ports.destination) else { return .destinationPort }
        case .portList(let id):
            let ranges = portLists[id]?.ranges ?? []
            let isListed = ports.map { ports in
                ranges.contains { $0.contains(ports.destination) }
            }
            guard isListed ?? ranges.contains(.all) else { return .destinationPort }
        case .icmp(let wantedType, let wantedCode):
            guard case .icmp(let type, let code) = packet.transport, type == wantedType else {
                return .icmpType
            }
            guard wantedCode == nil || wantedCode == code else { return .icmpCode }
        }
        if let range = rule.sourcePorts {
            guard let ports, range.contains(ports.source) else { return .sourcePort }
        }
        return nil
    }

    private func peerMatches(_ peer: Peer, _ address: IPAddress) -> Bool {
        switch peer {
        case .cidr(let block):
            block.contains(address)
        case .prefixList(let id):
            prefixLists[id]?.entries.contains { $0.contains(address) } ?? false
        case .securityGroup(let reference):
            !reference.isStale && isMember(address, of: reference.group)
        }
    }
}

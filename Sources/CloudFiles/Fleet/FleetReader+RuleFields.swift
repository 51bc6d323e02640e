internal import CloudModel

/// A mistake that shows only when a rule's fields are held against one another.
struct RuleFlaw: Error {
    let key: RuleDraft.Key
    let mistake: FileMistake
}

extension FleetReader {
    /// The rule that `draft` describes; the other arguments are its fields that cannot be left out.
    ///
    /// - Throws: the first flaw that shows when its fields are held against one another.
    func checkedRule(
        _ draft: RuleDraft, _ direction: Direction, _ ipProtocol: ProtocolMatch, _ peer: Peer
    ) throws(RuleFlaw) -> SecurityGroupRule {
        let transport =
            fleet.vendor == .aws
            ? try awsTransport(draft, ipProtocol) : try alibabaTransport(draft, ipProtocol)
        if let local = draft.localCIDR, !ipProtocol.occurs(in: local.family) {
            throw RuleFlaw(
                key: .localCidr, mistake: .protocolOfOtherFamily(ipProtocol, local.family))
        }
        return SecurityGroupRule(
            id: draft.id, direction: direction, ipProtocol: ipProtocol, transport: transport,
            sourcePorts: try sourcePorts(draft, ipProtocol), peer: peer,
            localCIDR: draft.localCIDR, policy: draft.policy, priority: draft.priority,
            nicType: draft.nicType, description: draft.description)
    }

    private func sourcePorts(
        _ draft: RuleDraft, _ ipProtocol: ProtocolMatch
    ) throws(RuleFlaw) -> PortRange? {
        guard draft.sourcePortRange != .all else { return nil }
        guard ipProtocol.hasFilteredPorts else {
            throw RuleFlaw(key: .sourcePortRange, mistake: .portsWithoutPortProtocol(ipProtocol))
        }
        return draft.sourcePortRange
    }

    private func alibabaTransport(
        _ draft: RuleDraft, _ ipProtocol: ProtocolMatch
    ) throws(RuleFlaw) -> TransportMatch {
        let restricts = draft.portRange != .all
        if !ipProtocol.hasFilteredPorts, restricts || draft.portList != nil {
            throw RuleFlaw(
                key: restricts ? .portRange : .portList,
                mistake: .portsWithoutPortProtocol(ipProtocol))
        }
        guard let list = draft.portList else {
            return restricts ? .destinationPorts(draft.portRange) : .any
        }
        guard !restricts else { throw RuleFlaw(key: .portList, mistake: .portListBesideRange) }
        return .portList(list)
    }

    private func awsTransport(
        _ draft: RuleDraft, _ ipProtocol: ProtocolMatch
    ) throws(RuleFlaw) -> TransportMatch {
        guard case .only(let number) = ipProtocol, number.hasFilteredPorts || number.isICMP else {
            return .any
        }
        guard (draft.fromPort == nil) == (draft.toPort == nil) else {
            let missing: RuleDraft.Key = draft.fromPort == nil ? .toPort : .fromPort
            throw RuleFlaw(key: missing, mistake: .incompletePortPair)
        }
        guard let from = draft.fromPort, let to = draft.toPort else { return .any }
        return number.isICMP ? try icmpMatch(type: from, code: to) : try portMatch(from, to)
    }

    private func portMatch(
        _ from: RuleDraft.PortEnd, _ to: RuleDraft.PortEnd
    ) throws(RuleFlaw) -> TransportMatch {
        if from == -1, to == -1 { return .any }
        guard from >= 0, to >= 0 else {
            throw RuleFlaw(key: from < 0 ? .fromPort : .toPort, mistake: .incompletePortPair)
        }
        guard from <= to else {
            throw RuleFlaw(key: .toPort, mistake: .reversedRange("\(from)/\(to)"))
        }
        let range = PortRange(UInt16(from), UInt16(to))
        return range == .all ? .any : .destinationPorts(range)
    }

    private func icmpMatch(
        type: RuleDraft.PortEnd, code: RuleDraft.PortEnd
    ) throws(RuleFlaw) -> TransportMatch {
        for (key, value) in [(RuleDraft.Key.fromPort, type), (.toPort, code)] where value > 255 {
            throw RuleFlaw(key: key, mistake: .outOfBounds(found: "\(value)", bounds: -1...255))
        }
        if type == -1 {
            guard code == -1 else { throw RuleFlaw(key: .toPort, mistake: .codeWithoutType) }
            return .any
        }
        return .icmp(type: UInt8(type), code: code == -1 ? nil : UInt8(code))
    }
}

extension ProtocolMatch {
    /// Whether rules for the protocol may restrict ports.
    fileprivate var hasFilteredPorts: Bool {
        switch self {
        case .all: false
        case .only(let ipProtocol): ipProtocol.hasFilteredPorts
        }
    }

    /// Whether packets of the protocol can have addresses of `family`: each family has an ICMP of
    /// its own. Source: SEMANTICS A.1.
    func occurs(in family: AddressFamily) -> Bool {
        switch family {
        case .ipv4: self != .only(.icmpv6)
        case .ipv6: self != .only(.icmp)
        }
    }
}

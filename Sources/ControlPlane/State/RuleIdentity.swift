internal import CloudModel

/// What makes two rules of a group the same rule, for both vendors: all but id and description.
///
/// Blocks compare by their networks, so `10.0.0.9/8` is `10.0.0.0/8`. Source: SEMANTICS A.2, B.8.
struct RuleIdentity: Hashable {
    let direction: Direction
    let ipProtocol: ProtocolMatch
    let transport: TransportMatch
    let sourcePorts: PortRange?
    let peer: Peer
    let localCIDR: CIDRBlock?
    let policy: Policy
    var priority: UInt8
    var nicType: NetworkInterfaceCardType?

    /// The identity of `rule` in a group that is in a VPC, where there is one network only, or in
    /// the classic network.
    init(_ rule: SecurityGroupRule, isClassic: Bool) {
        direction = rule.direction
        ipProtocol = rule.ipProtocol
        transport = rule.transport
        sourcePorts = rule.sourcePorts
        peer = rule.peer.withoutStaleness
        localCIDR = rule.localCIDR
        policy = rule.policy
        priority = rule.priority
        nicType = isClassic ? rule.nicType ?? .internet : nil
    }

    /// Whether `rule` can have this identity: what is cheap to compare.
    func mayBe(of rule: SecurityGroupRule) -> Bool {
        rule.direction == direction && rule.ipProtocol == ipProtocol && rule.policy == policy
            && rule.transport == transport
    }
}

extension SecurityGroup {
    /// Whether the group is in Alibaba Cloud's classic network.
    var isClassic: Bool { vpc == nil }

    /// The rules with `identity`; usually one.
    ///
    /// - Complexity: O(rules of the group).
    func rules(with identity: RuleIdentity) -> [SecurityGroupRule] {
        rules.filter {
            identity.mayBe(of: $0) && RuleIdentity($0, isClassic: isClassic) == identity
        }
    }

    /// The rules with `identity`, whatever their priority.
    ///
    /// - Complexity: O(rules of the group).
    func rules(withAnyPriority identity: RuleIdentity) -> [SecurityGroupRule] {
        rules.filter { rule in
            guard identity.mayBe(of: rule) else { return false }
            var other = RuleIdentity(rule, isClassic: isClassic)
            other.priority = identity.priority
            return other == identity
        }
    }
}

extension Peer {
    /// The same peer; whether the cloud calls a reference stale is no part of what it names.
    fileprivate var withoutStaleness: Peer {
        guard case .securityGroup(var reference) = self else { return self }
        reference.isStale = false
        return .securityGroup(reference)
    }
}

/// Which way a packet goes, seen from the network interface that evaluates it.
package enum Direction: String, Hashable, Sendable, CaseIterable {
    case ingress
    case egress

    /// The direction of a reply.
    package var opposite: Direction { self == .ingress ? .egress : .ingress }
}

/// What a rule does with the packets that it matches. AWS rules only accept.
package enum Policy: String, Hashable, Sendable, CaseIterable {
    case accept
    case drop
}

/// The addresses at the far end of the traffic that a rule admits or refuses.
package enum Peer: Hashable, Sendable {
    case cidr(CIDRBlock)
    /// The private addresses of all interfaces that are in the group now.
    case securityGroup(GroupReference)
    case prefixList(PrefixListID)
}

/// A rule's mention of a security group, of this account or another.
package struct GroupReference: Hashable, Sendable {
    package var group: SecurityGroupID
    /// The account that owns the group; `nil` is the fleet's own.
    package var owner: String?
    /// Whether the cloud reports the reference as pointing at a deleted group or peering.
    package var isStale: Bool

    package init(_ group: SecurityGroupID, owner: String? = nil, isStale: Bool = false) {
        self.group = group
        self.owner = owner
        self.isStale = isStale
    }
}

/// The network that a classic-network rule of Alibaba Cloud applies to; always `intranet` in a VPC.
package enum NetworkInterfaceCardType: String, Hashable, Sendable, CaseIterable {
    case internet
    case intranet
}

/// One rule of a security group.
///
/// Source: the vendors' models, SEMANTICS A.1 (Alibaba Cloud) and B.1 (AWS).
package struct SecurityGroupRule: Hashable, Sendable {
    package var id: RuleID
    package var direction: Direction
    package var ipProtocol: ProtocolMatch
    /// The test on destination port or ICMP type and code.
    package var transport: TransportMatch
    /// The test on the source port; `nil` for any. Only for TCP and UDP on Alibaba Cloud.
    package var sourcePorts: PortRange?
    package var peer: Peer
    /// The quintuple's other address: destination of an ingress rule, source of an egress rule.
    package var localCIDR: CIDRBlock?
    package var policy: Policy
    /// 1…110, the smaller wins. Always 1 on AWS, which has no priorities.
    package var priority: UInt8
    package var nicType: NetworkInterfaceCardType?
    package var description: String

    package init(
        id: RuleID, direction: Direction, ipProtocol: ProtocolMatch = .all,
        transport: TransportMatch = .any, sourcePorts: PortRange? = nil, peer: Peer,
        localCIDR: CIDRBlock? = nil, policy: Policy = .accept, priority: UInt8 = 1,
        nicType: NetworkInterfaceCardType? = nil, description: String = ""
    ) {
        self.id = id
        self.direction = direction
        self.ipProtocol = ipProtocol
        self.transport = transport
        self.sourcePorts = sourcePorts
        self.peer = peer
        self.localCIDR = localCIDR
        self.policy = policy
        self.priority = priority
        self.nicType = nicType
        self.description = description
    }

    /// Whether this rule is tried before `other`: smaller priority, then drop before accept, then
    /// the smaller id.
    ///
    /// The order is the same whatever interface asks. Source: SEMANTICS A.4; for AWS, whose rules
    /// all accept at one priority, it reports the smallest id among the matching rules (B.2).
    package func isTriedBefore(_ other: SecurityGroupRule) -> Bool {
        if priority != other.priority { return priority < other.priority }
        if policy != other.policy { return policy == .drop }
        return id < other.id
    }
}

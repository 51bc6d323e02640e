/// What became of a packet.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case accept
    case drop
    /// No group was asked.
    case none
}

/// Why a packet was accepted or dropped, or why no group was asked. The raw values are the words of
/// the file formats; they never change.
package enum Reason: String, Hashable, Sendable, CaseIterable {
    /// A custom rule matched.
    case rule
    /// No rule matched (Alibaba Cloud).
    case `default`
    /// No rule matched (AWS).
    case implicitDeny = "implicit-deny"
    /// Peer and interface share a group that is open inside.
    case intraGroup = "intra-group"
    /// A tracked session admits it.
    case established
    /// The platform's own traffic (Alibaba Cloud, SEMANTICS A.11).
    case system
    /// Traffic that groups do not filter (AWS, SEMANTICS B.7).
    case exempt
    /// The interface is not attached to an instance.
    case interfaceNotAttached = "interface-not-attached"
    /// The default step, because the `fragments` switch found no first fragment.
    case fragment
    /// No known interface owns either address.
    case noInterface = "no-interface"
    /// Interfaces of several VPCs own the address.
    case ambiguousInterface = "ambiguous-interface"
    /// The interface is in no group.
    case noGroup = "no-group"
    /// Not IPv4 or IPv6, such as ARP.
    case notIP = "not-ip"
    /// The capture ends before the fields that a filter needs.
    case truncated
    /// The headers contradict themselves.
    case malformed
    /// The link layer is one that the decoder does not know.
    case unsupportedLinkType = "unsupported-link-type"
}

/// The answer for one packet, at one interface or over all that evaluate it.
package struct Decision: Hashable, Sendable {
    package var verdict: Verdict
    package var reason: Reason
    /// There when a rule decided.
    package var rule: RuleID?
    package var securityGroup: SecurityGroupID?
    /// There when an interface evaluated the packet.
    package var networkInterface: NetworkInterfaceID?
    package var direction: Direction?

    package init(
        _ verdict: Verdict, _ reason: Reason, rule: RuleID? = nil,
        securityGroup: SecurityGroupID? = nil, networkInterface: NetworkInterfaceID? = nil,
        direction: Direction? = nil
    ) {
        self.verdict = verdict
        self.reason = reason
        self.rule = rule
        self.securityGroup = securityGroup
        self.networkInterface = networkInterface
        self.direction = direction
    }

    /// One answer from the evaluations of a packet, in the order egress, ingress: the first that
    /// drops, else the last that asked a group, else the first.
    ///
    /// An interface without groups says nothing about the packet, so the other one's answer stands.
    ///
    /// - Precondition: `evaluations` is not empty.
    package static func combining(_ evaluations: [Decision]) -> Decision {
        evaluations.first { $0.verdict == .drop }
            ?? evaluations.last { $0.verdict == .accept }
            ?? evaluations[0]
    }
}

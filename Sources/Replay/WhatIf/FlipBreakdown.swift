package import CloudModel
package import FilterTables

/// The flows of one way to flip that have something in common.
package struct FlipGroup<Key: Hashable & Sendable>: Sendable {
    package let key: Key
    package fileprivate(set) var flowCount = 0
    package fileprivate(set) var count = PacketCount()
    package fileprivate(set) var dependent = PacketCount()
}

/// What decides before and after at the interface that makes the difference.
package struct RuleChange: Hashable, Sendable {
    package let before: DecidingRule
    package let after: DecidingRule
}

/// What decided: a rule, or the step that is no rule.
package struct DecidingRule: Hashable, Sendable {
    package let reason: Reason
    package let rule: RuleID?
    package let securityGroup: SecurityGroupID?

    /// What gave `decision`; `origin` is the rule behind a session.
    package init(_ decision: Decision, admittedBy origin: RuleOrigin?) {
        reason = decision.reason
        rule = decision.rule ?? origin?.rule
        securityGroup = decision.securityGroup ?? origin?.securityGroup
    }
}

/// A protocol, and for those with ports the port that connections are made to.
package struct Service: Hashable, Sendable, CustomStringConvertible {
    package let ipProtocol: IPProtocol
    package let port: UInt16?

    /// `tcp 443`, or `icmp`.
    package var description: String {
        port.map { "\(ipProtocol) \($0)" } ?? ipProtocol.description
    }
}

extension WhatIfResult {
    /// The flows that flip this way by the rules that decide; the most packets first.
    package func flipsByRule(_ flip: Flip) -> [FlipGroup<RuleChange>] {
        groups(flip) { flow in
            let isDrop = flow.flip == .acceptToDrop
            return RuleChange(
                before: DecidingRule(
                    flow.before, admittedBy: isDrop ? flow.admittedBy : nil),
                after: DecidingRule(flow.after, admittedBy: isDrop ? nil : flow.admittedBy))
        }
    }

    /// The same by far end.
    package func flipsByPeer(_ flip: Flip) -> [FlipGroup<IPAddress>] { groups(flip, by: \.peer) }

    /// The same by protocol and port.
    package func flipsByService(_ flip: Flip) -> [FlipGroup<Service>] {
        groups(flip) { Service(ipProtocol: $0.packet.ipProtocol, port: $0.servicePort) }
    }

    private func groups<Key: Hashable & Sendable>(
        _ flip: Flip, by key: (FlowFlip) -> Key
    ) -> [FlipGroup<Key>] {
        var places: [Key: Int] = [:]
        var groups: [FlipGroup<Key>] = []
        for flow in flips where flow.flip == flip {
            let key = key(flow)
            let place = places[key] ?? groups.count
            if place == groups.count {
                places[key] = place
                groups.append(FlipGroup(key: key))
            }
            groups[place].flowCount += 1
            groups[place].count += flow.count
            groups[place].dependent += flow.dependent
        }
        return groups.enumerated().sorted { lhs, rhs in
            let (left, right) = (lhs.element.impact, rhs.element.impact)
            return left == right ? lhs.offset < rhs.offset : left > right
        }.map(\.element)
    }
}

extension FlipGroup {
    fileprivate var impact: Int { count.packets + dependent.packets }
}

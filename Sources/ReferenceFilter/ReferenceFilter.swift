package import CloudModel

/// The decision without sessions, straight from the rules: slow, obvious, and the judge of every
/// faster form.
///
/// It follows SEMANTICS A.3–A.7 and A.9–A.11 for Alibaba Cloud, B.2–B.4, B.6 and B.7 for AWS, step by
/// step and with nothing precomputed but the look-up of resources by id. A value; any thread may use it.
///
/// - Complexity: a decision takes time in proportion to the rules of the interface's groups, times
///   the interfaces of the fleet for a rule that names a group.
package struct ReferenceFilter: Sendable {
    package let fleet: Fleet
    let groups: [SecurityGroupID: SecurityGroup]
    let prefixLists: [PrefixListID: PrefixList]
    let portLists: [PortListID: PortList]
    let vpcs: [VPCID: VPC]

    /// A filter for `fleet`, whose ids are unique in each kind.
    package init(_ fleet: Fleet) {
        self.fleet = fleet
        groups = Dictionary(uniqueKeysWithValues: fleet.securityGroups.map { ($0.id, $0) })
        prefixLists = Dictionary(uniqueKeysWithValues: fleet.prefixLists.map { ($0.id, $0) })
        portLists = Dictionary(uniqueKeysWithValues: fleet.portLists.map { ($0.id, $0) })
        vpcs = Dictionary(uniqueKeysWithValues: fleet.vpcs.map { ($0.id, $0) })
    }

    /// What `interface` does with `packet` when it passes in `direction`.
    package func decide(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Decision {
        var decision = outcome(for: packet, at: interface, direction)
        decision.networkInterface = interface.id
        decision.direction = direction
        return decision
    }

    private func outcome(
        for packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Decision {
        guard interface.status.carriesTraffic else { return Decision(.drop, .interfaceNotAttached) }
        guard !interface.securityGroups.isEmpty else { return Decision(.none, .noGroup) }
        if packet.isLaterFragment, fleet.switches.fragments == .drop {
            return Decision(.drop, .fragment)
        }
        if let reason = stepBeforeRules(packet, at: interface, direction) {
            return Decision(.accept, reason)
        }
        let decider = candidates(at: interface, direction)
            .first { firstMismatch(of: $0.rule, with: packet, direction) == nil }
        if let decider {
            return Decision(
                decider.rule.policy == .accept ? .accept : .drop, .rule,
                rule: decider.rule.id, securityGroup: decider.group)
        }
        return defaultStep(for: packet, at: interface, direction)
    }

    /// The rules of all groups of `interface` for `direction`, in decision order.
    package func candidates(
        at interface: NetworkInterface, _ direction: Direction
    ) -> [(rule: SecurityGroupRule, group: SecurityGroupID)] {
        interface.securityGroups
            .flatMap { id in
                (groups[id]?.rules ?? []).filter { $0.direction == direction }
                    .map { (rule: $0, group: id) }
            }
            .sorted { $0.rule.isTriedBefore($1.rule) }
    }

    /// What happens when no rule matches.
    private func defaultStep(
        for packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Decision {
        if fleet.vendor == .aws {
            return Decision(.drop, packet.isLaterFragment ? .fragment : .implicitDeny)
        }
        let isBasic = interface.securityGroups.allSatisfy { groups[$0]?.type == .normal }
        let verdict: Verdict = direction == .egress && isBasic ? .accept : .drop
        return Decision(verdict, packet.isLaterFragment ? .fragment : .default)
    }
}

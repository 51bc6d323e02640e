import CloudModel

/// Reads the policies of a fleet's interfaces as lists of steps, of which the first that a packet meets
/// decides.
///
/// A list has every step of SEMANTICS A.4 and B.2 but sessions: attachment, platform traffic,
/// intra-group accept, the rules of all groups in decision order, and the default, which is
/// unconditional. Later fragments, which have no ports, are not in the space of packets.
struct PolicyReader {
    /// What a policy depends on; interfaces that agree on it share a policy.
    private struct Source: Hashable {
        let direction: Direction
        let carriesTraffic: Bool
        let groups: [SecurityGroupID]
        /// `nil` where the VPC makes no difference.
        let vpc: VPCID?
    }

    let index: FleetIndex
    let family: AddressFamily
    private var policies: [Source: [Int]] = [:]
    var ruleSteps: [Direction: [SecurityGroupID: [RuleStep]]] = [:]
    var groupConditions: [SecurityGroupID: FieldCondition] = [:]
    var listConditions: [PrefixListID: FieldCondition] = [:]

    init(_ index: FleetIndex, _ family: AddressFamily) {
        self.index = index
        self.family = family
    }

    /// The policy of packets of one direction and family at the interface with this id. Packets whose
    /// local address is not the interface's are not evaluated there.
    ///
    /// - Parameter isSameInBoth: Whether the other fleet gives the interface the same addresses: then no
    ///   step needs to ask about them.
    mutating func policy(
        of id: NetworkInterfaceID, _ direction: Direction, isSameInBoth: Bool,
        _ pool: inout StepPool
    ) -> [Int] {
        let absent = Decision(.none, .noInterface)
        guard let interface = index.interfaces[id] else { return [pool.step(always: absent)] }
        let steps = policy(of: interface, direction, &pool)
        if isSameInBoth { return steps }
        let own = IntervalSet(interface.addresses, family)
        let foreign = pool.domain(.local).subtracting(own)
        var conditions = PolicyReader.anything
        conditions[PacketField.local.rawValue] = pool.condition(.local, in: foreign)
        return [pool.step(conditions, absent)].compactMap(\.self) + steps
    }

    private mutating func policy(
        of interface: NetworkInterface, _ direction: Direction, _ pool: inout StepPool
    ) -> [Int] {
        let source = Source(
            direction: direction, carriesTraffic: interface.status.carriesTraffic,
            groups: interface.securityGroups.sorted(),
            vpc: index.fleet.vendor == .aws ? interface.vpc : nil)
        if let known = policies[source] { return known }
        let steps = makePolicy(source, &pool)
        policies[source] = steps
        return steps
    }

    private mutating func makePolicy(_ source: Source, _ pool: inout StepPool) -> [Int] {
        guard source.carriesTraffic else {
            return [pool.step(always: Decision(.drop, .interfaceNotAttached))]
        }
        guard !source.groups.isEmpty else {
            return [pool.step(always: Decision(.none, .noGroup))]
        }
        var steps: [Int] = []
        switch index.fleet.vendor {
        case .aws: appendExemptions(in: source.vpc, to: &steps, &pool)
        case .alibaba:
            appendSystemTraffic(source.direction, to: &steps, &pool)
            appendIntraGroup(source, to: &steps, &pool)
        }
        var rules: [RuleStep] = []
        for group in source.groups { rules += stepsOfRules(in: group, source.direction, &pool) }
        steps += rules.sorted { $0.isTriedBefore($1) }.map(\.step)
        steps.append(pool.step(always: defaultOutcome(source)))
        return steps
    }

    /// What happens when no rule matches.
    private func defaultOutcome(_ source: Source) -> Decision {
        guard index.fleet.vendor == .alibaba else { return Decision(.drop, .implicitDeny) }
        let isBasic = source.groups.allSatisfy { index.groups[$0]?.type == .normal }
        return Decision(source.direction == .egress && isBasic ? .accept : .drop, .default)
    }
}

// MARK: - Steps before the rules

extension PolicyReader {
    static let anything = [FieldCondition](repeating: .any, count: PacketField.count)

    /// Appends a step that accepts packets with these values, if there can be any.
    private func accept(
        _ reason: Reason, _ restrictions: [(field: PacketField, values: IntervalSet)],
        to steps: inout [Int], _ pool: inout StepPool
    ) {
        var conditions = PolicyReader.anything
        for restriction in restrictions {
            conditions[restriction.field.rawValue] = pool.condition(
                restriction.field, in: restriction.values)
        }
        if let step = pool.step(conditions, Decision(.accept, reason)) { steps.append(step) }
    }

    /// Source: SEMANTICS A.11.
    private func appendSystemTraffic(
        _ direction: Direction, to steps: inout [Int], _ pool: inout StepPool
    ) {
        let metadata = [CIDRBlock(PlatformTraffic.alibabaMetadataServer)]
        accept(.system, [(.peer, IntervalSet(metadata, family))], to: &steps, &pool)
        guard direction == .ingress else { return }
        let needed = PlatformTraffic.fragmentationNeeded
        let fragmentationNeeded = IntervalSet(icmpType: needed.type, code: needed.code)
        let tooBig = IntervalSet(icmpType: PlatformTraffic.packetTooBigType, code: nil)
        let (icmp, icmpv6) = (IntervalSet(.icmp), IntervalSet(.icmpv6))
        let probes = IntervalSet(index.fleet.platformProbes, family)
        let balancers = IntervalSet(index.fleet.loadBalancerSources, family)
        accept(.system, [(.ipProtocol, icmp), (.icmp, fragmentationNeeded)], to: &steps, &pool)
        accept(.system, [(.ipProtocol, icmpv6), (.icmp, tooBig)], to: &steps, &pool)
        accept(.system, [(.ipProtocol, icmp.union(icmpv6)), (.peer, probes)], to: &steps, &pool)
        accept(.system, [(.peer, balancers)], to: &steps, &pool)
    }

    /// Source: SEMANTICS A.5.
    private mutating func appendIntraGroup(
        _ source: Source, to steps: inout [Int], _ pool: inout StepPool
    ) {
        guard source.direction == .ingress || index.fleet.switches.innerAcceptEgress == .bypass
        else { return }
        for id in source.groups {
            guard let group = index.groups[id], group.type == .normal,
                group.innerAccessPolicy == .accept
            else { continue }
            var conditions = PolicyReader.anything
            conditions[PacketField.peer.rawValue] = members(of: id, &pool)
            let outcome = Decision(.accept, .intraGroup)
            if let step = pool.step(conditions, outcome) { steps.append(step) }
        }
    }

    /// Source: SEMANTICS B.7.
    private func appendExemptions(
        in vpc: VPCID?, to steps: inout [Int], _ pool: inout StepPool
    ) {
        let reserved = vpc.flatMap { index.vpcs[$0] }.map(PlatformTraffic.awsReserved) ?? []
        let services = (PlatformTraffic.awsServices + reserved).map { CIDRBlock($0) }
        let dhcp = IntervalSet(PlatformTraffic.dhcpPorts)
        accept(.exempt, [(.peer, IntervalSet(services, family))], to: &steps, &pool)
        accept(
            .exempt,
            [(.ipProtocol, IntervalSet(.udp)), (.sourcePort, dhcp), (.destinationPort, dhcp)],
            to: &steps, &pool)
    }
}

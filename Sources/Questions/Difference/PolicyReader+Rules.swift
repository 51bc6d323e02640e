import CloudModel

/// Rules as steps: what each asks of a packet, and when it is tried.
extension PolicyReader {
    /// A rule's step with what says when it is tried: see ``SecurityGroupRule/isTriedBefore(_:)``.
    struct RuleStep {
        /// The priority, and in the lowest bit whether the rule accepts.
        let rank: UInt16
        let id: RuleID
        let step: Int

        init(_ rule: SecurityGroupRule, step: Int) {
            rank = UInt16(rule.priority) << 1 | (rule.policy == .accept ? 1 : 0)
            id = rule.id
            self.step = step
        }

        func isTriedBefore(_ other: RuleStep) -> Bool {
            rank == other.rank ? id < other.id : rank < other.rank
        }
    }

    /// The steps of the group's rules for a direction that a packet of the family can meet.
    mutating func stepsOfRules(
        in id: SecurityGroupID, _ direction: Direction, _ pool: inout StepPool
    ) -> [RuleStep] {
        if let known = ruleSteps[direction]?[id] { return known }
        var steps: [RuleStep] = []
        for rule in index.groups[id]?.rules ?? [] where rule.direction == direction {
            let outcome = Decision(
                rule.policy == .accept ? .accept : .drop, .rule, rule: rule.id,
                securityGroup: id)
            if let step = pool.step(conditions(of: rule, &pool), outcome) {
                steps.append(RuleStep(rule, step: step))
            }
        }
        ruleSteps[direction, default: [:]][id] = steps
        return steps
    }

    /// What a rule asks, one condition a field. Source: SEMANTICS A.3, B.3.
    ///
    /// Ports are asked only by rules for TCP and UDP, type and code only by those for ICMP and ICMPv6.
    private mutating func conditions(
        of rule: SecurityGroupRule, _ pool: inout StepPool
    ) -> [FieldCondition] {
        var conditions = PolicyReader.anything
        if case .only(let wanted) = rule.ipProtocol {
            conditions[PacketField.ipProtocol.rawValue] = pool.condition(
                .ipProtocol, in: IntervalSet(wanted))
        }
        conditions[PacketField.peer.rawValue] = peer(rule.peer, &pool)
        if let local = rule.localCIDR {
            conditions[PacketField.local.rawValue] = pool.condition(
                .local, in: IntervalSet([local], family))
        }
        if let ports = rule.sourcePorts {
            conditions[PacketField.sourcePort.rawValue] = pool.condition(
                .sourcePort, in: IntervalSet(ports))
        }
        switch rule.transport {
        case .any: break
        case .destinationPorts(let range):
            conditions[PacketField.destinationPort.rawValue] = pool.condition(
                .destinationPort, in: IntervalSet(range))
        case .portList(let id):
            let ranges = index.portLists[id]?.ranges ?? []
            let ports = IntervalSet(
                ranges.map { Interval(UInt128($0.lower), UInt128($0.upper)) })
            conditions[PacketField.destinationPort.rawValue] = pool.condition(
                .destinationPort, in: ports)
        case .icmp(let type, let code):
            conditions[PacketField.icmp.rawValue] = pool.condition(
                .icmp, in: IntervalSet(icmpType: type, code: code))
        }
        return conditions
    }

    private mutating func peer(_ peer: Peer, _ pool: inout StepPool) -> FieldCondition {
        switch peer {
        case .cidr(let block): return pool.condition(.peer, in: IntervalSet([block], family))
        case .securityGroup(let reference):
            return reference.isStale ? .never : members(of: reference.group, &pool)
        case .prefixList(let id):
            if let known = listConditions[id] { return known }
            let entries = index.prefixLists[id]?.entries ?? []
            let condition = pool.condition(.peer, in: IntervalSet(entries, family))
            listConditions[id] = condition
            return condition
        }
    }

    /// The addresses of a group's members, as peers.
    mutating func members(
        of group: SecurityGroupID, _ pool: inout StepPool
    ) -> FieldCondition {
        if let known = groupConditions[group] { return known }
        let blocks = index.memberAddresses[group] ?? []
        let condition = pool.condition(.peer, in: IntervalSet(blocks, family))
        groupConditions[group] = condition
        return condition
    }
}

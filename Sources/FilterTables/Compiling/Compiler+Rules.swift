internal import CloudModel

extension Compiler {
    /// Places of implicit steps in the decision order: before every custom rule.
    private enum StepOrder {
        static let platform: UInt64 = 0
        static let intraGroup: UInt64 = 1
        static let firstRule: UInt64 = 2
    }

    /// The rule table of every group and direction, and the preludes; then the port classes.
    mutating func addRuleTables() {
        addPages()
        let orders = decisionOrders()
        preludes = [Direction.ingress, .egress].map { direction in
            addTable(of: platformSteps(direction), inSpaces: 0..<spaceCount)
        }
        var firstRule = 0
        for (place, group) in fleet.securityGroups.enumerated() {
            tables.groupIDs.append(group.id)
            let space = space(of: group.vpc)
            var entries: [[RuleEntry]] = [[], []]
            for (offset, direction) in [Direction.ingress, .egress].enumerated() {
                entries[offset] += intraGroupStep(of: group, at: place, direction)
            }
            for (offset, rule) in group.rules.enumerated() {
                let side = rule.direction == .ingress ? 0 : 1
                tables.ruleIDs.append(rule.id)
                tables.ruleOrigins.append(UInt32(place) << 1 | UInt32(side))
                if let entry = entry(
                    for: rule, number: firstRule + offset,
                    order: StepOrder.firstRule + orders[firstRule + offset])
                {
                    entries[side].append(entry)
                }
            }
            firstRule += group.rules.count
            tablesOfGroups += entries.map { addTable(of: $0, inSpaces: space..<space + 1) }
        }
        tables.portClasses = PortClasses(
            serviceRanges: serviceRanges, sourceRanges: sourceRanges, pages: tables.pages.count)
    }

    /// A page for each protocol that a rule or a step names.
    private mutating func addPages() {
        var named: Set<UInt8> = [
            IPProtocol.tcp.rawValue, IPProtocol.udp.rawValue, IPProtocol.icmp.rawValue,
            IPProtocol.icmpv6.rawValue,
        ]
        for group in fleet.securityGroups {
            for case .only(let ipProtocol) in group.rules.lazy.map(\.ipProtocol) {
                named.insert(ipProtocol.rawValue)
            }
        }
        for number in named.sorted() { tables.pages.add(IPProtocol(rawValue: number)) }
    }

    /// The place of every rule of the fleet, numbered group by group, in the decision order.
    private func decisionOrders() -> [UInt64] {
        var keys: [(priority: UInt8, accepts: Bool, id: RuleID, number: Int)] = []
        for rule in fleet.securityGroups.lazy.flatMap(\.rules) {
            keys.append((rule.priority, rule.policy == .accept, rule.id, keys.count))
        }
        // As `SecurityGroupRule.isTriedBefore`, on the few fields that it looks at.
        keys.sort { lhs, rhs in
            if lhs.priority != rhs.priority { return lhs.priority < rhs.priority }
            if lhs.accepts != rhs.accepts { return rhs.accepts }
            return lhs.id < rhs.id
        }
        var orders = [UInt64](repeating: 0, count: keys.count)
        for (order, key) in keys.enumerated() { orders[key.number] = UInt64(order) }
        return orders
    }

    /// Adds a table, and records what its entries name in the address spaces where it is asked.
    private mutating func addTable(of entries: [RuleEntry], inSpaces spaces: Range<Int>) -> UInt32?
    {
        for entry in entries {
            serviceRanges.formUnion(entry.services)
            sourceRanges.insert(entry.sources)
            for case .selector(let selector) in [entry.peer, entry.local] {
                for space in spaces { selectorsOfSpace[space].insert(selector) }
            }
        }
        return tables.ruleTables.addTable(of: entries)
    }

    /// A custom rule as an entry; `nil` for one that can match nothing.
    private mutating func entry(
        for rule: SecurityGroupRule, number: Int, order: UInt64
    ) -> RuleEntry? {
        guard let peer = test(for: rule.peer) else { return nil }
        return RuleEntry(
            order: order, outcome: Outcome(rule.policy, byRule: UInt32(number)), peer: peer,
            local: rule.localCIDR.map { test(for: $0) } ?? .any, services: services(of: rule),
            sources: rule.sourcePorts.map { UInt32($0.lower)...UInt32($0.upper) }
                ?? ServiceKey.anySource)
    }

    private mutating func test(for peer: Peer) -> AddressTest? {
        switch peer {
        case .cidr(let block):
            test(for: block)
        case .prefixList(let id):
            placeOfList[id].map { .selector(selectors.number(of: .prefixList($0))) }
        case .securityGroup(let reference):
            reference.isStale
                ? nil
                : placeOfGroup[reference.group].map {
                    .selector(selectors.number(of: .group($0)))
                }
        }
    }

    private mutating func test(for block: CIDRBlock) -> AddressTest {
        if block.prefixLength == 0 { return block.family == .ipv4 ? .anyIPv4 : .anyIPv6 }
        return .selector(selectors.number(of: .cidr(block)))
    }

    /// The service keys that a rule admits. Source: SEMANTICS A.3 steps 2 and 3, B.3.
    private func services(of rule: SecurityGroupRule) -> [ClosedRange<UInt32>] {
        guard case .only(let ipProtocol) = rule.ipProtocol else { return [tables.pages.allKeys] }
        switch rule.transport {
        case .any:
            return [tables.pages.keys(of: ipProtocol)]
        case .destinationPorts(let range):
            return [tables.pages.keys(of: ipProtocol, values: range.lower...range.upper)]
        case .portList(let id):
            let ranges = portLists[id] ?? []
            if ranges.contains(.all) { return [tables.pages.keys(of: ipProtocol)] }
            return ranges.map { tables.pages.keys(of: ipProtocol, values: $0.lower...$0.upper) }
        case .icmp(let type, let code):
            let first = UInt16(type) << 8 | UInt16(code ?? 0)
            let last = UInt16(type) << 8 | UInt16(code ?? 0xFF)
            return [tables.pages.keys(of: ipProtocol, values: first...last)]
        }
    }

    /// Accept between members of an open basic group, as the group's first entry. Source: SEMANTICS A.5.
    private mutating func intraGroupStep(
        of group: SecurityGroup, at place: Int, _ direction: Direction
    ) -> [RuleEntry] {
        let isAsked =
            direction == .ingress || fleet.switches.innerAcceptEgress == .bypass
        guard fleet.vendor == .alibaba, group.type == .normal,
            group.innerAccessPolicy == .accept, isAsked
        else { return [] }
        return [
            RuleEntry(
                order: StepOrder.intraGroup, outcome: Outcome(.accept, .intraGroup),
                peer: .selector(selectors.number(of: .group(place))),
                services: [tables.pages.allKeys])
        ]
    }

    /// What the platform accepts before any group is asked. Source: SEMANTICS A.11, B.7.
    private mutating func platformSteps(_ direction: Direction) -> [RuleEntry] {
        fleet.vendor == .aws ? exemptSteps() : systemSteps(direction)
    }

    private mutating func exemptSteps() -> [RuleEntry] {
        let dhcp = PlatformTraffic.dhcpPorts
        return [
            platformStep(
                .exempt, peer: .selector(selectors.number(of: .platformServices)),
                services: tables.pages.allKeys),
            platformStep(
                .exempt, services: tables.pages.keys(of: .udp, values: dhcp.lower...dhcp.upper),
                sources: UInt32(dhcp.lower)...UInt32(dhcp.upper)),
        ]
    }

    private mutating func systemSteps(_ direction: Direction) -> [RuleEntry] {
        let metadata = platformStep(
            .system, peer: .selector(selectors.number(of: .metadataServer)),
            services: tables.pages.allKeys)
        guard direction == .ingress else { return [metadata] }
        let needed = PlatformTraffic.fragmentationNeeded
        let neededValue = UInt16(needed.type) << 8 | UInt16(needed.code)
        let tooBig = UInt16(PlatformTraffic.packetTooBigType) << 8
        let probes = AddressTest.selector(selectors.number(of: .platformProbes))
        return [
            metadata,
            platformStep(
                .system, services: tables.pages.keys(of: .icmp, values: neededValue...neededValue)),
            platformStep(
                .system, services: tables.pages.keys(of: .icmpv6, values: tooBig...tooBig | 0xFF)),
            platformStep(.system, peer: probes, services: tables.pages.keys(of: .icmp)),
            platformStep(.system, peer: probes, services: tables.pages.keys(of: .icmpv6)),
            platformStep(
                .system, peer: .selector(selectors.number(of: .loadBalancers)),
                services: tables.pages.allKeys),
        ]
    }

    private func platformStep(
        _ reason: Reason, peer: AddressTest = .any, services: ClosedRange<UInt32>,
        sources: ClosedRange<UInt32> = ServiceKey.anySource
    ) -> RuleEntry {
        RuleEntry(
            order: StepOrder.platform, outcome: Outcome(.accept, reason), peer: peer,
            services: [services], sources: sources)
    }
}

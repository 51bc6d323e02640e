internal import CloudModel
internal import FilterTables

/// Tables that decide as an ordered rule list would, and how they are asked.
struct CompiledRules {
    let tables: FilterTables
    /// The place in the ordered list of each of the tables' rules.
    let places: [Int32]
    let query: (Header) -> Query

    /// Compiles an IPv4 list as plain rules; an IPv6 one as the ingress rules of a group that has no
    /// other, whose ids are in the list's order.
    init(_ set: RuleSet) {
        switch set.family {
        case .ipv4:
            self.init(
                FilterTables(ordered: set.rules), places: Array(0..<Int32(set.rules.count))
            ) { Query($0.quintuple) }
        case .ipv6:
            self.init(oneGroup: set)
        }
    }

    /// Tables of a fleet, asked at one interface for ingress.
    ///
    /// - Parameter rules: the ids of the rules in the order in which they decide.
    init(_ tables: FilterTables, rules: [RuleID], interface: Int) {
        let placeOfRule = Dictionary(
            uniqueKeysWithValues: rules.enumerated().map { ($0.element, Int32($0.offset)) })
        let places = (0..<tables.ruleCount).map { placeOfRule[tables.rule($0).rule] ?? -1 }
        self.init(tables, places: places) { Query($0.packet, at: interface, .ingress) }
    }

    private init(_ tables: FilterTables, places: [Int32], query: @escaping (Header) -> Query) {
        self.tables = tables
        self.places = places
        self.query = query
    }

    private init(oneGroup set: RuleSet) {
        let rules = set.rules.enumerated().map { place, rule in
            SecurityGroupRule(rule, id: RuleID(number: place), .ingress)
        }
        var fleet = Fleet(vendor: .alibaba)
        fleet.vpcs = [VPC(id: "vpc-1")]
        fleet.securityGroups = [
            SecurityGroup(id: "sg-1", vpc: "vpc-1", innerAccessPolicy: .drop, rules: rules)
        ]
        fleet.networkInterfaces = [
            NetworkInterface(id: "eni-1", vpc: "vpc-1", securityGroups: ["sg-1"])
        ]
        self.init(FilterTables(compiling: fleet), rules: rules.map(\.id), interface: 0)
    }

    /// The tables in a race over `headers`.
    func contender(_ headers: [Header], usesMemo: Bool) -> TableContender {
        TableContender(tables, headers.map(query), places: places, usesMemo: usesMemo)
    }
}

extension SecurityGroupRule {
    /// A plain rule as a group's: what comes in has its source for a peer.
    init(_ rule: QuintupleRule, id: RuleID, _ direction: Direction) {
        self.init(
            id: id, direction: direction, ipProtocol: rule.ipProtocol,
            transport: rule.destinationPorts == .all
                ? .any : .destinationPorts(rule.destinationPorts),
            sourcePorts: rule.sourcePorts == .all ? nil : rule.sourcePorts,
            peer: .cidr(direction == .ingress ? rule.source : rule.destination),
            localCIDR: direction == .ingress ? rule.destination : rule.source)
    }
}

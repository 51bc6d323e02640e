internal import CloudModel
internal import FilterTables

/// Tables that decide as an ordered rule list would, and how they are asked.
struct CompiledRules {
    let tables: FilterTables
    /// The place in the ordered list of the rule that the tables call by a number.
    let place: (Int) -> Int32
    let query: (Header) -> Query

    /// Compiles an IPv4 list as plain rules; an IPv6 one as the ingress rules of a group that has no
    /// other, whose ids are in the list's order.
    init(_ set: RuleSet) {
        switch set.family {
        case .ipv4: self.init(plain: set.rules)
        case .ipv6: self.init(oneGroup: set)
        }
    }

    private init(plain rules: [QuintupleRule]) {
        tables = FilterTables(ordered: rules)
        place = { Int32($0) }
        query = { Query($0.quintuple) }
    }

    /// Tables of a fleet, asked at one interface for ingress.
    ///
    /// - Parameter rules: the ids of the rules in the order in which they decide.
    init(_ tables: FilterTables, rules: [RuleID], interface: Int) {
        let placeOfRule = Dictionary(
            uniqueKeysWithValues: rules.enumerated().map { ($0.element, Int32($0.offset)) })
        self.tables = tables
        place = { placeOfRule[tables.rule($0).rule] ?? -1 }
        query = { Query($0.packet, at: interface, .ingress) }
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

    /// The tables in a race.
    func contenders(warmedBy trace: Trace) -> [TableContender] {
        TableContender.all(tables, warmedBy: trace, place: place)
    }

    /// The tables, asked by deciders of one kind.
    func contender(_ preparation: TableContender.Preparation) -> TableContender {
        TableContender(tables, preparation, place: place)
    }

    /// Headers as the tables are asked about them.
    func trace(_ headers: [Header]) -> Trace { Trace(headers, query: query) }
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

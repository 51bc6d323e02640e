internal import CloudModel
internal import FilterTables

/// Packets that a fleet's rules are about: the same ones for the same seed.
struct FleetTraffic {
    /// A header as it comes in at one interface.
    struct Arrival {
        var header: Header
        /// The interface's place in the fleet's list.
        var interface: Int

        /// What the tables are asked.
        var query: Query { Query(header.packet, at: interface, .ingress) }
    }

    private let fleet: Fleet
    private let peers: FleetPeers
    private let rulesOfGroup: [SecurityGroupID: [SecurityGroupRule]]
    private var maker: HeaderMaker

    init(_ fleet: Fleet, seed: UInt64) {
        self.fleet = fleet
        peers = FleetPeers(fleet)
        rulesOfGroup = Dictionary(
            uniqueKeysWithValues: fleet.securityGroups.map { group in
                (group.id, group.rules.filter { $0.direction == .ingress })
            })
        maker = HeaderMaker(RuleSet(name: "", rules: []), seed: seed)
    }

    /// `count` arrivals of a mix at the interfaces with these places, each as likely.
    mutating func arrivals(
        _ trace: HeaderTrace, at interfaces: Range<Int>, count: Int
    ) -> [Arrival] {
        guard trace == .zipf else { return points(at: interfaces, count: count) }
        let flows = points(at: interfaces, count: HeaderTrace.flowCount)
        let distribution = ZipfDistribution(count: flows.count)
        var arrivals: [Arrival] = []
        arrivals.reserveCapacity(count)
        for _ in 0..<count {
            arrivals.append(flows[distribution.rank(at: maker.random.fraction())])
        }
        return arrivals
    }

    /// Arrivals as contenders take them: see ``arrivals(_:at:count:)``.
    mutating func trace(_ trace: HeaderTrace, at interfaces: Range<Int>, count: Int) -> Trace {
        Trace(arrivals(trace, at: interfaces, count: count))
    }

    private mutating func points(at interfaces: Range<Int>, count: Int) -> [Arrival] {
        var arrivals: [Arrival] = []
        arrivals.reserveCapacity(count)
        for _ in 0..<count {
            let place = interfaces.lowerBound + maker.random.below(interfaces.count)
            arrivals.append(Arrival(header: point(at: place), interface: place))
        }
        return arrivals
    }

    /// A random point of a random ingress rule of a random group of the interface.
    private mutating func point(at place: Int) -> Header {
        let interface = fleet.networkInterfaces[place]
        let group = interface.securityGroups[maker.random.below(interface.securityGroups.count)]
        let rules = rulesOfGroup[group, default: []]
        let rule = rules[maker.random.below(rules.count)]
        let blocks = peers.blocks(of: rule.peer)
        let source = blocks[maker.random.below(blocks.count)]
        return maker.point(
            of: rule.plain(source: source, destination: interface.addresses[0]))
    }
}

/// The blocks that the peers of a fleet's rules stand for.
struct FleetPeers {
    private var entries: [PrefixListID: [CIDRBlock]] = [:]
    private var addresses: [SecurityGroupID: [CIDRBlock]] = [:]

    init(_ fleet: Fleet) {
        for list in fleet.prefixLists { entries[list.id] = list.entries }
        for interface in fleet.networkInterfaces {
            for group in interface.securityGroups {
                addresses[group, default: []] += interface.addresses
            }
        }
    }

    /// The blocks of `peer`, of which there is at least one in a made-up fleet.
    func blocks(of peer: Peer) -> [CIDRBlock] {
        switch peer {
        case .cidr(let block): [block]
        case .prefixList(let list): entries[list, default: []]
        case .securityGroup(let reference): addresses[reference.group, default: []]
        }
    }
}

extension SecurityGroupRule {
    /// What the rule says about packets between two blocks, as a plain rule.
    func plain(source: CIDRBlock, destination: CIDRBlock) -> QuintupleRule {
        var ports = PortRange.all
        if case .destinationPorts(let range) = transport { ports = range }
        return QuintupleRule(
            source: source, destination: destination, sourcePorts: sourcePorts ?? .all,
            destinationPorts: ports, ipProtocol: ipProtocol)
    }
}

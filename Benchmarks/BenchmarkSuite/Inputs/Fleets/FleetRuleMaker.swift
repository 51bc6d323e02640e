internal import CloudModel

/// Makes the rules of a fleet's groups, and the blocks that they and prefix lists name.
struct FleetRuleMaker {
    private let shape: FleetShape
    var random: SplitMix
    /// Networks outside the VPCs, which many rules share.
    private let networks: [UInt32]

    init(_ shape: FleetShape, seed: UInt64) {
        self.shape = shape
        random = SplitMix(seed: seed)
        var networks: [UInt32] = []
        for _ in 0..<(shape.groupCount * 4) {
            networks.append(UInt32(truncatingIfNeeded: random.next()) | 1 << 31)
        }
        self.networks = networks
    }

    /// A rule of `group`: every fifth names a group, every twelfth of the others a prefix list; three
    /// quarters are for ingress.
    mutating func rule(id: RuleID, of group: Int, place: Int) -> SecurityGroupRule {
        let peer: Peer
        if place % 5 == 4 {
            peer = .securityGroup(GroupReference(FleetNames.group(neighbour(of: group))))
        } else if place % 15 == 0 {
            peer = .prefixList(FleetNames.list(random.below(shape.listCount)))
        } else {
            peer = .cidr(block())
        }
        return rule(id: id, random.below(4) < 3 ? .ingress : .egress, peer: peer)
    }

    /// A rule with a service, a policy and a priority as they come.
    mutating func rule(id: RuleID, _ direction: Direction, peer: Peer) -> SecurityGroupRule {
        var rule = SecurityGroupRule(id: id, direction: direction, peer: peer)
        switch random.below(20) {
        case 0: rule.ipProtocol = .all
        case 1: rule.ipProtocol = .only(.icmp)
        case 2..<6:
            rule.ipProtocol = .only(.udp)
            rule.transport = .destinationPorts(ports())
        default:
            rule.ipProtocol = .only(.tcp)
            rule.transport = .destinationPorts(ports())
        }
        rule.policy = random.happens(0.15) ? .drop : .accept
        rule.priority = UInt8(1 + random.below(100))
        return rule
    }

    /// The number of a group of the VPC with this number.
    mutating func group(inVPC vpc: Int) -> Int {
        vpc + shape.vpcCount * random.below(shape.groupCount / shape.vpcCount)
    }

    /// Another group of the VPC that `group` is in: none may name itself.
    private mutating func neighbour(of group: Int) -> Int {
        while true {
            let other = self.group(inVPC: group % shape.vpcCount)
            if other != group { return other }
        }
    }

    /// A block that a rule names: half of them in the VPCs, some of them everything.
    mutating func block() -> CIDRBlock {
        let length = [0, 8, 16, 20, 24, 24, 24, 28, 32, 32, 32][random.below(11)]
        let address = random.happens(0.5) ? insideAddress() : outsideAddress()
        return CIDRBlock(address, prefixLength: length).canonical
    }

    /// A narrow block outside the VPCs.
    mutating func listEntry() -> CIDRBlock {
        CIDRBlock(outsideAddress(), prefixLength: 24 + random.below(9)).canonical
    }

    private mutating func insideAddress() -> IPAddress {
        FleetNames.address(ofInterface: random.below(FleetShape.interfacesPerVPC))
    }

    private mutating func outsideAddress() -> IPAddress {
        let network = networks[random.below(networks.count)]
        return IPAddress(ipv4: network ^ UInt32(random.below(1 << 10)))
    }

    private static let wellKnownPorts: [UInt16] = [
        22, 53, 80, 123, 443, 1433, 3306, 3389, 5432, 6379, 8080, 8443, 9092, 9200, 27017,
    ]

    private mutating func ports() -> PortRange {
        let low =
            random.happens(0.8)
            ? FleetRuleMaker.wellKnownPorts[random.below(FleetRuleMaker.wellKnownPorts.count)]
            : UInt16(1024 + random.below(2048) * 16)
        let width = random.happens(0.8) ? 0 : UInt16([9, 99, 999][random.below(3)])
        return PortRange(low, low + width)
    }
}

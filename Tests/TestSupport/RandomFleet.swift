package import CloudModel

/// A seeded random fleet that uses everything a fleet can say about filtering.
package struct RandomFleet {
    package let shape: WorldShape
    package internal(set) var fleet: Fleet
    private var random: SeededGenerator
    /// How many names were made for what changes add.
    var changeCount = 0

    /// The fleet that `seed` stands for.
    package init(seed: UInt64, shape: WorldShape) {
        self.shape = shape
        fleet = Fleet(vendor: shape.vendor)
        random = SeededGenerator(seed: seed)
        addVPCs()
        addLists()
        addGroups()
        addInterfaces()
        setSwitches()
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    private mutating func addVPCs() {
        for index in 0..<number(in: shape.vpcs) {
            let block = CIDRBlock(
                IPAddress(ipv4: WorldShape.ipv4Base), prefixLength: 32 - shape.addressBits)
            fleet.vpcs.append(VPC(id: VPCID("vpc-\(index)"), cidrBlocks: [block]))
        }
    }

    private mutating func addLists() {
        for index in 0..<number(in: 1...3) {
            let family: AddressFamily = random.oneIn(3) ? .ipv6 : .ipv4
            let entries = (0..<number(in: 0...4)).map { _ in block(family).canonical }
            fleet.prefixLists.append(
                PrefixList(
                    id: PrefixListID("pl-\(index)"), addressFamily: family,
                    entries: Array(Set(entries)).sorted()))
        }
        guard shape.vendor == .alibaba else { return }
        for index in 0..<2 {
            let ranges = (0..<number(in: 1...3)).map { _ in portRange() }
            fleet.portLists.append(PortList(id: PortListID("prl-\(index)"), ranges: ranges))
        }
        if random.oneIn(2) { fleet.loadBalancerSources = [block(.ipv4)] }
        if random.oneIn(2) { fleet.platformProbes = [block(.ipv4), block(.ipv6)] }
    }

    private mutating func addGroups() {
        let count = number(in: shape.groups)
        for index in 0..<count {
            let type: SecurityGroupType =
                shape.vendor == .alibaba && random.oneIn(4) ? .enterprise : .normal
            let isOpen = shape.vendor == .alibaba && type == .normal && random.oneIn(2)
            fleet.securityGroups.append(
                SecurityGroup(
                    id: SecurityGroupID("sg-\(index)"), vpc: random.pick(fleet.vpcs).id, type: type,
                    innerAccessPolicy: isOpen ? .accept : .drop))
        }
        var ruleNumbers = Array(1...max(1, count * shape.rulesPerGroup.upperBound))
        ruleNumbers.shuffle(using: &random)
        for index in 0..<count {
            for _ in 0..<number(in: shape.rulesPerGroup) {
                let rule = rule(number: ruleNumbers.removeLast())
                fleet.securityGroups[index].rules.append(rule)
            }
        }
    }

    private mutating func addInterfaces() {
        var taken: [VPCID: Set<UInt32>] = [:]
        for index in 0..<number(in: shape.interfaces) {
            let vpc = random.pick(fleet.vpcs).id
            var interface = NetworkInterface(id: NetworkInterfaceID("eni-\(index)"), vpc: vpc)
            for _ in 0..<number(in: 1...2) {
                let bits = addressBits()
                guard taken[vpc, default: []].insert(bits).inserted else { continue }
                interface.addresses.append(CIDRBlock(shape.address(.ipv4, bits)))
                if random.oneIn(2) {
                    interface.addresses.append(CIDRBlock(shape.address(.ipv6, bits)))
                }
            }
            let type: SecurityGroupType = random.oneIn(4) ? .enterprise : .normal
            let eligible = fleet.securityGroups.filter { $0.vpc == vpc && $0.type == type }
            interface.securityGroups = eligible.shuffled(using: &random)
                .prefix(number(in: 0...3)).map(\.id)
            interface.status = random.oneIn(8) ? .available : .inUse
            if random.oneIn(2) { interface.mac = MACAddress(UInt64(index) | 0x0216_3E00_0000) }
            fleet.networkInterfaces.append(interface)
        }
    }

    private mutating func setSwitches() {
        if random.oneIn(3) { fleet.switches.innerAcceptEgress = .bypass }
        fleet.switches.fragments = random.pick([
            .firstFragmentDecides, .firstFragmentDecides, .noPortMatch, .drop,
        ])
    }
}

extension RandomFleet {
    mutating func rule(number: Int) -> SecurityGroupRule {
        let digits = String(number)
        let id = "sgr-" + String(repeating: "0", count: 5 - digits.count) + digits
        let family: AddressFamily = random.oneIn(3) ? .ipv6 : .ipv4
        let ipProtocol = random.pick(RandomFleet.protocols)
        let isAlibaba = shape.vendor == .alibaba
        var rule = SecurityGroupRule(
            id: RuleID(id), direction: random.pick(Direction.allCases), ipProtocol: ipProtocol,
            transport: transport(of: ipProtocol), peer: peer(family))
        guard isAlibaba else { return rule }
        rule.policy = random.oneIn(3) ? .drop : .accept
        rule.priority = UInt8(random.pick([1, 1, 2, 3, 50, 100]))
        if ipProtocol == .only(.tcp) || ipProtocol == .only(.udp), random.oneIn(4) {
            rule.sourcePorts = portRange()
        }
        if random.oneIn(4) { rule.localCIDR = block(family) }
        return rule
    }

    private static let protocols: [ProtocolMatch] = [
        .only(.tcp), .only(.tcp), .only(.tcp), .only(.udp), .only(.udp), .only(.icmp),
        .only(.icmpv6), .only(.gre), .only(IPProtocol(rawValue: 99)), .all,
    ]

    private mutating func transport(of ipProtocol: ProtocolMatch) -> TransportMatch {
        switch ipProtocol {
        case .only(.tcp), .only(.udp):
            if random.oneIn(5) { return .any }
            if shape.vendor == .alibaba, random.oneIn(5) {
                return .portList(random.pick(fleet.portLists).id)
            }
            return .destinationPorts(portRange())
        case .only(.icmp), .only(.icmpv6):
            guard shape.vendor == .aws, !random.oneIn(3) else { return .any }
            let code: UInt8? = random.oneIn(2) ? nil : UInt8(number(in: 0...4))
            return .icmp(type: UInt8(random.pick([0, 2, 3, 8, 128, 255])), code: code)
        default:
            return .any
        }
    }

    private mutating func peer(_ family: AddressFamily) -> Peer {
        switch number(in: 0...5) {
        case 0:
            return .securityGroup(
                GroupReference(random.pick(fleet.securityGroups).id, isStale: random.oneIn(8)))
        case 1: return .prefixList(random.pick(fleet.prefixLists).id)
        default: return .cidr(block(family))
        }
    }

    mutating func block(_ family: AddressFamily) -> CIDRBlock {
        if random.oneIn(6) { return CIDRBlock(shape.address(family, 0), prefixLength: 0) }
        // Often wider than the world, and often an address inside it.
        let varying = number(in: 0...shape.addressBits + 1)
        return CIDRBlock(
            shape.address(family, addressBits()),
            prefixLength: family.addressBitCount - varying)
    }

    private mutating func addressBits() -> UInt32 {
        UInt32.random(in: 0..<1 << UInt32(shape.addressBits), using: &random)
    }

    private mutating func portRange() -> PortRange {
        let ends = (0..<2).map { _ in UInt16.random(in: 0...shape.maximumPort, using: &random) }
        if random.oneIn(3) { return PortRange(ends[0], ends[0]) }
        return PortRange(min(ends[0], ends[1]), max(ends[0], ends[1]))
    }
}

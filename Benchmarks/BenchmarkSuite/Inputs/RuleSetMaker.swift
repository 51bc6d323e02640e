internal import CloudModel

/// Makes ordered rule lists of a shape; the same ones for the same seed.
struct RuleSetMaker {
    private let shape: RuleSetShape
    private let size: Int
    private let family: AddressFamily
    private let pairsPerRule: Double
    private var random: SplitMix
    private var sources: NetworkPool
    private var destinations: NetworkPool

    /// A maker of lists of about `size` rules, one of ``RuleSetShape/sizes``.
    init(_ shape: RuleSetShape, size: Int, family: AddressFamily = .ipv4, seed: UInt64) {
        self.shape = shape
        self.size = size
        self.family = family
        let column = RuleSetShape.sizes.firstIndex { $0 >= size } ?? RuleSetShape.sizes.count - 1
        pairsPerRule = shape.pairsPerRule[column]
        random = SplitMix(seed: seed)
        sources = NetworkPool(counts: shape.sourceNetworks[column], using: &random)
        destinations = NetworkPool(counts: shape.destinationNetworks[column], using: &random)
    }

    /// A list in which no rule comes twice, narrow rules before wide ones.
    mutating func ruleSet(named name: String) -> RuleSet {
        var rules: [(rule: QuintupleRule, order: Double)] = []
        var known: Set<QuintupleRule> = []
        // A small pool can run out of rules: a few tries for each, then the list stays shorter.
        for _ in 0..<(2 * size) where rules.count < size {
            let rule = rule(after: rules.last?.rule)
            guard known.insert(rule).inserted else { continue }
            rules.append((rule, width(of: rule) + random.fraction() * 8))
        }
        rules.sort { $0.order < $1.order }
        return RuleSet(name: name, rules: rules.map(\.rule), family: family)
    }

    /// A rule with the addresses of the one before it, or with new ones.
    private mutating func rule(after previous: QuintupleRule?) -> QuintupleRule {
        let service = service()
        var rule = QuintupleRule(
            source: CIDRBlock(IPAddress(ipv4: 0), prefixLength: 0),
            destination: CIDRBlock(IPAddress(ipv4: 0), prefixLength: 0),
            sourcePorts: service.sourcePorts, destinationPorts: service.destinationPorts,
            ipProtocol: service.ipProtocol)
        if let previous, !random.happens(pairsPerRule) {
            (rule.source, rule.destination) = (previous.source, previous.destination)
            return rule
        }
        let lengths = (service.isOpen ? shape.openLengths : shape.portedLengths)
            .draw(using: &random)
        rule.source = sources.block(length: lengths.source, family: family, using: &random)
        rule.destination = destinations.block(
            length: lengths.destination, family: family, using: &random)
        return rule
    }

    /// A service that the family's rules can have: those of security groups, which the IPv6 lists
    /// are, name ports for TCP and UDP only.
    private mutating func service() -> Service {
        while true {
            let service = shape.services.draw(using: &random)
            if family == .ipv4 || service.isOpen { return service }
            if case .only(let number) = service.ipProtocol, number.hasFilteredPorts {
                return service
            }
        }
    }

    /// The bits that a rule leaves open: the wider comes later, as a list that means anything has it.
    private func width(of rule: QuintupleRule) -> Double {
        let lengths = rule.source.prefixLength + rule.destination.prefixLength
        let openness = rule.destinationPorts == .all ? 4.0 : 0
        return Double(2 * family.addressBitCount - lengths) + openness
            + (rule.ipProtocol == .all ? 4 : 0)
    }
}

/// The networks that a list's prefixes lie in: so many /8, so many /16 within them, and so on.
private struct NetworkPool {
    /// For /8, /16, /24 and /32, left-aligned in 32 bits.
    private var networks: [[UInt32]]

    init(counts: [Int], using random: inout SplitMix) {
        networks = []
        for (level, count) in counts.enumerated() {
            let shift = UInt32(24 - 8 * level)
            var row: [UInt32] = []
            row.reserveCapacity(count)
            for _ in 0..<count {
                let parent = level == 0 ? 0 : networks[level - 1].randomElement(using: &random) ?? 0
                row.append(parent | UInt32(random.below(256)) << shift)
            }
            networks.append(row)
        }
    }

    /// A block of a random network that is at least so long.
    func block(
        length: Int, family: AddressFamily, using random: inout SplitMix
    ) -> CIDRBlock {
        let level = max(0, (length + 7) / 8 - 1)
        let network = networks[level].randomElement(using: &random) ?? 0
        return family == .ipv4
            ? CIDRBlock(IPAddress(ipv4: network), prefixLength: length).canonical
            : NetworkPool.ipv6Block(network, length: length)
    }

    /// What an IPv4 block is in the IPv6 sets: the same bits behind `2001:db8::/32`, so that a /16
    /// becomes a /48 and a /24 a /56; a single address stays one, in the /64 of its 32 bits.
    private static func ipv6Block(_ network: UInt32, length: Int) -> CIDRBlock {
        let high = UInt64(0x2001_0DB8) << 32 | UInt64(network)
        let host = UInt64(network) &* 0x9E37_79B9_7F4A_7C15
        let address = IPAddress(ipv6High: high, low: length == 32 ? host : 0)
        let length = length == 0 ? 0 : length == 32 ? 128 : 32 + length
        return CIDRBlock(address, prefixLength: length).canonical
    }
}

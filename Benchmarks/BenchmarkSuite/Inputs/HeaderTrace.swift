internal import CloudModel

/// The traffic mixes that a rule set is asked about.
enum HeaderTrace: String, CaseIterable {
    /// Every header is a fresh random point of a random rule.
    case uniform
    /// 65,536 flows, each such a point, drawn independently with Zipf's weights (exponent 1).
    case zipf
    /// Runs of one header with Pareto's lengths (shape 1), as ClassBench's own generator makes them.
    case pareto
    /// Headers that no rule takes: half at random, half one field away from a rule's.
    case noMatch = "no-match"
    /// Each field from another rule's point: class tuples that hardly come twice.
    case adversarial

    /// How many flows the Zipf mix has.
    static let flowCount = 1 << 16
    /// The longest run of the Pareto mix.
    static let longestRun = 10_000
}

/// Makes headers for a rule set; the same ones for the same seed.
struct HeaderMaker {
    let rules: [QuintupleRule]
    var random: SplitMix

    init(_ set: RuleSet, seed: UInt64) {
        rules = set.rules
        random = SplitMix(seed: seed)
    }

    /// `count` headers of a mix. For ``HeaderTrace/noMatch`` they are candidates: see
    /// ``nearMisses(_:)``.
    mutating func headers(_ trace: HeaderTrace, count: Int) -> [Header] {
        switch trace {
        case .uniform: points(count)
        case .zipf: zipf(count)
        case .pareto: runs(count)
        case .noMatch: nearMisses(count)
        case .adversarial: crossings(count)
        }
    }

    private mutating func points(_ count: Int) -> [Header] {
        var headers: [Header] = []
        headers.reserveCapacity(count)
        for _ in 0..<count { headers.append(point()) }
        return headers
    }

    private mutating func zipf(_ count: Int) -> [Header] {
        let flows = points(HeaderTrace.flowCount)
        let distribution = ZipfDistribution(count: flows.count)
        var headers: [Header] = []
        headers.reserveCapacity(count)
        for _ in 0..<count { headers.append(flows[distribution.rank(at: random.fraction())]) }
        return headers
    }

    private mutating func runs(_ count: Int) -> [Header] {
        var headers: [Header] = []
        headers.reserveCapacity(count)
        while headers.count < count {
            let length = min(
                (1 / (1 - random.fraction())).rounded(.up), Double(HeaderTrace.longestRun))
            let header = point()
            for _ in 0..<min(Int(length), count - headers.count) { headers.append(header) }
        }
        return headers
    }

    /// Headers of which most, in most sets, match no rule. Who wants only those picks them out.
    private mutating func nearMisses(_ count: Int) -> [Header] {
        var headers: [Header] = []
        headers.reserveCapacity(count)
        for _ in 0..<count {
            var header = point()
            if random.happens(0.5) {
                header.source = address(in: CIDRBlock(header.source, prefixLength: 0))
                header.destination = address(in: CIDRBlock(header.destination, prefixLength: 0))
            } else {
                change(&header)
            }
            headers.append(header)
        }
        return headers
    }

    private mutating func change(_ header: inout Header) {
        switch random.below(3) {
        case 0: header.source = neighbour(of: header.source)
        case 1: header.destination = neighbour(of: header.destination)
        default: header.destinationPort &+= UInt16(1 + random.below(64))
        }
    }

    private mutating func crossings(_ count: Int) -> [Header] {
        var headers: [Header] = []
        headers.reserveCapacity(count)
        for _ in 0..<count {
            var header = point()
            header.source = address(in: rule().source)
            header.destinationPort = port(in: rule().destinationPorts)
            header.sourcePort = port(in: rule().sourcePorts)
            headers.append(header)
        }
        return headers
    }
}

// MARK: - Single headers

extension HeaderMaker {
    /// A random header that a random rule takes.
    private mutating func point() -> Header { point(of: rule()) }

    /// A random header that `rule` takes.
    mutating func point(of rule: QuintupleRule) -> Header {
        Header(
            source: address(in: rule.source), destination: address(in: rule.destination),
            sourcePort: port(in: rule.sourcePorts),
            destinationPort: port(in: rule.destinationPorts),
            ipProtocol: number(of: rule.ipProtocol))
    }

    private mutating func rule() -> QuintupleRule { rules[random.below(rules.count)] }

    private mutating func port(in range: PortRange) -> UInt16 {
        UInt16.random(in: range.lower...range.upper, using: &random)
    }

    /// TCP, UDP or ICMP, 6 : 3 : 1, where the rule takes any protocol.
    private mutating func number(of match: ProtocolMatch) -> UInt8 {
        if case .only(let ipProtocol) = match { return ipProtocol.rawValue }
        switch random.below(10) {
        case 0..<6: return IPProtocol.tcp.rawValue
        case 6..<9: return IPProtocol.udp.rawValue
        default: return IPProtocol.icmp.rawValue
        }
    }

    /// A random address of a block.
    mutating func address(in block: CIDRBlock) -> IPAddress {
        let family = block.family
        let noise = IPAddress(
            family: family, high: family == .ipv4 ? random.next() << 32 : random.next(),
            low: family == .ipv4 ? 0 : random.next())
        let outside = noise.masked(to: block.prefixLength)
        let network = block.network
        return IPAddress(
            family: family, high: network.high | (noise.high ^ outside.high),
            low: network.low | (noise.low ^ outside.low))
    }

    /// An address that differs in one of its last 16 bits.
    private mutating func neighbour(of address: IPAddress) -> IPAddress {
        let bit = UInt64(1) << UInt64(random.below(16))
        return address.family == .ipv4
            ? IPAddress(ipv4: address.ipv4Value ^ UInt32(bit))
            : IPAddress(ipv6High: address.high, low: address.low ^ bit)
    }
}

package import CloudModel

/// Random packets whose addresses and ports lie at the edges of what a fleet's rules name: the first
/// and last of each range, and those just outside.
package struct EdgeProbes {
    private var addresses: [AddressFamily: [IPAddress]] = [:]
    private var ports: [UInt16]
    private var random: SeededGenerator

    package init(_ fleet: Fleet, shape: WorldShape, seed: UInt64) {
        random = SeededGenerator(seed: seed ^ 0x5EED)
        var blocks = fleet.networkInterfaces.flatMap(\.addresses)
        blocks += fleet.prefixLists.flatMap(\.entries)
        blocks += fleet.loadBalancerSources + fleet.platformProbes
        var ports: Set<UInt16> = [0, 1, 65535, 66, 67, 68, 69]
        for rule in fleet.securityGroups.flatMap(\.rules) {
            if case .cidr(let block) = rule.peer { blocks.append(block) }
            if let local = rule.localCIDR { blocks.append(local) }
            var ranges = rule.sourcePorts.map { [$0] } ?? []
            if case .destinationPorts(let range) = rule.transport { ranges.append(range) }
            for range in ranges { ports.formUnion(EdgeProbes.edges(of: range)) }
        }
        for range in fleet.portLists.flatMap(\.ranges) {
            ports.formUnion(EdgeProbes.edges(of: range))
        }
        self.ports = ports.sorted()
        for family in AddressFamily.allCases {
            var edges = Set(blocks.filter { $0.family == family }.flatMap(EdgeProbes.edges))
            for bits in 0..<4 { edges.insert(shape.address(family, UInt32(bits))) }
            edges.formUnion(PlatformTraffic.awsServices.filter { $0.family == family })
            if family == .ipv4 { edges.insert(PlatformTraffic.alibabaMetadataServer) }
            addresses[family] = edges.sorted()
        }
    }

    /// A packet between an edge of this and one of another, either way.
    package mutating func next(with other: inout EdgeProbes) -> Packet {
        var packet = next()
        let near = other.next()
        guard near.family == packet.family else { return packet }
        if random.oneIn(2) { packet.source = near.source } else { packet.destination = near.source }
        return packet
    }

    /// A packet made of edges.
    package mutating func next() -> Packet {
        let pool = addresses[random.oneIn(3) ? .ipv6 : .ipv4]!
        let (source, destination) = (random.pick(pool), random.pick(pool))
        let ipProtocol = random.pick([
            IPProtocol.tcp, .tcp, .tcp, .udp, .udp, .icmp, .icmpv6, .gre, .sctp,
            IPProtocol(rawValue: 99),
        ])
        var packet = Packet(source: source, destination: destination, ipProtocol: ipProtocol)
        if random.oneIn(20) {
            packet.fragment = Fragment(identification: 9, offset: 8, hasMore: random.oneIn(2))
            return packet
        }
        if ipProtocol.hasFilteredPorts || ipProtocol == .sctp {
            packet.transport = .ports(
                source: random.pick(ports), destination: random.pick(ports), tcpFlags: nil)
        } else if ipProtocol.isICMP {
            packet.transport = .icmp(
                type: UInt8(random.pick([0, 1, 2, 3, 8, 128, 255])),
                code: UInt8(random.pick([0, 3, 4, 255])))
        }
        return packet
    }

    private static func edges(of range: PortRange) -> [UInt16] {
        [range.lower, range.upper, range.lower &- 1, range.upper &+ 1]
    }

    private static func edges(of block: CIDRBlock) -> [IPAddress] {
        let first = block.network
        let last = block.last
        // Adding the largest offset steps back by one where 32 bits wrap.
        let before = block.family == .ipv4 ? [first.advanced(by: .max)] : []
        return before + [first, first.advanced(by: 1), last, last.advanced(by: 1), block.address]
    }
}

extension CIDRBlock {
    /// The last address of the block.
    package var last: IPAddress {
        let hostBits = family.addressBitCount - prefixLength
        let all = UInt128.max >> UInt128(128 - hostBits)
        let offset = hostBits == 0 ? 0 : family == .ipv4 ? all << 96 : all
        return IPAddress(
            family: family, high: network.high | UInt64(truncatingIfNeeded: offset >> 64),
            low: network.low | UInt64(truncatingIfNeeded: offset))
    }
}

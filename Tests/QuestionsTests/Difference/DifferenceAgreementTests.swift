import CloudModel
import Questions
import TestSupport
import Testing

@Suite("Differences agree with the reference filter")
struct DifferenceAgreementTests {
    @Test("on every packet of small worlds", arguments: Vendor.allCases)
    func exhaustively(vendor: Vendor) throws {
        var (packetCount, changedCount, boxCount) = (0, 0, 0)
        for seed in seeds(200, unoptimised: 10) {
            let pair = RandomFleetPair(seed: seed, shape: .small(vendor))
            let judge = DifferenceJudge(pair.before, pair.after, seed: seed)
            boxCount += judge.difference.changes.count
            for interface in judge.interfaces {
                for packet in packets(around: interface.addresses, .small(vendor)) {
                    packetCount += 1
                    if try judge.judge(packet.packet, at: interface.id, packet.direction) {
                        changedCount += 1
                    }
                }
            }
            try judge.judgeBoxes()
        }
        print(
            "agreement, differences of small \(vendor) worlds: \(packetCount) packets, "
                + "\(changedCount) change verdict, \(boxCount) boxes")
        #expect(changedCount > 1000)
    }

    @Test("on packets at the edges of what rules name", arguments: Vendor.allCases)
    func atEdges(vendor: Vendor) throws {
        var (packetCount, changedCount, boxCount) = (0, 0, 0)
        for seed in seeds(60, unoptimised: 1) {
            let shape = WorldShape.large(vendor)
            let pair = RandomFleetPair(seed: seed, shape: shape)
            let judge = DifferenceJudge(pair.before, pair.after, seed: seed)
            boxCount += judge.difference.changes.count
            var probes = EdgeProbes(pair.before, shape: shape, seed: seed)
            packetCount += 500
            changedCount += try sample(&probes, 500, judge, seed: seed)
            try judge.judgeBoxes()
        }
        print(
            "agreement, differences of large \(vendor) worlds: \(packetCount) packets, "
                + "\(changedCount) change verdict, \(boxCount) boxes")
    }

    @Test("of policies that have more different rules than are aligned")
    func beyondAlignment() throws {
        var shape = WorldShape.large(.alibaba)
        shape.groups = 2...2
        shape.rulesPerGroup = 300...320
        shape.interfaces = 3...3
        shape.addressBits = 4
        for seed in UInt64(1)...2 {
            let before = RandomFleet(seed: seed, shape: shape).fleet
            let after = RandomFleet(seed: seed + 100, shape: shape).fleet
            let judge = DifferenceJudge(before, after, seed: seed)
            var probes = EdgeProbes(before, shape: shape, seed: seed)
            try sample(&probes, 300, judge, seed: seed)
        }
    }

    @Test("the order of a file's arrays changes nothing", arguments: Vendor.allCases)
    func order(vendor: Vendor) {
        for seed in seeds(30) {
            let pair = RandomFleetPair(seed: seed, shape: .large(vendor))
            #expect(
                FleetDifference(from: pair.before, to: pair.after)
                    == FleetDifference(from: reversed(pair.before), to: reversed(pair.after)),
                "seed \(seed)")
        }
    }

    @Test("a fleet and itself are equal", arguments: Vendor.allCases)
    func equal(vendor: Vendor) {
        for seed in seeds(30) {
            let fleet = RandomFleet(seed: seed, shape: .large(vendor)).fleet
            #expect(FleetDifference(from: fleet, to: fleet).isEqual)
            #expect(FleetDifference(from: fleet, to: reversed(fleet)).isEqual)
        }
    }
}

/// Judges packets made of edges, with a local address that an interface owns.
///
/// - Returns: How many change verdict.
@discardableResult
private func sample(
    _ probes: inout EdgeProbes, _ count: Int, _ judge: DifferenceJudge, seed: UInt64
) throws -> Int {
    var random = SeededGenerator(seed: seed)
    var (judged, changed) = (0, 0)
    while judged < count {
        let interface = random.pick(judge.interfaces)
        var packet = probes.next()
        let own = interface.addresses.filter { $0.family == packet.family }
        guard !packet.isLaterFragment, !own.isEmpty else { continue }
        let direction = random.pick(Direction.allCases)
        let local = random.pick(own).address
        if direction == .ingress { packet.destination = local } else { packet.source = local }
        judged += 1
        if try judge.judge(packet, at: interface.id, direction) { changed += 1 }
    }
    return changed
}

/// The same fleet with its groups, rules and interfaces in another order, and another name.
private func reversed(_ fleet: Fleet) -> Fleet {
    var fleet = fleet
    fleet.securityGroups.reverse()
    fleet.networkInterfaces.reverse()
    for index in fleet.securityGroups.indices {
        fleet.securityGroups[index].rules.reverse()
        fleet.securityGroups[index].name = "reversed"
    }
    return fleet
}

/// Every packet of a small world that an interface with these addresses evaluates: all peers in the
/// world and some outside, all ports in use and one beyond, ICMP types that rules and steps name,
/// protocols with and without a name.
private func packets(
    around addresses: [CIDRBlock], _ shape: WorldShape
) -> [(packet: Packet, direction: Direction)] {
    var packets: [(Packet, Direction)] = []
    for local in addresses.map(\.address) {
        var peers = (0..<UInt32(9)).map { shape.address(local.family, $0) }
        if local.family == .ipv4 {
            peers += PlatformTraffic.awsServices.prefix(1) + [PlatformTraffic.alibabaMetadataServer]
        }
        for peer in peers {
            for (ipProtocol, transport) in forms {
                for direction in Direction.allCases {
                    let isIngress = direction == .ingress
                    let packet = Packet(
                        source: isIngress ? peer : local, destination: isIngress ? local : peer,
                        ipProtocol: ipProtocol, transport: transport)
                    packets.append((packet, direction))
                }
            }
        }
    }
    return packets
}

/// What a packet can be behind its addresses.
private let forms: [(IPProtocol, Transport)] = {
    var forms: [(IPProtocol, Transport)] = []
    for ipProtocol in [IPProtocol.tcp, .udp] {
        for source in [UInt16(0), 3, 7, 67, 70] {
            for destination in Array(0...8) + [UInt16(67)] {
                forms.append(
                    (ipProtocol, .ports(source: source, destination: destination, tcpFlags: nil)))
            }
        }
    }
    for ipProtocol in [IPProtocol.icmp, .icmpv6] {
        for (type, code) in [(0, 0), (2, 0), (3, 3), (3, 4), (8, 0), (128, 1), (255, 255)]
            as [(UInt8, UInt8)]
        {
            forms.append((ipProtocol, .icmp(type: type, code: code)))
        }
    }
    return forms + [47, 99, 50].map { (IPProtocol(rawValue: $0), .none) }
}()

import CloudModel
import Foundation
import Questions
import TestSupport
import Testing

/// Whether the long form of a suite was asked for.
private let isLong = ProcessInfo.processInfo.environment["SLUICE_LONG"] == "1"

/// Seeds for one suite: ten times as many in the long form, a few where nothing is optimised.
private func seeds(_ count: UInt64) -> ClosedRange<UInt64> {
    #if DEBUG
        return 1...max(2, count / 10)
    #else
        return 1...(isLong ? 10 * count : count)
    #endif
}

@Suite("Differences agree with the reference filter")
struct DifferenceAgreementTests {
    @Test("on every packet of small worlds", arguments: Vendor.allCases)
    func exhaustively(vendor: Vendor) throws {
        var (packetCount, changedCount, boxCount) = (0, 0, 0)
        for seed in seeds(200) {
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
        for seed in seeds(60) {
            let shape = WorldShape.large(vendor)
            let pair = RandomFleetPair(seed: seed, shape: shape)
            let judge = DifferenceJudge(pair.before, pair.after, seed: seed)
            boxCount += judge.difference.changes.count
            var probes = EdgeProbes(pair.before, shape: shape, seed: seed)
            var random = SeededGenerator(seed: seed)
            for _ in 0..<500 {
                let interface = random.pick(judge.interfaces)
                var packet = probes.next()
                let own = interface.addresses.filter { $0.family == packet.family }
                guard !packet.isLaterFragment, !own.isEmpty else { continue }
                let direction = random.pick(Direction.allCases)
                let local = random.pick(own).address
                if direction == .ingress {
                    packet.destination = local
                } else {
                    packet.source = local
                }
                packetCount += 1
                if try judge.judge(packet, at: interface.id, direction) { changedCount += 1 }
            }
            try judge.judgeBoxes()
        }
        print(
            "agreement, differences of large \(vendor) worlds: \(packetCount) packets, "
                + "\(changedCount) change verdict, \(boxCount) boxes")
    }

    @Test("a fleet and itself are equal", arguments: Vendor.allCases)
    func equal(vendor: Vendor) {
        for seed in seeds(30) {
            let fleet = RandomFleet(seed: seed, shape: .large(vendor)).fleet
            var reordered = fleet
            reordered.securityGroups.reverse()
            reordered.networkInterfaces.reverse()
            for index in reordered.securityGroups.indices {
                reordered.securityGroups[index].rules.reverse()
                reordered.securityGroups[index].name = "reordered"
            }
            #expect(FleetDifference(from: fleet, to: fleet).isEqual)
            #expect(FleetDifference(from: fleet, to: reordered).isEqual)
        }
    }
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

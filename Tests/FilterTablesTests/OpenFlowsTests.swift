import CloudModel
import FilterTables
import ReferenceFilter
import TestSupport
import Testing

/// What connection tracking on AWS asks the tables (SEMANTICS B.5), against loops over the rules.
@Suite("Open flows")
struct OpenFlowsTests {
    @Test("a direction is open if one rule admits all of it", arguments: UInt64(1)...15)
    func openDirections(seed: UInt64) {
        let fleet = RandomFleet(seed: seed, shape: .small(.aws)).fleet
        let tables = FilterTables(compiling: fleet)
        for (place, interface) in fleet.networkInterfaces.enumerated() {
            let rules = rules(of: interface, in: fleet)
            for direction in Direction.allCases {
                for family in AddressFamily.allCases {
                    for ipProtocol in [IPProtocol.tcp, .udp, .icmp, .gre] {
                        let expected =
                            ipProtocol.hasFilteredPorts
                            && rules.contains {
                                $0.direction == direction && $0.hasOpenPeer(family)
                                    && $0.ipProtocol.matches(ipProtocol) && $0.admitsAllPorts
                            }
                        #expect(
                            tables.isOpen(direction, at: place, for: ipProtocol, family)
                                == expected,
                            "seed \(seed), \(interface.id), \(direction), \(family), \(ipProtocol)")
                    }
                }
            }
        }
    }

    @Test("a peer that no rule names meets open rules alone", arguments: UInt64(1)...15)
    func unnamedPeer(seed: UInt64) throws {
        var fleet = RandomFleet(seed: seed, shape: .small(.aws)).fleet
        let shape = WorldShape.small(.aws)
        var probes = EdgeProbes(fleet, shape: shape, seed: seed)
        let packets = (0..<200).map { _ in probes.next() }
        let tables = FilterTables(compiling: fleet)
        var decider = Decider(tables)
        for group in fleet.securityGroups.indices {
            fleet.securityGroups[group].rules.removeAll {
                !$0.hasOpenPeer(.ipv4) && !$0.hasOpenPeer(.ipv6)
            }
        }
        let onlyOpen = FilterTables(compiling: fleet)
        var expected = Decider(onlyOpen)
        for packet in packets where !packet.isLaterFragment {
            for place in fleet.networkInterfaces.indices {
                for direction in Direction.allCases {
                    let query = Query(packet, at: place, direction)
                    let found = decider.outcome(of: query.withUnnamedPeer)
                    let wanted = expected.outcome(of: query)
                    // Exempt peers are named by the platform, not by rules.
                    guard wanted.reason != .exempt, found.reason != .exempt else { continue }
                    #expect(found.reason == wanted.reason, "seed \(seed), \(packet), \(direction)")
                    #expect(
                        found.rule.map { tables.rule($0).rule.text } ?? "-"
                            == wanted.rule.map { onlyOpen.rule($0).rule.text } ?? "-")
                }
            }
        }
    }

    private func rules(of interface: NetworkInterface, in fleet: Fleet) -> [SecurityGroupRule] {
        fleet.securityGroups.filter { interface.securityGroups.contains($0.id) }.flatMap(\.rules)
    }
}

extension SecurityGroupRule {
    /// Whether the peer is every address of `family`.
    fileprivate func hasOpenPeer(_ family: AddressFamily) -> Bool {
        guard case .cidr(let block) = peer else { return false }
        return block.prefixLength == 0 && block.family == family
    }

    fileprivate var admitsAllPorts: Bool {
        transport == .any || transport == .destinationPorts(.all)
    }
}

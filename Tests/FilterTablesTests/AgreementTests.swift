import CloudModel
import FilterTables
import ReferenceFilter
import TestSupport
import Testing

@Suite("Tables agree with the reference filter")
struct AgreementTests {
    @Test("on every packet of small worlds", arguments: Vendor.allCases)
    func exhaustively(vendor: Vendor) throws {
        var decided: [Reason: Int] = [:]
        for seed in seeds(60) {
            let world = RandomFleet(seed: seed, shape: .small(vendor))
            try compare(world.fleet, on: allPackets(of: world.shape), seed: seed, &decided)
        }
        expectEveryReason(of: vendor, in: decided, world: "small")
    }

    @Test("on packets at the edges of what rules name", arguments: Vendor.allCases)
    func atEdges(vendor: Vendor) throws {
        var decided: [Reason: Int] = [:]
        for seed in seeds(150, unoptimised: 2) {
            let world = RandomFleet(seed: seed, shape: .large(vendor))
            var probes = EdgeProbes(world.fleet, shape: world.shape, seed: seed)
            let packets = (0..<250).map { _ in probes.next() }
            try compare(world.fleet, on: packets, seed: seed, &decided)
        }
        expectEveryReason(of: vendor, in: decided, world: "large")
    }

    @Test("on which interfaces evaluate a packet", arguments: Vendor.allCases)
    func onSites(vendor: Vendor) throws {
        for seed in seeds(100) {
            let world = RandomFleet(seed: seed, shape: .large(vendor))
            try expectSameSites(world, seed: seed)
        }
    }
}

/// Says how many decisions were compared, and expects that the worlds led to every reason there is.
private func expectEveryReason(of vendor: Vendor, in decided: [Reason: Int], world: String) {
    print("agreement, \(world) \(vendor) worlds: \(decided.values.reduce(0, +)) decisions")
    var reasons: Set<Reason> = [.rule, .noGroup, .interfaceNotAttached, .fragment]
    switch vendor {
    case .alibaba: reasons.formUnion([.default, .intraGroup, .system])
    case .aws: reasons.formUnion([.implicitDeny, .exempt])
    }
    #if !DEBUG
        #expect(Set(decided.keys) == reasons)
    #else
        #expect(reasons.isSuperset(of: decided.keys))
    #endif
}

/// Decides every packet at every interface in both directions with both filters, and counts the
/// reasons. Stops at the first decisions that differ, with what a person needs to see why.
private func compare(
    _ fleet: Fleet, on packets: [Packet], seed: UInt64, _ decided: inout [Reason: Int]
) throws {
    let reference = ReferenceFilter(fleet)
    let tables = FilterTables(compiling: fleet)
    var decider = Decider(tables)
    var withoutMemo = Decider(tables, usesMemo: false)
    for (place, interface) in fleet.networkInterfaces.enumerated() {
        for direction in Direction.allCases {
            let queries = packets.map { Query($0, at: place, direction) }
            var outcomes = [Outcome](repeating: .undecided, count: queries.count)
            var unaided = outcomes
            var span = outcomes.mutableSpan
            decider.decide(queries.span, into: &span)
            var unaidedSpan = unaided.mutableSpan
            withoutMemo.decide(queries.span, into: &unaidedSpan)
            for (index, packet) in packets.enumerated() {
                let expected = reference.decide(packet, at: interface, direction)
                let found = tables.named(outcomes[index], at: interface.id, direction)
                try #require(
                    found == expected && unaided[index] == outcomes[index],
                    "seed \(seed): \(packet) gives \(found), expected \(expected)")
                decided[expected.reason, default: 0] += 1
            }
        }
    }
}

extension FilterTables {
    /// An outcome with the names that people know.
    func named(
        _ outcome: Outcome, at interface: NetworkInterfaceID, _ direction: Direction
    ) -> Decision {
        let origin = outcome.rule.map { rule($0) }
        return Decision(
            outcome.verdict, outcome.reason, rule: origin?.rule,
            securityGroup: origin?.securityGroup, networkInterface: interface,
            direction: direction)
    }
}

private func expectSameSites(_ world: RandomFleet, seed: UInt64) throws {
    let fleet = world.fleet
    let reference = ReferenceFilter(fleet)
    let tables = FilterTables(compiling: fleet)
    var probes = EdgeProbes(fleet, shape: world.shape, seed: seed)
    var random = SeededGenerator(seed: ~seed)
    let macs = fleet.networkInterfaces.map(\.mac) + [nil]
    for _ in 0..<300 {
        let packet = probes.next()
        let (source, destination) = (random.pick(macs), random.pick(macs))
        let vpc = random.oneIn(2) ? nil : random.pick(fleet.vpcs).id
        let found = tables.sites(
            for: packet, sourceMAC: source, destinationMAC: destination, vpc: vpc)
        var expected = EvaluationSites()
        switch reference.plan(
            for: packet, sourceMAC: source, destinationMAC: destination, vpc: vpc)
        {
        case .nowhere(let reason):
            expected.failure = reason
        case .at(let points):
            for point in points {
                let place = fleet.networkInterfaces.firstIndex { $0.id == point.interface.id }
                if point.direction == .egress { expected.egress = place }
                if point.direction == .ingress { expected.ingress = place }
            }
        }
        try #require(found == expected, "seed \(seed): \(packet)")
    }
}

/// Every packet of a small world: all addresses of both families, all ports in use and one beyond, the
/// ICMP types that rules and steps name, protocols with and without a name, and fragments.
private func allPackets(of shape: WorldShape) -> [Packet] {
    var packets: [Packet] = []
    let bits = 0..<UInt32(1) << UInt32(shape.addressBits)
    let ports = 0...shape.maximumPort + 1
    var forms: [(IPProtocol, Transport, Fragment?)] = []
    for ipProtocol in [IPProtocol.tcp, .udp] {
        for source in [UInt16(0), 3, 7, 8] {
            for destination in ports {
                let transport = Transport.ports(
                    source: source, destination: destination, tcpFlags: nil)
                forms.append((ipProtocol, transport, nil))
            }
        }
        let later = Fragment(identification: 7, offset: 1480, hasMore: false)
        forms.append((ipProtocol, .none, later))
        forms.append((ipProtocol, .none, nil))
    }
    for ipProtocol in [IPProtocol.icmp, .icmpv6] {
        for (type, code) in [(0, 0), (2, 0), (3, 4), (8, 0), (128, 1), (255, 255)]
            as [(UInt8, UInt8)]
        {
            forms.append((ipProtocol, .icmp(type: type, code: code), nil))
        }
    }
    for number in [47, 99, 50] as [UInt8] {
        forms.append((IPProtocol(rawValue: number), .none, nil))
    }
    for family in AddressFamily.allCases {
        for source in bits {
            for destination in bits {
                for (ipProtocol, transport, fragment) in forms {
                    packets.append(
                        Packet(
                            source: shape.address(family, source),
                            destination: shape.address(family, destination),
                            ipProtocol: ipProtocol, transport: transport, fragment: fragment))
                }
            }
        }
    }
    return packets
}

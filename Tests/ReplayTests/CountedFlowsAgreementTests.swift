import Captures
import CloudModel
import FilterTables
import TestSupport
import Testing

@testable import Replay

/// What is counted with flows, where nobody asks for an answer to each packet, is what the answers add up to.
@Suite("Counted flows")
struct CountedFlowsAgreementTests {
    /// Expects that replays that nobody observes say what one does that gives an answer to each packet.
    @discardableResult
    private func expectAgreement(
        _ capture: CaptureBytes, in fleet: Fleet, _ policy: SessionPolicy, passCount: Int = 1,
        named comment: Comment
    ) throws -> ReplayRecord {
        let file = try TemporaryFile(capture.bytes)
        let fleet = CompiledFleet(fleet)
        let answered = try ReplayRecord(
            fleet, paths: [file.path], .asGiven, policy, passCount: passCount, isObserved: true,
            threadCount: 1)
        for threadCount in [1, 2, 3] {
            let counted = try ReplayRecord(
                fleet, paths: [file.path], .asGiven, policy, passCount: passCount,
                isObserved: false,
                threadCount: threadCount)
            #expect(counted.hasTotals(of: answered), "\(threadCount) threads: \(comment)")
        }
        return answered
    }

    @Test(
        "of any fleet's traffic, its times in any order", arguments: seeds(24, unoptimised: 3),
        [Vendor.alibaba, .aws])
    func random(seed: UInt64, vendor: Vendor) throws {
        let shape = WorldShape.small(vendor)
        let fleet = RandomFleet(seed: seed, shape: shape).fleet
        for flowCount in [12, 90] {
            var traffic = RandomTraffic(fleet, shape: shape, seed: seed, flowCount: flowCount)
            var times = SeededGenerator(seed: seed)
            var capture = CaptureBytes()
            var time = 1_000_000_000
            for _ in 0..<3000 {
                // Back, on by more than some sessions live, or just on.
                time += times.oneIn(20) ? -7000 : times.oneIn(300) ? 200_000_000 : 1000
                capture.append(traffic.next(), atMicroseconds: time)
            }
            for policy in [SessionPolicy.stateless, .standard, .tracking(capacity: 300)] {
                try expectAgreement(
                    capture, in: fleet, policy, passCount: seed % 4 == 0 ? 2 : 1,
                    named: "seed \(seed), \(vendor), \(flowCount) flows, \(policy)")
            }
        }
    }

    @Test("of more rules than there are counters")
    func manyRules() throws {
        var fleet = try TinyWorld.fleet()
        let anyone = Peer.cidr(try #require(CIDRBlock("0.0.0.0/0")))
        let ports = UInt16(1)...UInt16(FlowCounters.limit + 100)
        fleet.securityGroups[0].rules = ports.map { port in
            SecurityGroupRule(
                id: RuleID("sgr-\(port)"), direction: .ingress,
                ipProtocol: .only(.tcp),
                transport: .destinationPorts(PortRange(port, port)), peer: anyone)
        }
        // Nearly all are known when they come again, and some packets follow others at once.
        let packets = (0..<3).flatMap { _ in
            ports.flatMap { port in
                Array(repeating: "tcp 9.9.9.9:40000 > 10.0.0.1:\(port) flags S", count: 2)
            }
        }
        let record = try expectAgreement(
            TinyWorld.capture(packets), in: fleet, .stateless, named: "\(ports)")
        #expect(record.packetCount(of: .rule) == packets.count)
    }

    @Test("share counters where the same is counted of them")
    func sharing() {
        let time = CaptureTime(FrameTime(seconds: 1, nanoseconds: 0), digits: 6)
        let accepted = Outcome(OutcomeKind(.accept, .rule), ruleNumber: 7)
        let dropped = Outcome(OutcomeKind(.drop, .rule), ruleNumber: 7)
        let nobody = OwnerPair.nobody
        var counters = FlowCounters()
        let first = counters.number(
            of: KnownFlow(source: nobody, destination: 4, ingress: accepted), at: time)
        let second = counters.number(
            of: KnownFlow(source: nobody, destination: 5, ingress: accepted), at: time)
        #expect(first == second)
        for other in [
            KnownFlow(source: nobody, destination: 4, ingress: dropped),
            KnownFlow(source: 4, destination: nobody, egress: accepted),
            KnownFlow(source: 3, destination: 4, egress: accepted, ingress: accepted),
            KnownFlow(source: nobody, destination: nobody),
        ] {
            #expect(counters.number(of: other, at: time) != first)
        }
        #expect(
            FlowCounters.ofSessions(0)
                == counters.number(of: .init(source: nobody, destination: nobody), at: time))
    }
}

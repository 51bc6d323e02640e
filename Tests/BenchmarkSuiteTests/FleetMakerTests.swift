import CloudModel
import ControlPlane
import Testing

@testable import BenchmarkSuite

@Suite("Made-up fleets")
struct FleetMakerTests {
    private let fleet = FleetMaker.fleet(.small, seed: 7)

    @Test("have the groups, rules and interfaces that their shape says")
    func shape() {
        #expect(fleet.networkInterfaces.count == 100)
        #expect(fleet.securityGroups.count == 20)
        #expect(fleet.securityGroups.allSatisfy { $0.rules.count == 100 })
        #expect(fleet.networkInterfaces.allSatisfy { Set($0.securityGroups).count == 5 })
        #expect(fleet.prefixLists.allSatisfy { $0.entries.count == 200 })
        let references = fleet.securityGroups[0].rules.count {
            if case .securityGroup = $0.peer { true } else { false }
        }
        #expect(references == 20)
    }

    @Test("are the same for the same seed")
    func seeds() {
        #expect(FleetMaker.fleet(.small, seed: 7) == fleet)
        #expect(FleetMaker.fleet(.small, seed: 8) != fleet)
    }

    @Test("take every call that is made for them", arguments: CallKind.allCases)
    func calls(kind: CallKind) {
        var cloud = ControlPlane(fleet)
        var maker = CallMaker(.small, seed: 7)
        for _ in 0..<50 {
            let request = maker.call(kind, on: cloud.fleet)
            if case .refused(let refusal) = cloud.perform(request) {
                Issue.record("\(request.operation): \(refusal)")
            }
        }
        #expect(cloud.fleet != fleet)
    }

    @Test("flattened at an interface say what the reference filter says", arguments: [0, 41])
    func flatPolicy(interface: Int) {
        let policy = FlatPolicy(fleet, interface: interface)
        var traffic = FleetTraffic(fleet, seed: 1)
        let trace = traffic.trace(.uniform, at: interface..<(interface + 1), count: 300)
        let scan = LinearScan(policy.flat)
        let reference = ReferenceScan(fleet)
        scan.take(trace)
        _ = scan.pass()
        reference.take(trace)
        let flat = scan.answers().map { place in
            place < 0 ? -1 : reference.place(of: policy.rules[Int(policy.origins[Int(place)])].id)
        }
        #expect(flat == reference.answers())
    }

    @Test("reduced to an interface decide there as the whole fleet does")
    func reduced() {
        var traffic = FleetTraffic(fleet, seed: 2)
        let arrivals = traffic.arrivals(.uniform, at: 9..<10, count: 300)
        let whole = ReferenceScan(fleet)
        whole.take(Trace(arrivals))
        let reduced = ReferenceScan(fleet.reduced(toIngressOf: 9))
        reduced.take(
            Trace(arrivals.map { FleetTraffic.Arrival(header: $0.header, interface: 0) }))
        #expect(whole.decidingRules() == reduced.decidingRules())
    }
}

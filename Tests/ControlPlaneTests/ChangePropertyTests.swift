import CloudModel
import ControlPlane
import TestSupport
import Testing

@Suite("Random sequences of calls")
struct ChangePropertyTests {
    @Test(
        "leave the fleet alone when refused, and say exactly what they change when not",
        arguments: UInt64(1)...60, Vendor.allCases)
    func changesAreExact(seed: UInt64, vendor: Vendor) {
        var cloud = ControlPlane(RandomFleet.operable(seed: seed, vendor))
        var requests = RandomRequests(seed: seed, vendor: vendor)
        for _ in 0..<60 {
            let before = cloud.fleet
            let request = requests.next(for: before)
            switch cloud.perform(request) {
            case .refused(let refusal):
                #expect(cloud.fleet == before, "\(request): \(refusal)")
            case .success(let success):
                var expected = before
                for change in success.changes { expected.apply(change) }
                expected.nextRuleNumber = cloud.fleet.nextRuleNumber
                #expect(cloud.fleet == expected, "\(request)")
                let isSame =
                    expected.securityGroups == before.securityGroups
                    && expected.networkInterfaces == before.networkInterfaces
                    && expected.prefixLists == before.prefixLists
                #expect(isSame == success.changes.isEmpty, "\(request)")
            }
        }
    }

    @Test(
        "give the same answers as a control plane made afresh", arguments: UInt64(1)...30,
        Vendor.allCases)
    func indexesKeepStep(seed: UInt64, vendor: Vendor) {
        var cloud = ControlPlane(RandomFleet.operable(seed: seed, vendor))
        var requests = RandomRequests(seed: seed, vendor: vendor)
        for _ in 0..<40 {
            let request = requests.next(for: cloud.fleet)
            var fresh = ControlPlane(cloud.fleet)
            let expected = fresh.perform(request)
            let found = cloud.perform(request)
            #expect(found.summary == expected.summary, "\(request)")
            #expect(found.success?.changes == expected.success?.changes, "\(request)")
            if let changes = found.success?.changes {
                #expect(
                    cloud.interfaces(changedBy: changes) == fresh.interfaces(changedBy: changes))
            }
        }
    }

    @Test("reach every operation, accepted and refused", arguments: Vendor.allCases)
    func everyOperationOccurs(vendor: Vendor) {
        var accepted: Set<String> = []
        var refused: Set<String> = []
        for seed in UInt64(1)...60 {
            var cloud = ControlPlane(RandomFleet.operable(seed: seed, vendor))
            var requests = RandomRequests(seed: seed, vendor: vendor)
            for _ in 0..<60 {
                let request = requests.next(for: cloud.fleet)
                if cloud.perform(request).success == nil {
                    refused.insert(request.operation)
                } else {
                    accepted.insert(request.operation)
                }
            }
        }
        let all = Set(ControlPlane.operationNames(of: vendor))
        #expect(all.subtracting(accepted) == [])
        #expect(all.subtracting(refused).subtracting(["CreateSecurityGroup"]) == [])
    }
}

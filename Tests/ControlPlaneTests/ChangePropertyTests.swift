import CloudModel
import ControlPlane
import TestSupport
import Testing

/// Applies changes the obvious way, sharing no code with the control plane.
private func applied(_ changes: [FleetChange], to fleet: Fleet) -> Fleet {
    var fleet = fleet
    for change in changes {
        switch change {
        case .ruleAdded(let rule, let group): fleet.group(group) { $0.rules.append(rule) }
        case .ruleRemoved(let rule, let group):
            fleet.group(group) { $0.rules.removeAll { $0 == rule } }
        case .ruleReplaced(let old, let new, let group):
            fleet.group(group) { $0.rules = $0.rules.map { $0 == old ? new : $0 } }
        case .groupAdded(let group): fleet.securityGroups.append(group)
        case .groupRemoved(let group): fleet.securityGroups.removeAll { $0 == group }
        case .innerAccessPolicyChanged(let group, let policy):
            fleet.group(group) { $0.innerAccessPolicy = policy }
        case .securityGroupsReplaced(let id, let old, let new):
            fleet.interface(id) { if $0.securityGroups == old { $0.securityGroups = new } }
        case .statusChanged(let id, let old, let new):
            fleet.interface(id) { if $0.status == old { $0.status = new } }
        case .attachmentChanged(let id, let new): fleet.interface(id) { $0.attachmentState = new }
        case .addressesAdded(let blocks, let id): fleet.interface(id) { $0.addresses += blocks }
        case .addressesRemoved(let blocks, let id):
            fleet.interface(id) { $0.addresses = $0.addresses.filter { !blocks.contains($0) } }
        case .connectionTrackingChanged(let id, let new):
            fleet.interface(id) { $0.connectionTracking = new }
        case .prefixListEntriesChanged(let id, let removed, let added):
            for index in fleet.prefixLists.indices where fleet.prefixLists[index].id == id {
                fleet.prefixLists[index].entries =
                    fleet.prefixLists[index].entries.filter { !removed.contains($0) } + added
            }
        case .prefixListRevised(let id, let maxEntries, let version):
            for index in fleet.prefixLists.indices where fleet.prefixLists[index].id == id {
                fleet.prefixLists[index].maxEntries = maxEntries
                fleet.prefixLists[index].version = version
            }
        }
    }
    return fleet
}

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
                var expected = applied(success.changes, to: before)
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

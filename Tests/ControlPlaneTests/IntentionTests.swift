import CloudModel
import ControlPlane
import Testing

@Suite("Intentions")
struct IntentionTests {
    private func fleet(_ vendor: Vendor) throws -> Fleet {
        var fleet = Fleet(vendor: vendor)
        let everyone = Peer.cidr(try #require(CIDRBlock("0.0.0.0/0")))
        fleet.vpcs = [VPC(id: "vpc-1")]
        fleet.securityGroups = [
            SecurityGroup(
                id: "sg-0000000a", vpc: "vpc-1", innerAccessPolicy: .drop,
                rules: [
                    SecurityGroupRule(id: "sgr-in", direction: .ingress, peer: everyone),
                    SecurityGroupRule(id: "sgr-out", direction: .egress, peer: everyone),
                ]),
            SecurityGroup(id: "sg-0000000b", vpc: "vpc-1", innerAccessPolicy: .drop),
        ]
        fleet.instances = [Instance(id: "i-1")]
        for (id, type) in [("eni-1", NetworkInterfaceType.primary), ("eni-2", .secondary)] {
            var interface = NetworkInterface(
                id: NetworkInterfaceID(id), vpc: "vpc-1",
                securityGroups: ["sg-0000000a", "sg-0000000b"])
            interface.type = type
            interface.instance = "i-1"
            fleet.networkInterfaces.append(interface)
        }
        return fleet
    }

    private static let all: [Intention] = [
        .revoke("sgr-in"), .revoke("sgr-out"), .leave("sg-0000000b", "eni-1"),
        .leave("sg-0000000b", "eni-2"), .join("sg-0000000b", "eni-1"),
        .join("sg-0000000b", "eni-2"), .detach("eni-2"),
    ]

    @Test("become calls that the vendor carries out", arguments: Vendor.allCases, all)
    func success(vendor: Vendor, intention: Intention) throws {
        var fleet = try fleet(vendor)
        if case .join(let group, _) = intention {
            for index in fleet.networkInterfaces.indices {
                fleet.networkInterfaces[index].securityGroups.removeAll { $0 == group }
            }
        }
        intention.nameAttachment(in: &fleet)
        var cloud = ControlPlane(fleet)
        for request in try intention.requests(in: fleet) {
            guard case .success(let success) = cloud.perform(request) else {
                Issue.record("\(request) is refused")
                return
            }
            #expect(!success.changes.isEmpty)
        }
        switch intention {
        case .revoke(let rule):
            #expect(!cloud.fleet.securityGroups[0].rules.contains { $0.id == rule })
        case .leave(let group, let id):
            #expect(!groups(of: id, cloud.fleet).contains(group))
            #expect(groups(of: id, cloud.fleet).count == 1)
        case .join(let group, let id):
            #expect(groups(of: id, cloud.fleet).contains(group))
            #expect(groups(of: id, cloud.fleet).count == 2)
        case .detach:
            #expect(cloud.fleet.networkInterfaces[1].status == .available)
        }
    }

    private func groups(of id: NetworkInterfaceID, _ fleet: Fleet) -> [SecurityGroupID] {
        fleet.networkInterfaces.first { $0.id == id }?.securityGroups ?? []
    }

    @Test(
        "name what the fleet lacks", arguments: Vendor.allCases,
        [
            (Intention.revoke("sgr-x"), IntentionError.unknownRule("sgr-x")),
            (.leave("sg-x", "eni-1"), .unknownGroup("sg-x")),
            (.join("sg-0000000b", "eni-x"), .unknownInterface("eni-x")),
            (.detach("eni-x"), .unknownInterface("eni-x")),
        ])
    func unknown(vendor: Vendor, example: (intention: Intention, error: IntentionError)) throws {
        let fleet = try fleet(vendor)
        #expect(throws: example.error) { try example.intention.requests(in: fleet) }
    }

    @Test("of AWS that would change nothing are mistakes; Alibaba Cloud refuses them itself")
    func membership() throws {
        var aws = try fleet(.aws)
        #expect(throws: IntentionError.inGroupAlready("eni-1", "sg-0000000a")) {
            try Intention.join("sg-0000000a", "eni-1").requests(in: aws)
        }
        aws.networkInterfaces[0].securityGroups = ["sg-0000000a"]
        #expect(throws: IntentionError.notInGroup("eni-1", "sg-0000000b")) {
            try Intention.leave("sg-0000000b", "eni-1").requests(in: aws)
        }
        let alibaba = try fleet(.alibaba)
        var cloud = ControlPlane(alibaba)
        let request = try #require(
            try Intention.join("sg-0000000a", "eni-2").requests(in: alibaba).first)
        guard case .refused(let refusal) = cloud.perform(request) else {
            Issue.record("\(request) is carried out")
            return
        }
        #expect(refusal.code == "InvalidInstanceId.AlreadyExists")
    }

    @Test("to detach what is attached to nothing are mistakes")
    func unattached() throws {
        for vendor in Vendor.allCases {
            var fleet = try fleet(vendor)
            fleet.networkInterfaces[1].instance = nil
            #expect(throws: IntentionError.notAttached("eni-2")) {
                try Intention.detach("eni-2").requests(in: fleet)
            }
        }
    }
}

import CloudModel
import ReferenceFilter
import Testing

@Suite("Which interfaces evaluate a packet")
struct PlanTests {
    /// Two VPCs whose interfaces share 10.0.0.1, and one interface more in the first.
    private let filter: ReferenceFilter = {
        var fleet = Fleet(vendor: .aws)
        fleet.vpcs = [VPC(id: "vpc-1"), VPC(id: "vpc-2")]
        fleet.securityGroups = [SecurityGroup(id: "sg-1", vpc: "vpc-1", innerAccessPolicy: .drop)]
        let interfaces: [(NetworkInterfaceID, VPCID, String, UInt64)] = [
            ("eni-1", "vpc-1", "10.0.0.1", 1), ("eni-2", "vpc-2", "10.0.0.1", 2),
            ("eni-3", "vpc-1", "10.0.0.3", 3),
        ]
        for (id, vpc, address, mac) in interfaces {
            var interface = NetworkInterface(
                id: id, vpc: vpc, addresses: [CIDRBlock(address)!], securityGroups: ["sg-1"])
            interface.mac = MACAddress(mac)
            fleet.networkInterfaces.append(interface)
        }
        return ReferenceFilter(fleet)
    }()

    private func points(
        _ source: String, _ destination: String, mac: UInt64? = nil, vpc: VPCID? = nil
    ) -> [String] {
        let packet = Packet(
            source: IPAddress(source)!, destination: IPAddress(destination)!, ipProtocol: .tcp)
        switch filter.plan(
            for: packet, sourceMAC: nil, destinationMAC: mac.map { MACAddress($0) }, vpc: vpc)
        {
        case .nowhere(let reason): return [reason.rawValue]
        case .at(let points): return points.map { "\($0.interface.id) \($0.direction)" }
        }
    }

    @Test("egress at the owner of the source, then ingress at that of the destination")
    func bothSides() {
        #expect(points("10.0.0.3", "10.0.0.3") == ["eni-3 egress", "eni-3 ingress"])
        #expect(points("192.0.2.1", "10.0.0.3") == ["eni-3 ingress"])
        #expect(points("192.0.2.1", "192.0.2.2") == ["no-interface"])
    }

    @Test("the Ethernet address tells owners in several VPCs apart, then the VPC asked for")
    func overlappingVPCs() {
        #expect(points("192.0.2.1", "10.0.0.1") == ["ambiguous-interface"])
        #expect(points("192.0.2.1", "10.0.0.1", mac: 2) == ["eni-2 ingress"])
        #expect(points("192.0.2.1", "10.0.0.1", vpc: "vpc-1") == ["eni-1 ingress"])
        #expect(points("192.0.2.1", "10.0.0.1", mac: 9, vpc: "vpc-1") == ["eni-1 ingress"])
        #expect(points("192.0.2.1", "10.0.0.1", mac: 2, vpc: "vpc-1") == ["eni-2 ingress"])
    }

    @Test("drop decides, then the last accept; an interface without groups says nothing")
    func combination() {
        let accept = Decision(.accept, .default, direction: .egress)
        let laterAccept = Decision(.accept, .rule, rule: "sgr-1", direction: .ingress)
        let drop = Decision(.drop, .default, direction: .ingress)
        let none = Decision(.none, .noGroup, direction: .egress)
        #expect(Decision.combining([accept, laterAccept]) == laterAccept)
        #expect(Decision.combining([accept, drop]) == drop)
        #expect(Decision.combining([none, laterAccept]) == laterAccept)
        #expect(Decision.combining([accept, none]) == accept)
        #expect(Decision.combining([none, none]) == none)
    }
}

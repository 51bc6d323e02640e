import CloudModel
import Foundation
import Testing
import TestSupport

@testable import CloudFiles

@Suite("Fields of fleets")
struct FleetFieldTests {
    @Test("of Alibaba Cloud are all read")
    func alibaba() throws {
        let fleet = try load("valid-alibaba.json").fleet
        #expect(fleet.vendor == .alibaba)
        #expect(fleet.region == "cn-hangzhou")
        #expect(fleet.account == "123")
        #expect(
            fleet.vpcs == [VPC(id: "vpc-1", cidrBlocks: [block("10.0.0.0/16")], isDefault: true)])
        #expect(
            fleet.prefixLists == [
                PrefixList(
                    id: "pl-1", addressFamily: .ipv4, maxEntries: 2,
                    entries: [block("10.9.0.0/24")], owner: "1", version: 2)
            ])
        #expect(
            fleet.portLists == [
                PortList(id: "prl-1", ranges: [PortRange(80, 80), PortRange(8000, 8999)])
            ])
        #expect(fleet.supportedRegions == ["cn-hangzhou"])
        #expect(fleet.loadBalancerSources == [block("100.64.0.0/10")])
        #expect(fleet.platformProbes == [block("100.1.1.1")])
        #expect(fleet.faults == ["LeaveSecurityGroup": [Fault(code: "X", httpStatus: 500)]])
        #expect(fleet.switches.revokeMissing == .strict)
        #expect(fleet.switches.fragments == .drop)
        #expect(fleet.switches.leaveCode == .current)
    }

    @Test("of groups and rules are all read")
    func groups() throws {
        let fleet = try load("valid-alibaba.json").fleet
        var group = fleet.securityGroups[0]
        let rules = group.rules
        group.rules = []
        #expect(
            group
                == SecurityGroup(
                    id: "sg-a", name: "web", vpc: "vpc-1", type: .normal,
                    innerAccessPolicy: .accept, serviceManaged: false, owner: "123", region: "r",
                    deletionProtection: true))
        #expect(
            fleet.securityGroups[1]
                == SecurityGroup(id: "sg-e", type: .enterprise, innerAccessPolicy: .drop))
        #expect(
            rules == [
                SecurityGroupRule(
                    id: "sgr-1", direction: .ingress, ipProtocol: .only(.tcp),
                    transport: .destinationPorts(PortRange(443, 443)),
                    sourcePorts: PortRange(1024, 65535), peer: .cidr(block("203.0.113.0/24")),
                    localCIDR: block("10.0.1.0/24"), policy: .drop, priority: 100,
                    nicType: .intranet, description: "d"),
                SecurityGroupRule(
                    id: "sgr-00000000000000007", direction: .egress, ipProtocol: .only(.tcp),
                    transport: .portList("prl-1"), peer: .prefixList("pl-1")),
                SecurityGroupRule(
                    id: "sgr-00000000000000008", direction: .egress,
                    peer: .securityGroup(GroupReference("sg-x", owner: "9", isStale: true))),
            ])
        #expect(fleet.nextRuleNumber == 9)
    }

    @Test("of interfaces, instances and quotas are all read")
    func interfaces() throws {
        let fleet = try load("valid-alibaba.json").fleet
        var interface = NetworkInterface(
            id: "eni-a", vpc: "vpc-1",
            addresses: [block("10.0.1.10"), block("2001:db8::10"), block("10.0.2.0/28")],
            securityGroups: ["sg-a"])
        interface.type = .primary
        interface.instance = "i-a"
        interface.mac = MACAddress(0x0016_3E00_0001)
        interface.connectionTracking = ConnectionTracking(
            tcpEstablished: 910, tcpClosed: 3, udp: 30)
        interface.owner = "o"
        interface.region = "r"
        interface.zone = "z"
        interface.attachment = "a"
        interface.trunk = "eni-b"
        interface.linkedInterfaces = ["eni-b"]
        interface.detachStuck = true
        #expect(fleet.networkInterfaces == [interface])

        var instance = Instance(id: "i-a")
        instance.owner = "o"
        instance.region = "r"
        instance.zone = "z"
        instance.capabilities.enterpriseGroups = false
        instance.capabilities.hotPlug = false
        #expect(fleet.instances == [instance])

        var quotas = Quotas()
        quotas.rulesPerGroup = 200
        quotas.interfacesPerEnterpriseGroup = 1
        quotas.connectionsPerInstance = 1
        #expect(fleet.quotas == quotas)
    }

    @Test("of AWS are all read, its blocks made canonical")
    func aws() throws {
        let loaded = try load("valid-aws.json")
        let fleet = loaded.fleet
        #expect(fleet.vendor == .aws)
        #expect(fleet.prefixLists[0].entries.map(\.description) == ["2001:db8::/32"])
        #expect(fleet.securityGroups[0].innerAccessPolicy == .drop)
        let rules = fleet.securityGroups[0].rules
        #expect(
            rules == [
                SecurityGroupRule(
                    id: RuleID(number: 1), direction: .ingress, ipProtocol: .only(.tcp),
                    peer: .cidr(block("100.68.0.0/18"))),
                SecurityGroupRule(
                    id: RuleID(number: 2), direction: .ingress, ipProtocol: .only(.icmp),
                    transport: .icmp(type: 3, code: nil), peer: .cidr(block("::/0"))),
                SecurityGroupRule(
                    id: RuleID(number: 3), direction: .egress,
                    ipProtocol: .only(IPProtocol(rawValue: 50)), peer: .prefixList("pl-1")),
                SecurityGroupRule(
                    id: RuleID(number: 4), direction: .egress,
                    peer: .securityGroup(GroupReference("sg-1"))),
            ])
        guard case .cidr(let stored) = rules[0].peer else { return }
        #expect(stored.description == "100.68.0.0/18")
        #expect(
            loaded.warnings.lines(file: "f") == [
                "f:5:94: securityGroups[0].rules[1].peer.cidr: protocol `icmp` and IPv6 addresses "
                    + "never meet in one packet"
            ])
    }

    @Test("left out have their defaults", arguments: Vendor.allCases)
    func defaults(vendor: Vendor) throws {
        let json = fleetText(
            vendor, #""securityGroups": [{"id": "g"}]"#,
            #""networkInterfaces": [{"id": "e"}]"#, #""instances": [{"id": "i"}]"#)
        let fleet = try loadFleet(Array(json.utf8), file: "f").fleet
        let inner = vendor == .alibaba ? InnerAccessPolicy.accept : .drop
        #expect(fleet.securityGroups == [SecurityGroup(id: "g", innerAccessPolicy: inner)])
        #expect(fleet.networkInterfaces == [NetworkInterface(id: "e")])
        #expect(fleet.instances == [Instance(id: "i")])
        #expect(fleet.quotas == Quotas())
        #expect(fleet.switches == Switches())
        #expect(fleet.nextRuleNumber == 1)
    }

    private func load(_ name: String) throws -> LoadedFleet {
        try loadFleet(path: SharedFolder.packageRoot.path + "/Fuzz/Corpus/fleet/" + name)
    }

    private func block(_ text: String) -> CIDRBlock { CIDRBlock(text)! }
}

import CloudModel
import ControlPlane
import Scenarios
import TestSupport

/// Seeded random scenarios that make sessions, change what admitted them, and let time go by.
struct RandomScenario {
    private var random: SeededGenerator
    private let fleet: Fleet
    private let vendor: Vendor
    private var flows: [Flow] = []

    /// A conversation that packets of the scenario belong to.
    private struct Flow {
        var interface: NetworkInterfaceID
        var local: IPAddress
        var peer: IPAddress
        var ipProtocol: IPProtocol
        var localPort: UInt16
        var peerPort: UInt16
        var identifier: UInt16?
    }

    init(seed: UInt64, _ vendor: Vendor) {
        random = SeededGenerator(seed: seed ^ 0x5E55)
        self.vendor = vendor
        var fleet = RandomFleet.operable(seed: seed, vendor)
        fleet.switches.sessionOnChange = random.pick(Switches.SessionOnChange.allCases)
        for index in fleet.networkInterfaces.indices where random.oneIn(4) {
            fleet.networkInterfaces[index].connectionTracking = ConnectionTracking(
                tcpEstablished: 60, tcpClosed: random.oneIn(2) ? 5 : nil,
                udp: random.oneIn(2) ? 60 : nil)
        }
        for index in fleet.securityGroups.indices where !random.oneIn(3) {
            let rule = RandomScenario.admission(number: index, &random)
            fleet.securityGroups[index].rules.append(rule)
        }
        self.fleet = fleet
        let owners = fleet.networkInterfaces.filter { !$0.addresses.isEmpty }
        guard !owners.isEmpty else { return }
        for _ in 0..<6 { flows.append(flow(at: random.pick(owners))) }
    }

    /// A rule that admits much, so that there are sessions: from anywhere, or from most peers.
    private static func admission(
        number: Int, _ random: inout SeededGenerator
    ) -> SecurityGroupRule {
        let network = random.oneIn(3) ? "0.0.0.0/0" : "10.0.0.0/28"
        let block = CIDRBlock(random.oneIn(4) ? "2001:db8::/64" : network)
        return SecurityGroupRule(
            id: RuleID("sgr-admission-\(number)"), direction: random.pick(Direction.allCases),
            ipProtocol: random.oneIn(2) ? .all : .only(random.pick([.tcp, .udp])),
            peer: .cidr(block ?? CIDRBlock(PlatformTraffic.alibabaMetadataServer)), priority: 2)
    }

    /// The scenario; `nil` if the fleet has no interface with an address.
    mutating func make(stepCount: Int) -> Scenario? {
        guard !flows.isEmpty else { return nil }
        // Calls are drawn for the fleet as it is when they are made.
        var cloud = ControlPlane(fleet)
        let steps = (0..<stepCount).map { _ -> ScenarioStep in
            switch number(in: 0...19) {
            case 0...3:
                let request = request(for: cloud.fleet)
                _ = cloud.perform(request)
                return ScenarioStep(.operation(request))
            case 4...6: return ScenarioStep(.advance(span()))
            default: return ScenarioStep(.packet(packet()))
            }
        }
        return Scenario(file: "random", line: 1, fleet: fleet, steps: steps)
    }

    private mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    private mutating func span() -> Duration {
        let seconds = random.pick([
            0, 1, 2, 3, 4, 5, 6, 29, 30, 31, 60, 61, 180, 181, 600, 601, 910, 911, 432_000, 432_001,
        ])
        return random.oneIn(8) ? .zero - .seconds(seconds) : .seconds(seconds)
    }

    // MARK: Packets

    private mutating func flow(at interface: NetworkInterface) -> Flow {
        let local = random.pick(interface.addresses).address
        let others = fleet.networkInterfaces.flatMap(\.addresses).map(\.address)
            .filter { $0.family == local.family && $0 != local }
        let shape = WorldShape.small(vendor)
        var peer = shape.address(local.family, UInt32(number(in: 0...9)))
        if let other = others.randomElement(using: &random), random.oneIn(2) { peer = other }
        if random.oneIn(12), local.family == .ipv4 {
            peer =
                vendor == .aws
                ? PlatformTraffic.awsServices[0] : PlatformTraffic.alibabaMetadataServer
        }
        return Flow(
            interface: interface.id, local: local, peer: peer,
            ipProtocol: random.pick([.tcp, .tcp, .tcp, .udp, .udp, .icmp, .icmpv6, .gre]),
            localPort: UInt16(number(in: 0...7)), peerPort: UInt16(number(in: 0...7)),
            identifier: random.oneIn(2) ? nil : UInt16(number(in: 1...2)))
    }

    private mutating func packet() -> SeenPacket {
        let flow = random.pick(flows)
        let direction: Direction = random.oneIn(2) ? .ingress : .egress
        var packet = packet(of: flow, direction)
        if random.oneIn(10) { fragment(&packet) }
        if packet.ipProtocol.isICMP, random.oneIn(2) {
            packet.transport = .icmp(type: packet.ipProtocol == .icmp ? 3 : 1, code: 0)
            packet.icmpIdentifier = nil
            if random.oneIn(2) {
                let quoted = random.pick(flows)
                packet.quoted = QuotedPacket(self.packet(of: quoted, direction.opposite))
            }
        }
        switch number(in: 0...5) {
        case 0: return SeenPacket(packet)
        case 1: return SeenPacket(packet, at: flow.interface)
        default: return SeenPacket(packet, at: flow.interface, direction)
        }
    }

    private mutating func packet(of flow: Flow, _ direction: Direction) -> Packet {
        let isIngress = direction == .ingress
        var packet = Packet(
            source: isIngress ? flow.peer : flow.local,
            destination: isIngress ? flow.local : flow.peer, ipProtocol: flow.ipProtocol)
        if flow.ipProtocol.hasFilteredPorts {
            let texts = ["S", "S", "S.", ".", ".", "P.", "F.", "R", "R."]
            let flags = random.oneIn(2) ? nil : TCPFlags(random.pick(texts))
            packet.transport = .ports(
                source: isIngress ? flow.peerPort : flow.localPort,
                destination: isIngress ? flow.localPort : flow.peerPort,
                tcpFlags: flow.ipProtocol == .tcp ? flags : nil)
        }
        if flow.ipProtocol.isICMP {
            let request: UInt8 = flow.ipProtocol == .icmp ? 8 : 128
            let reply: UInt8 = flow.ipProtocol == .icmp ? 0 : 129
            packet.transport = .icmp(type: isIngress ? request : reply, code: 0)
            packet.icmpIdentifier = flow.identifier
        }
        return packet
    }

    /// Makes the packet a fragment: the first of its datagram, or a later one without ports.
    private mutating func fragment(_ packet: inout Packet) {
        let isFirst = random.oneIn(2)
        packet.fragment = Fragment(
            identification: UInt32(number(in: 1...2)), offset: isFirst ? 0 : 1480, hasMore: isFirst)
        guard !isFirst else { return }
        packet.transport = .none
        packet.icmpIdentifier = nil
    }

    // MARK: Calls

    private mutating func request(for fleet: Fleet) -> OperationRequest {
        let interface = random.pick(fleet.networkInterfaces)
        if random.oneIn(10) {
            return OperationRequest(
                "DetachCompleted", ["NetworkInterfaceId": .string(interface.id.text)])
        }
        return vendor == .alibaba ? alibaba(fleet, interface) : aws(fleet, interface)
    }

    private mutating func group(_ fleet: Fleet) -> SecurityGroup {
        // A call for a group that is not there is refused, which is a case, too.
        fleet.securityGroups.randomElement(using: &random) ?? SecurityGroup(id: "sg-0")
    }

    private mutating func block() -> ParameterValue {
        random.oneIn(3)
            ? "0.0.0.0/0" : .string("10.0.0.\(number(in: 0...7))/\(number(in: 28...32))")
    }

    private mutating func alibaba(
        _ fleet: Fleet, _ interface: NetworkInterface
    ) -> OperationRequest {
        let group = group(fleet)
        let id: ParameterValue = .string(group.id.text)
        let interfaceID: ParameterValue = .string(interface.id.text)
        let attachment: [String: ParameterValue] = [
            "RegionId": "r", "NetworkInterfaceId": interfaceID,
            "InstanceId": .string(interface.instance?.text ?? "i-0"),
        ]
        switch number(in: 0...11) {
        case 0...2:
            let direction = random.pick(Direction.allCases)
            let rule = group.rules.filter { $0.direction == direction }
                .randomElement(using: &random)
            return OperationRequest(
                direction == .ingress ? "RevokeSecurityGroup" : "RevokeSecurityGroupEgress",
                [
                    "RegionId": "r", "SecurityGroupId": id,
                    "SecurityGroupRuleId": [.string(rule?.id.text ?? "sgr-none")],
                ])
        case 3...5: return authorize(id)
        case 6, 7:
            let member = interface.securityGroups.randomElement(using: &random)?.text
            let isJoin = random.oneIn(2)
            return OperationRequest(
                isJoin ? "JoinSecurityGroup" : "LeaveSecurityGroup",
                [
                    "SecurityGroupId": isJoin ? id : .string(member ?? "sg-none"),
                    "InstanceId": .string(interface.instance?.text ?? "i-none"),
                ])
        case 8:
            return OperationRequest(
                "ModifySecurityGroupPolicy",
                [
                    "RegionId": "r", "SecurityGroupId": id,
                    "InnerAccessPolicy": random.oneIn(2) ? "Accept" : "Drop",
                ])
        case 9: return OperationRequest("DetachNetworkInterface", attachment)
        case 10: return OperationRequest("AttachNetworkInterface", attachment)
        default: return prefixList(fleet, "ModifyPrefixList", "AddEntry", "RemoveEntry")
        }
    }

    private mutating func authorize(_ group: ParameterValue) -> OperationRequest {
        let isIngress = random.oneIn(2)
        let ipProtocol = random.pick(["TCP", "UDP", "ALL", "ICMP"])
        let hasPorts = ipProtocol == "TCP" || ipProtocol == "UDP"
        var permission: [String: ParameterValue] = [
            "IpProtocol": .string(ipProtocol),
            "PortRange": .string(hasPorts ? "1/\(number(in: 1...9))" : "-1/-1"),
            "Policy": random.oneIn(2) ? "drop" : "accept",
            "Priority": .integer(number(in: 1...3)),
        ]
        permission[isIngress ? "SourceCidrIp" : "DestCidrIp"] = block()
        return OperationRequest(
            isIngress ? "AuthorizeSecurityGroup" : "AuthorizeSecurityGroupEgress",
            ["RegionId": "r", "SecurityGroupId": group, "Permissions": [.object(permission)]])
    }

    private mutating func prefixList(
        _ fleet: Fleet, _ name: String, _ add: String, _ remove: String
    ) -> OperationRequest {
        let list = random.pick(fleet.prefixLists)
        let isIPv4 = list.addressFamily == .ipv4
        var parameters: [String: ParameterValue] = [
            "RegionId": "r", "PrefixListId": .string(list.id.text),
        ]
        if let entry = list.entries.randomElement(using: &random), random.oneIn(2) {
            parameters[remove] = [["Cidr": .string(entry.description)]]
        } else {
            let octet = number(in: 0...7)
            parameters[add] = [
                ["Cidr": .string(isIPv4 ? "10.0.0.\(octet)/32" : "2001:db8::\(octet)/128")]
            ]
        }
        if vendor == .aws {
            parameters["RegionId"] = nil
            parameters["CurrentVersion"] = .integer(list.version ?? 1)
        }
        return OperationRequest(name, parameters)
    }

    private mutating func aws(_ fleet: Fleet, _ interface: NetworkInterface) -> OperationRequest {
        let group = group(fleet)
        let id: ParameterValue = .string(group.id.text)
        let interfaceID: ParameterValue = .string(interface.id.text)
        switch number(in: 0...9) {
        case 0...2:
            let direction = random.pick(Direction.allCases)
            let rule = group.rules.filter { $0.direction == direction }
                .randomElement(using: &random)
            return OperationRequest(
                direction == .ingress
                    ? "RevokeSecurityGroupIngress" : "RevokeSecurityGroupEgress",
                ["GroupId": id, "SecurityGroupRuleIds": [.string(rule?.id.text ?? "sgr-none")]])
        case 3...5:
            let ranges: ParameterValue =
                random.oneIn(3) ? [["CidrIp": block()]] : [["CidrIp": "0.0.0.0/0"]]
            return OperationRequest(
                random.oneIn(2)
                    ? "AuthorizeSecurityGroupIngress" : "AuthorizeSecurityGroupEgress",
                [
                    "GroupId": id,
                    "IpPermissions": [
                        [
                            "IpProtocol": .string(random.pick(["tcp", "udp"])), "FromPort": 0,
                            "ToPort": .integer(random.oneIn(3) ? 7 : 65535), "IpRanges": ranges,
                        ]
                    ],
                ])
        case 6:
            let groups = fleet.securityGroups.shuffled(using: &random).prefix(number(in: 1...2))
            return OperationRequest(
                "ModifyNetworkInterfaceAttribute",
                [
                    "NetworkInterfaceId": interfaceID,
                    "Groups": .array(groups.map { .string($0.id.text) }),
                ])
        case 7:
            return OperationRequest(
                "DetachNetworkInterface",
                ["AttachmentId": .string(interface.attachment ?? "eni-attach-none")])
        case 8:
            return OperationRequest(
                "AttachNetworkInterface",
                [
                    "NetworkInterfaceId": interfaceID, "InstanceId": "i-0",
                    "DeviceIndex": .integer(number(in: 1...9)),
                ])
        default:
            return prefixList(fleet, "ModifyManagedPrefixList", "AddEntries", "RemoveEntries")
        }
    }
}

package import CloudModel
package import ControlPlane

/// Seeded random calls that name what a fleet has, and now and then what it does not have.
///
/// Many have several parts, of which the last may be the one that cannot be: nothing of such a call
/// may happen.
package struct RandomRequests {
    private typealias Request = [String: ParameterValue]

    private var random: SeededGenerator
    private let vendor: Vendor

    /// Calls of `vendor`; the same ones for the same seed and the same fleets.
    package init(seed: UInt64, vendor: Vendor) {
        random = SeededGenerator(seed: seed ^ 0xCA11)
        self.vendor = vendor
    }

    /// A call that `fleet` may or may not accept.
    package mutating func next(for fleet: Fleet) -> OperationRequest {
        let name = random.pick(ControlPlane.operationNames(of: vendor))
        guard vendor == .aws else { return OperationRequest(name, alibaba(name, fleet)) }
        var request = aws(name, fleet)
        if random.oneIn(8) { request["DryRun"] = true }
        return OperationRequest(name, request)
    }

    // MARK: Names

    private mutating func group(_ fleet: Fleet) -> ParameterValue {
        if fleet.securityGroups.isEmpty || random.oneIn(30) { return "sg-99999999" }
        return .string(random.pick(fleet.securityGroups).id.text)
    }

    private mutating func interface(_ fleet: Fleet) -> NetworkInterface {
        random.pick(fleet.networkInterfaces)
    }

    private mutating func rule(_ fleet: Fleet, in group: ParameterValue?) -> ParameterValue {
        let rules = fleet.securityGroups.first { $0.id.text == group?.text }?.rules ?? []
        if rules.isEmpty || random.oneIn(10) { return "sgr-none" }
        return .string(random.pick(rules).id.text)
    }

    private mutating func groups(_ fleet: Fleet) -> ParameterValue {
        .array((0..<(1 + (random.oneIn(2) ? 1 : 0))).map { _ in group(fleet) })
    }

    private mutating func prefixList(_ fleet: Fleet) -> PrefixList {
        random.pick(fleet.prefixLists)
    }

    private mutating func block(_ family: AddressFamily = .ipv4) -> ParameterValue {
        let octet = Int.random(in: 0...7, using: &random)
        return family == .ipv4
            ? .string("10.0.0.\(octet)/\(32 - Int.random(in: 0...4, using: &random))")
            : .string("2001:db8::\(octet)/128")
    }

    private mutating func entries(_ family: AddressFamily) -> ParameterValue {
        .array((0..<(1 + (random.oneIn(3) ? 1 : 0))).map { _ in ["Cidr": block(family)] })
    }

    // MARK: Alibaba Cloud

    private mutating func alibaba(_ name: String, _ fleet: Fleet) -> Request {
        let interface = interface(fleet)
        var request: Request = ["RegionId": "r"]
        let namesGroup = name.contains("SecurityGroup")
        if namesGroup { request["SecurityGroupId"] = group(fleet) }
        switch name {
        case "JoinSecurityGroup", "LeaveSecurityGroup":
            if random.oneIn(2) {
                request["NetworkInterfaceId"] = .string(interface.id.text)
            } else {
                request["InstanceId"] = .string(interface.instance?.text ?? "i-none")
            }
        case "DetachNetworkInterface", "AttachNetworkInterface":
            request["NetworkInterfaceId"] = .string(interface.id.text)
            request["InstanceId"] = .string(
                (interface.instance ?? self.interface(fleet).instance)?.text ?? "i-none")
        case "DetachCompleted":
            return ["NetworkInterfaceId": .string(interface.id.text)]
        case "InstanceRestarted":
            return ["InstanceId": .string(interface.instance?.text ?? "i-none")]
        case "ModifyNetworkInterfaceAttribute":
            request["NetworkInterfaceId"] = .string(interface.id.text)
            request["SecurityGroupId"] = groups(fleet)
            if random.oneIn(2) {
                request["ConnectionTrackingConfiguration"] = ["UdpTimeout": 60]
            }
        case "ModifyInstanceAttribute":
            request["InstanceId"] = .string(interface.instance?.text ?? "i-none")
            request["SecurityGroupIds"] = groups(fleet)
        case "ModifyPrefixList":
            let list = prefixList(fleet)
            request["PrefixListId"] = .string(list.id.text)
            request["AddEntry"] = entries(list.addressFamily)
            if let old = list.entries.first {
                request["RemoveEntry"] = [["Cidr": .string(old.description)]]
            }
        case "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses", "AssignIpv6Addresses",
            "UnassignIpv6Addresses":
            let isIPv4 = name.contains("Private")
            request["NetworkInterfaceId"] = .string(interface.id.text)
            let own = interface.addresses.last?.description ?? "10.0.0.1"
            request[isIPv4 ? "PrivateIpAddress" : "Ipv6Address"] =
                name.hasPrefix("Un")
                ? [.string(own)]
                : [.string(isIPv4 ? "10.0.0.\(Int.random(in: 8...99, using: &random))" : "fd::1")]
        case "CreateSecurityGroup":
            request = ["VpcId": .string(random.pick(fleet.vpcs).id.text)]
            if random.oneIn(3) { request["SecurityGroupType"] = "enterprise" }
        case "DeleteSecurityGroup": break
        case "ModifySecurityGroupPolicy":
            request["InnerAccessPolicy"] = random.oneIn(2) ? "Drop" : "Accept"
        case "ModifySecurityGroupRule", "ModifySecurityGroupEgressRule":
            request["SecurityGroupRuleId"] = rule(fleet, in: request["SecurityGroupId"])
            request[random.pick(["Priority", "Description", "Policy", "SourcePortRange"])] =
                random.pick(["7", "drop", "1/9", "80/443"])
        default: permissions(name, fleet, &request)
        }
        return request
    }

    private mutating func permissions(
        _ name: String, _ fleet: Fleet, _ request: inout Request
    ) {
        if name.hasPrefix("Revoke"), !random.oneIn(3) {
            request["SecurityGroupRuleId"] = [rule(fleet, in: request["SecurityGroupId"])]
            return
        }
        let side = name.hasSuffix("Egress") ? "Dest" : "Source"
        let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            ParameterValue.object(permission(side, fleet))
        }
        request["Permissions"] = .array(parts)
    }

    private mutating func permission(_ side: String, _ fleet: Fleet) -> Request {
        var permission: Request = [
            "IpProtocol": "TCP", "PortRange": random.pick(["22/22", "1/65535", "7/30"]),
        ]
        switch Int.random(in: 0...3, using: &random) {
        case 0: permission["\(side)GroupId"] = group(fleet)
        case 1: permission["\(side)PrefixListId"] = .string(prefixList(fleet).id.text)
        default: permission["\(side)CidrIp"] = block()
        }
        if random.oneIn(2) { permission["Policy"] = "drop" }
        if random.oneIn(4) { permission["Priority"] = random.oneIn(3) ? 101 : 9 }
        return permission
    }

    // MARK: AWS

    private mutating func aws(_ name: String, _ fleet: Fleet) -> Request {
        let interface = interface(fleet)
        switch name {
        case "DetachCompleted": return ["NetworkInterfaceId": .string(interface.id.text)]
        case "InstanceRestarted":
            return ["InstanceId": .string(interface.instance?.text ?? "i-none")]
        case "DetachNetworkInterface":
            return ["AttachmentId": .string(interface.attachment ?? "eni-attach-none")]
        case "AttachNetworkInterface":
            return [
                "NetworkInterfaceId": .string(interface.id.text),
                "InstanceId": .string(self.interface(fleet).instance?.text ?? "i-0"),
            ]
        case "ModifyNetworkInterfaceAttribute":
            return ["NetworkInterfaceId": .string(interface.id.text), "Groups": groups(fleet)]
        case "ModifyInstanceAttribute":
            return [
                "InstanceId": .string(interface.instance?.text ?? "i-none"),
                "Groups": groups(fleet),
            ]
        case "ModifyManagedPrefixList":
            let list = prefixList(fleet)
            if random.oneIn(2) {
                return [
                    "PrefixListId": .string(list.id.text),
                    "MaxEntries": .integer(Int.random(in: 1...9, using: &random)),
                ]
            }
            return [
                "PrefixListId": .string(list.id.text),
                "CurrentVersion": .integer(list.version ?? 1),
                "AddEntries": entries(list.addressFamily),
            ]
        case "CreateSecurityGroup":
            return [
                "GroupName": .string("g\(Int.random(in: 0...9, using: &random))"),
                "Description": "d", "VpcId": .string(random.pick(fleet.vpcs).id.text),
            ]
        case "ModifySecurityGroupRules":
            let group = group(fleet)
            return [
                "GroupId": group,
                "SecurityGroupRules": [
                    [
                        "SecurityGroupRuleId": rule(fleet, in: group),
                        "SecurityGroupRule": ["IpProtocol": "-1", "CidrIpv4": block()],
                    ]
                ],
            ]
        default:
            var request: Request = ["GroupId": group(fleet)]
            if name.hasPrefix("Delete") { return request }
            if name.hasPrefix("Revoke"), !random.oneIn(3) {
                request["SecurityGroupRuleIds"] = [rule(fleet, in: request["GroupId"])]
                return request
            }
            let parts = (0..<(1 + (random.oneIn(3) ? 1 : 0))).map { _ in awsPermission(fleet) }
            request["IpPermissions"] = .array(parts)
            return request
        }
    }

    private mutating func awsPermission(_ fleet: Fleet) -> ParameterValue {
        [
            "IpProtocol": "tcp", "FromPort": 1, "ToPort": random.pick([9, 9, 30]),
            "IpRanges": [["CidrIp": block()]],
            "UserIdGroupPairs": random.oneIn(3) ? [["GroupId": group(fleet)]] : [],
            "PrefixListIds": random.oneIn(3)
                ? [["PrefixListId": .string(prefixList(fleet).id.text)]] : [],
        ]
    }
}

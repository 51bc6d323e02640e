internal import CloudModel
internal import ControlPlane

/// The kinds of change whose latency is measured.
enum CallKind: String, CaseIterable {
    case revoke
    case authorize
    case join
    case leave
    /// The answer to a detach: the interface stops carrying traffic.
    case detach
    case prefixList = "prefix-list"
}

/// Makes calls on a fleet of ``FleetMaker``, none of which is refused; the same ones for the same
/// seed.
///
/// What a revoke takes away an authorize gives to some group, what joins may leave, and who was
/// detached is attached again: the tables grow and shrink, and stay about as large.
struct CallMaker {
    private let shape: FleetShape
    private var rules: FleetRuleMaker
    private var random: SplitMix

    init(_ shape: FleetShape, seed: UInt64) {
        self.shape = shape
        rules = FleetRuleMaker(shape, seed: seed &+ 1)
        random = SplitMix(seed: seed &+ 2)
    }

    /// `count` calls of each kind, in random order.
    mutating func kinds(ofEach count: Int) -> [CallKind] {
        CallKind.allCases.flatMap { Array(repeating: $0, count: count) }.shuffled(using: &random)
    }

    /// A call of `kind` on the fleet as it stands.
    mutating func call(_ kind: CallKind, on fleet: Fleet) -> OperationRequest {
        switch kind {
        case .revoke: revoke(fleet)
        case .authorize: authorize(fleet)
        case .join: join(fleet)
        case .leave: leave(fleet)
        case .detach: detach(fleet)
        case .prefixList: editList(fleet)
        }
    }
}

// MARK: - Rules

extension CallMaker {
    private mutating func revoke(_ fleet: Fleet) -> OperationRequest {
        var group = fleet.securityGroups[random.below(fleet.securityGroups.count)]
        while group.rules.isEmpty {
            group = fleet.securityGroups[random.below(fleet.securityGroups.count)]
        }
        let rule = group.rules[random.below(group.rules.count)]
        let name = rule.direction == .ingress ? "RevokeSecurityGroup" : "RevokeSecurityGroupEgress"
        return OperationRequest(
            name,
            [
                "RegionId": "cn-hangzhou", "SecurityGroupId": .string(group.id.text),
                "SecurityGroupRuleId": .array([.string(rule.id.text)]),
            ])
    }

    private mutating func authorize(_ fleet: Fleet) -> OperationRequest {
        let number = random.below(fleet.securityGroups.count)
        let rule = rules.rule(id: "", of: number, place: random.below(FleetShape.rulesPerGroup))
        let name =
            rule.direction == .ingress ? "AuthorizeSecurityGroup" : "AuthorizeSecurityGroupEgress"
        return .permission(rule, name, FleetNames.group(number))
    }

    private mutating func editList(_ fleet: Fleet) -> OperationRequest {
        let list = fleet.prefixLists[random.below(fleet.prefixLists.count)]
        var entry = rules.listEntry()
        while list.entries.contains(entry) { entry = rules.listEntry() }
        let old = list.entries[random.below(list.entries.count)]
        return OperationRequest(
            "ModifyPrefixList",
            [
                "PrefixListId": .string(list.id.text),
                "AddEntry": [["Cidr": .string(entry.description)]],
                "RemoveEntry": [["Cidr": .string(old.description)]],
            ])
    }
}

// MARK: - Interfaces

extension CallMaker {
    private mutating func join(_ fleet: Fleet) -> OperationRequest {
        while true {
            let place = random.below(fleet.networkInterfaces.count)
            let interface = fleet.networkInterfaces[place]
            let group = FleetNames.group(rules.group(inVPC: place % shape.vpcCount))
            guard interface.status == .inUse, !interface.securityGroups.contains(group) else {
                continue
            }
            return .membership("JoinSecurityGroup", interface.id, group)
        }
    }

    private mutating func leave(_ fleet: Fleet) -> OperationRequest {
        while true {
            let interface = fleet.networkInterfaces[random.below(fleet.networkInterfaces.count)]
            guard interface.status == .inUse, interface.securityGroups.count > 1 else { continue }
            let group = interface.securityGroups[random.below(interface.securityGroups.count)]
            return .membership("LeaveSecurityGroup", interface.id, group)
        }
    }

    private mutating func detach(_ fleet: Fleet) -> OperationRequest {
        let (interface, instance) = attachedInterface(of: fleet)
        return .attachment("DetachNetworkInterface", interface, instance)
    }

    /// An interface in use, and the instance that it is on.
    mutating func attachedInterface(
        of fleet: Fleet
    ) -> (interface: NetworkInterfaceID, instance: InstanceID) {
        while true {
            let interface = fleet.networkInterfaces[random.below(fleet.networkInterfaces.count)]
            guard interface.status == .inUse, let instance = interface.instance else { continue }
            return (interface.id, instance)
        }
    }
}

// MARK: - Requests

extension OperationRequest {
    /// A call that gives a rule to a group, or takes one with the rule's words from it.
    static func permission(
        _ rule: SecurityGroupRule, _ name: String, _ group: SecurityGroupID
    ) -> OperationRequest {
        var ports = "-1/-1"
        if case .destinationPorts(let range) = rule.transport { ports = range.description }
        var permission: [String: ParameterValue] = [
            "IpProtocol": .string(rule.ipProtocol.description), "PortRange": .string(ports),
            "Policy": .string(rule.policy.rawValue), "Priority": .integer(Int(rule.priority)),
        ]
        let side = rule.direction == .ingress ? "Source" : "Dest"
        switch rule.peer {
        case .cidr(let block): permission["\(side)CidrIp"] = .string(block.description)
        case .securityGroup(let reference):
            permission["\(side)GroupId"] = .string(reference.group.text)
        case .prefixList(let list): permission["\(side)PrefixListId"] = .string(list.text)
        }
        return OperationRequest(
            name,
            [
                "RegionId": "cn-hangzhou", "SecurityGroupId": .string(group.text),
                "Permissions": .array([.object(permission)]),
            ])
    }

    static func membership(
        _ name: String, _ interface: NetworkInterfaceID, _ group: SecurityGroupID
    ) -> OperationRequest {
        OperationRequest(
            name,
            [
                "RegionId": "cn-hangzhou", "SecurityGroupId": .string(group.text),
                "NetworkInterfaceId": .string(interface.text),
            ])
    }

    static func attachment(
        _ name: String, _ interface: NetworkInterfaceID, _ instance: InstanceID
    ) -> OperationRequest {
        OperationRequest(
            name,
            [
                "RegionId": "cn-hangzhou", "NetworkInterfaceId": .string(interface.text),
                "InstanceId": .string(instance.text),
            ])
    }
}

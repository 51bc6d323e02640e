import CloudModel
import ControlPlane
import Testing

/// Two groups that share members, an advanced one, one in another VPC and a classic one.
func alibabaWorld() -> Fleet {
    var fleet = Fleet(vendor: .alibaba)
    fleet.region = "cn-hangzhou"
    fleet.account = "1"
    fleet.vpcs = [VPC(id: "vpc-1"), VPC(id: "vpc-2")]
    fleet.prefixLists = [
        PrefixList(
            id: "pl-4", addressFamily: .ipv4, maxEntries: 5,
            entries: [CIDRBlock("10.1.0.0/16")!, CIDRBlock("10.2.0.0/16")!]),
        PrefixList(id: "pl-6", addressFamily: .ipv6, maxEntries: 5),
    ]
    fleet.portLists = [PortList(id: "prl-1", ranges: [PortRange(80, 80), PortRange(443, 443)])]
    fleet.securityGroups = [
        SecurityGroup(id: "sg-a", vpc: "vpc-1", rules: worldRules),
        SecurityGroup(id: "sg-b", vpc: "vpc-1"),
        SecurityGroup(id: "sg-d", vpc: "vpc-1"),
        SecurityGroup(id: "sg-e", vpc: "vpc-1", type: .enterprise),
        SecurityGroup(id: "sg-v", vpc: "vpc-2"),
        SecurityGroup(id: "sg-c"),
    ]
    fleet.instances = [Instance(id: "i-a"), Instance(id: "i-b")]
    fleet.networkInterfaces = [
        interface("eni-a", .primary, "i-a", "10.0.0.1", ["sg-a", "sg-b"]),
        interface("eni-s", .secondary, "i-a", "10.0.0.2", ["sg-a", "sg-b"]),
        interface("eni-b", .primary, "i-b", "10.0.0.3", ["sg-a"]),
        interface("eni-f", .secondary, nil, "10.0.0.4", ["sg-a"]),
        interface("eni-e", .secondary, "i-b", "10.0.0.5", ["sg-e"]),
    ]
    fleet.networkInterfaces[3].status = .available
    return fleet
}

private let worldRules = [
    SecurityGroupRule(
        id: "sgr-1", direction: .ingress, ipProtocol: .only(.tcp),
        transport: .destinationPorts(PortRange(22, 22)),
        peer: .cidr(CIDRBlock("203.0.113.0/24")!), description: "office"),
    SecurityGroupRule(
        id: "sgr-2", direction: .ingress, ipProtocol: .only(.tcp),
        transport: .destinationPorts(PortRange(443, 443)),
        peer: .securityGroup(GroupReference("sg-b")), priority: 5),
    SecurityGroupRule(
        id: "sgr-3", direction: .ingress, ipProtocol: .only(.udp),
        transport: .portList("prl-1"), peer: .prefixList("pl-4"), policy: .drop),
    SecurityGroupRule(
        id: "sgr-4", direction: .egress, ipProtocol: .all, peer: .cidr(CIDRBlock("0.0.0.0/0")!)),
]

/// A default VPC, in which groups have names, and another one.
func awsWorld() -> Fleet {
    var fleet = Fleet(vendor: .aws)
    fleet.account = "1"
    fleet.vpcs = [
        VPC(id: "vpc-d", cidrBlocks: [CIDRBlock("10.0.0.0/16")!], isDefault: true),
        VPC(id: "vpc-1", cidrBlocks: [CIDRBlock("10.0.0.0/16")!]),
    ]
    fleet.prefixLists = [
        PrefixList(
            id: "pl-4", addressFamily: .ipv4, maxEntries: 3,
            entries: [CIDRBlock("10.1.0.0/16")!], version: 7)
    ]
    fleet.securityGroups = [
        SecurityGroup(
            id: "sg-00000001", name: "web", vpc: "vpc-1", innerAccessPolicy: .drop,
            rules: awsRules(prefix: "sgr-1")),
        SecurityGroup(id: "sg-00000002", name: "db", vpc: "vpc-1", innerAccessPolicy: .drop),
        SecurityGroup(
            id: "sg-0000000d", name: "web", vpc: "vpc-d", innerAccessPolicy: .drop,
            rules: awsRules(prefix: "sgr-d")),
    ]
    fleet.instances = [Instance(id: "i-a"), Instance(id: "i-b")]
    fleet.networkInterfaces = [
        interface("eni-a", .primary, "i-a", "10.0.0.10", ["sg-00000001"]),
        interface("eni-s", .secondary, "i-a", "10.0.0.11", ["sg-00000001", "sg-00000002"]),
        interface("eni-b", .primary, "i-b", "10.0.0.12", ["sg-00000002"]),
        interface("eni-f", .secondary, nil, "10.0.0.13", ["sg-00000002"]),
    ]
    for (index, name) in ["eni-attach-a", "eni-attach-s", "eni-attach-b"].enumerated() {
        fleet.networkInterfaces[index].attachment = name
    }
    fleet.networkInterfaces[3].status = .available
    return fleet
}

private func awsRules(prefix: String) -> [SecurityGroupRule] {
    [
        SecurityGroupRule(
            id: RuleID(prefix + "1"), direction: .ingress, ipProtocol: .only(.tcp),
            transport: .destinationPorts(PortRange(22, 22)),
            peer: .cidr(CIDRBlock("203.0.113.0/24")!)),
        SecurityGroupRule(
            id: RuleID(prefix + "2"), direction: .ingress, ipProtocol: .only(.icmp),
            transport: .icmp(type: 8, code: nil), peer: .cidr(CIDRBlock("0.0.0.0/0")!)),
        SecurityGroupRule(
            id: RuleID(prefix + "3"), direction: .ingress, ipProtocol: .only(.tcp),
            peer: .securityGroup(GroupReference("sg-00000002"))),
        SecurityGroupRule(
            id: RuleID(prefix + "4"), direction: .egress, peer: .cidr(CIDRBlock("0.0.0.0/0")!)),
    ]
}

private func interface(
    _ id: NetworkInterfaceID, _ type: NetworkInterfaceType, _ instance: InstanceID?,
    _ address: String, _ groups: [SecurityGroupID]
) -> NetworkInterface {
    var interface = NetworkInterface(
        id: id, vpc: "vpc-1", addresses: [CIDRBlock(address)!], securityGroups: groups)
    interface.type = type
    interface.instance = instance
    return interface
}

extension Fleet {
    /// Changes the group called `id`, if it is still there.
    mutating func group(_ id: SecurityGroupID, _ change: (inout SecurityGroup) -> Void) {
        for index in securityGroups.indices where securityGroups[index].id == id {
            change(&securityGroups[index])
        }
    }

    /// Changes the interface called `id`, if it is still there.
    mutating func interface(
        _ id: NetworkInterfaceID, _ change: (inout NetworkInterface) -> Void
    ) {
        for index in networkInterfaces.indices where networkInterfaces[index].id == id {
            change(&networkInterfaces[index])
        }
    }

    /// Changes the instance called `id`, if it is still there.
    mutating func instance(_ id: InstanceID, _ change: (inout Instance) -> Void) {
        for index in instances.indices where instances[index].id == id {
            change(&instances[index])
        }
    }
}

typealias Request = [String: ParameterValue]

/// One line of a table: what is different from the world and from the call that works, and the code
/// that follows.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    let row: String
    let operation: String
    let vendor: Vendor
    let code: String
    let httpStatus: Int
    let base: Request
    let edit: @Sendable (inout Fleet) -> Void
    let change: @Sendable (inout Request) -> Void
    /// Whether the case holds whatever later checks would say. Not those that undo a later one.
    var isIndependent = true

    var testDescription: String { "\(operation) \(row): \(code)" }

    func world() -> Fleet { vendor == .alibaba ? alibabaWorld() : awsWorld() }
}

/// The cases of one call, by rows of its table.
struct RefusalTable: Sendable {
    let operation: String
    let vendor: Vendor
    /// Parameters with which the call succeeds in the world.
    let base: Request

    func refuses(
        _ row: String, _ httpStatus: Int, _ code: String, isIndependent: Bool = true,
        _ change: @escaping @Sendable (inout Request) -> Void = { _ in },
        in edit: @escaping @Sendable (inout Fleet) -> Void = { _ in }
    ) -> RefusalCase {
        RefusalCase(
            row: row, operation: operation, vendor: vendor, code: code, httpStatus: httpStatus,
            base: base, edit: edit, change: change, isIndependent: isIndependent)
    }

    func with(_ changes: Request) -> RefusalTable {
        RefusalTable(
            operation: operation, vendor: vendor, base: base.merging(changes) { $1 })
    }

    func without(_ names: String...) -> RefusalTable {
        RefusalTable(
            operation: operation, vendor: vendor, base: base.filter { !names.contains($0.key) })
    }
}

extension OperationOutcome {
    /// The status and code of a refusal, such as `400 MissingParameter`; `ok` for a success.
    var summary: String {
        switch self {
        case .success: "ok"
        case .refused(let refusal): "\(refusal.httpStatus) \(refusal.code)"
        }
    }

    /// The answer of a call that succeeds.
    var success: OperationSuccess? {
        if case .success(let success) = self { success } else { nil }
    }
}

/// What `requests` are answered, one after the other.
func outcomes(in fleet: Fleet, _ requests: [(String, Request)]) -> [OperationOutcome] {
    var cloud = ControlPlane(fleet)
    return requests.map { cloud.perform(OperationRequest($0.0, $0.1)) }
}

/// The summary of one call.
func outcome(in fleet: Fleet, _ operation: String, _ parameters: Request) -> String {
    outcomes(in: fleet, [(operation, parameters)])[0].summary
}

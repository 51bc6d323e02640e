internal import CloudModel

/// What no change of a fleet alters, as editing its tables needs it.
final class FleetFacts: Sendable {
    let vendor: Vendor
    let switches: Switches
    let vpcs: [VPC]
    let loadBalancerSources: [CIDRBlock]
    let platformProbes: [CIDRBlock]
    private let numberOfInterface: [NetworkInterfaceID: Int]
    private let numberOfList: [PrefixListID: Int]
    private let portLists: [PortListID: [PortRange]]
    private let spaceOfVPC: [VPCID: Int]

    init(_ fleet: Fleet) {
        vendor = fleet.vendor
        switches = fleet.switches
        vpcs = fleet.vpcs
        loadBalancerSources = fleet.loadBalancerSources
        platformProbes = fleet.platformProbes
        numberOfInterface = FleetFacts.places(fleet.networkInterfaces.map(\.id))
        numberOfList = FleetFacts.places(fleet.prefixLists.map(\.id))
        portLists = Dictionary(
            uniqueKeysWithValues: fleet.portLists.map { ($0.id, $0.ranges) })
        spaceOfVPC = FleetFacts.places(fleet.vpcs.map(\.id))
    }

    private static func places<ID: Hashable>(_ ids: [ID]) -> [ID: Int] {
        Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($0.element, $0.offset) })
    }

    /// How many address spaces there are: one for each VPC, and the classic network's.
    var spaceCount: Int { vpcs.count + 1 }

    /// The address space of a VPC; the classic network's for `nil`.
    func space(of vpc: VPCID?) -> Int { vpc.flatMap { spaceOfVPC[$0] } ?? vpcs.count }

    /// The address space of a VPC; `nil` if the fleet has no such VPC.
    func spaceIfKnown(of vpc: VPCID) -> Int? { spaceOfVPC[vpc] }

    /// The interface's place in the fleet's list.
    ///
    /// - Precondition: the fleet has it.
    func number(of interface: NetworkInterfaceID) -> Int {
        guard let number = numberOfInterface[interface] else {
            preconditionFailure("unknown interface \(interface)")
        }
        return number
    }

    /// The list's place in the fleet's list of lists; `nil` if it has none.
    func number(of list: PrefixListID) -> Int? { numberOfList[list] }

    /// The ranges of a list of ports; none if the fleet has no such list.
    func ranges(of list: PortListID) -> [PortRange] { portLists[list] ?? [] }
}

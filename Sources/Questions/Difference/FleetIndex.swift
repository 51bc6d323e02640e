import CloudModel

/// A fleet's resources by id, and the members of its groups.
struct FleetIndex {
    let fleet: Fleet
    let groups: [SecurityGroupID: SecurityGroup]
    let prefixLists: [PrefixListID: PrefixList]
    let portLists: [PortListID: PortList]
    let vpcs: [VPCID: VPC]
    let interfaces: [NetworkInterfaceID: NetworkInterface]
    /// By group, the private addresses and prefixes of all interfaces in it, attached or not.
    /// Source: SEMANTICS A.7, B.4.
    let memberAddresses: [SecurityGroupID: [CIDRBlock]]

    /// - Complexity: linear in the fleet's interfaces, groups and lists; rules are not looked at.
    init(_ fleet: Fleet) {
        self.fleet = fleet
        groups = Dictionary(uniqueKeysWithValues: fleet.securityGroups.map { ($0.id, $0) })
        prefixLists = Dictionary(uniqueKeysWithValues: fleet.prefixLists.map { ($0.id, $0) })
        portLists = Dictionary(uniqueKeysWithValues: fleet.portLists.map { ($0.id, $0) })
        vpcs = Dictionary(uniqueKeysWithValues: fleet.vpcs.map { ($0.id, $0) })
        interfaces = Dictionary(uniqueKeysWithValues: fleet.networkInterfaces.map { ($0.id, $0) })
        var addresses: [SecurityGroupID: [CIDRBlock]] = [:]
        for interface in fleet.networkInterfaces {
            for group in interface.securityGroups {
                addresses[group, default: []] += interface.addresses
            }
        }
        memberAddresses = addresses
    }
}

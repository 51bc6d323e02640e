package import CloudModel

/// A large fleet of one kind at any size: 50 interfaces a group and five groups an interface, groups of
/// 100 rules of which a fifth name groups and a tenth name lists of 200 entries.
package struct ScaledFleet {
    package private(set) var fleet: Fleet
    private var random: SeededGenerator
    private var ruleCount = 0

    private static let ports: [UInt16] = [
        22, 25, 53, 80, 110, 123, 143, 443, 445, 587, 993, 1433, 1521, 2049, 3306, 3389, 5432, 5672,
        6379, 6443, 8080, 8443, 9000, 9090, 9092, 9200, 11_211, 27_017,
    ]

    /// A fleet of `interfaceCount` interfaces and a tenth as many groups.
    package init(interfaceCount: Int, seed: UInt64 = 1) {
        fleet = Fleet(vendor: .alibaba)
        random = SeededGenerator(seed: seed)
        fleet.vpcs = [VPC(id: "vpc-1")]
        for index in 0..<100 { addList(index) }
        for index in 0..<interfaceCount / 10 { addGroup(index) }
        for index in 0..<interfaceCount { addInterface(index) }
    }

    private mutating func addList(_ index: Int) {
        let entries = (0..<200).map { _ in
            CIDRBlock(address(), prefixLength: 24).canonical
        }
        fleet.prefixLists.append(
            PrefixList(
                id: PrefixListID("pl-\(index)"), addressFamily: .ipv4, maxEntries: 400,
                entries: Array(Set(entries))))
    }

    private mutating func addGroup(_ index: Int) {
        fleet.securityGroups.append(
            SecurityGroup(
                id: SecurityGroupID("sg-\(index)"), vpc: "vpc-1", innerAccessPolicy: .drop))
        for _ in 0..<100 {
            let rule = rule(inGroupAt: index)
            fleet.securityGroups[index].rules.append(rule)
        }
    }

    private mutating func addInterface(_ index: Int) {
        var interface = NetworkInterface(
            id: NetworkInterfaceID("eni-\(index)"), vpc: "vpc-1",
            addresses: [CIDRBlock(IPAddress(ipv4: 0x0A00_0000 | UInt32(index)))])
        let groupCount = fleet.securityGroups.count
        interface.securityGroups = (0..<5).map { step in
            fleet.securityGroups[(index + step * (groupCount / 5 + 1)) % groupCount].id
        }
        fleet.networkInterfaces.append(interface)
    }

    /// A rule that no group has yet, for the group at a place of the fleet's list.
    package mutating func rule(inGroupAt group: Int) -> SecurityGroupRule {
        ruleCount += 1
        var rule = SecurityGroupRule(
            id: RuleID(number: ruleCount), direction: random.oneIn(4) ? .egress : .ingress,
            ipProtocol: .only(random.oneIn(3) ? .udp : .tcp), peer: peer(ofGroupAt: group))
        let port = random.pick(ScaledFleet.ports)
        rule.transport = .destinationPorts(PortRange(port, port))
        rule.priority = UInt8(Int.random(in: 1...100, using: &random))
        rule.policy = random.oneIn(5) ? .drop : .accept
        return rule
    }

    private mutating func peer(ofGroupAt group: Int) -> Peer {
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1:
            let place = Int.random(in: 0...group, using: &random)
            return .securityGroup(GroupReference(SecurityGroupID("sg-\(place)")))
        case 2: return .prefixList(random.pick(fleet.prefixLists).id)
        default:
            let length = random.pick([16, 20, 24, 24, 28, 32, 32, 32])
            return .cidr(CIDRBlock(address(), prefixLength: length).canonical)
        }
    }

    /// An address outside the VPCs.
    private mutating func address() -> IPAddress {
        IPAddress(ipv4: UInt32.random(in: 0x1000_0000...0xDFFF_FFFF, using: &random))
    }

    // MARK: Changes

    /// What the fleet is asked to do, in turns.
    package enum Kind: String, CaseIterable {
        case revoke, authorize, join, leave, detach, prefixListEdit
    }

    /// A change of a kind that fits the fleet, and has happened to it when this returns; `nil` if the
    /// interface that was picked cannot make it.
    package mutating func nextChange(_ kind: Kind) -> FleetChange? {
        let interface = Int.random(in: fleet.networkInterfaces.indices, using: &random)
        switch kind {
        case .revoke: return revoke()
        case .authorize:
            let group = Int.random(in: fleet.securityGroups.indices, using: &random)
            let rule = rule(inGroupAt: group)
            fleet.securityGroups[group].rules.append(rule)
            return .ruleAdded(rule, to: fleet.securityGroups[group].id)
        case .join: return join(interface)
        case .leave:
            let old = fleet.networkInterfaces[interface].securityGroups
            guard old.count > 1 else { return nil }
            fleet.networkInterfaces[interface].securityGroups.removeLast()
            return .securityGroupsReplaced(
                of: fleet.networkInterfaces[interface].id, from: old, to: Array(old.dropLast()))
        case .detach:
            let old = fleet.networkInterfaces[interface].status
            let new: NetworkInterfaceStatus = old == .available ? .inUse : .available
            fleet.networkInterfaces[interface].status = new
            return .statusChanged(
                of: fleet.networkInterfaces[interface].id, from: old, to: new)
        case .prefixListEdit: return editList()
        }
    }

    private mutating func revoke() -> FleetChange? {
        let group = Int.random(in: fleet.securityGroups.indices, using: &random)
        let count = fleet.securityGroups[group].rules.count
        guard count > 0 else { return nil }
        let place = Int.random(in: 0..<count, using: &random)
        let rule = fleet.securityGroups[group].rules.remove(at: place)
        return .ruleRemoved(rule, from: fleet.securityGroups[group].id)
    }

    private mutating func join(_ place: Int) -> FleetChange? {
        let group = random.pick(fleet.securityGroups).id
        let old = fleet.networkInterfaces[place].securityGroups
        guard !old.contains(group) else { return nil }
        fleet.networkInterfaces[place].securityGroups.append(group)
        return .securityGroupsReplaced(
            of: fleet.networkInterfaces[place].id, from: old, to: old + [group])
    }

    private mutating func editList() -> FleetChange? {
        let list = Int.random(in: fleet.prefixLists.indices, using: &random)
        let new = CIDRBlock(address(), prefixLength: 24).canonical
        guard !fleet.prefixLists[list].entries.contains(new) else { return nil }
        let old = fleet.prefixLists[list].entries.removeFirst()
        fleet.prefixLists[list].entries.append(new)
        return .prefixListEntriesChanged(
            of: fleet.prefixLists[list].id, removed: [old], added: [new])
    }
}

internal import CloudModel

/// Makes fleets of Alibaba Cloud; the same ones for the same seed.
///
/// Every group has a hundred rules: a fifth name other groups, some a prefix list, the rest blocks.
/// Every interface is in five groups of its VPC, has one address and an instance of its own. Quotas
/// are out of the way, so that no call that the suite makes is refused for them.
struct FleetMaker {
    let shape: FleetShape
    private(set) var fleet = Fleet(vendor: .alibaba)
    private var rules: FleetRuleMaker

    /// The fleet that `shape` and `seed` stand for.
    static func fleet(_ shape: FleetShape, seed: UInt64) -> Fleet {
        var maker = FleetMaker(shape: shape, rules: FleetRuleMaker(shape, seed: seed))
        maker.addVPCs()
        maker.addLists()
        maker.addGroups()
        maker.addInterfaces()
        maker.setQuotas()
        return maker.fleet
    }

    private init(shape: FleetShape, rules: FleetRuleMaker) {
        self.shape = shape
        self.rules = rules
    }

    private mutating func addVPCs() {
        for vpc in 0..<shape.vpcCount {
            fleet.vpcs.append(VPC(id: FleetNames.vpc(vpc), cidrBlocks: [FleetNames.vpcBlock]))
        }
    }

    private mutating func addLists() {
        for list in 0..<shape.listCount {
            var entries: Set<CIDRBlock> = []
            while entries.count < FleetShape.entriesPerList { entries.insert(rules.listEntry()) }
            // One place is left free, for an entry that a call adds.
            fleet.prefixLists.append(
                PrefixList(
                    id: FleetNames.list(list), addressFamily: .ipv4,
                    maxEntries: FleetShape.entriesPerList + 1, entries: entries.sorted(by: <)))
        }
    }

    private mutating func addGroups() {
        for group in 0..<shape.groupCount {
            var made: [SecurityGroupRule] = []
            for place in 0..<FleetShape.rulesPerGroup {
                let number = group * FleetShape.rulesPerGroup + place
                made.append(rules.rule(id: RuleID(number: number), of: group, place: place))
            }
            fleet.securityGroups.append(
                SecurityGroup(
                    id: FleetNames.group(group), vpc: FleetNames.vpc(group % shape.vpcCount),
                    innerAccessPolicy: .drop, rules: made))
        }
        fleet.nextRuleNumber = shape.groupCount * FleetShape.rulesPerGroup
    }

    private mutating func addInterfaces() {
        for place in 0..<shape.interfaceCount {
            let vpc = place % shape.vpcCount
            var groups: Set<Int> = []
            while groups.count < FleetShape.groupsPerInterface {
                groups.insert(rules.group(inVPC: vpc))
            }
            var interface = NetworkInterface(
                id: FleetNames.interface(place), vpc: FleetNames.vpc(vpc),
                addresses: [CIDRBlock(FleetNames.address(ofInterface: place / shape.vpcCount))],
                securityGroups: groups.sorted().map(FleetNames.group))
            interface.instance = FleetNames.instance(place)
            fleet.instances.append(Instance(id: FleetNames.instance(place)))
            fleet.networkInterfaces.append(interface)
        }
    }

    private mutating func setQuotas() {
        let noLimit = 1 << 40
        fleet.quotas.groupsPerInterface = noLimit
        fleet.quotas.rulesPerInterface = noLimit
        fleet.quotas.groupReferencesPerGroup = noLimit
        fleet.quotas.addressesPerGroup = noLimit
    }
}

/// What the things of a made-up fleet are called and where they are.
enum FleetNames {
    /// The block of every VPC.
    static let vpcBlock = CIDRBlock(IPAddress(ipv4: 10 << 24), prefixLength: 8)

    static func vpc(_ number: Int) -> VPCID { VPCID("vpc-\(number)") }
    static func list(_ number: Int) -> PrefixListID { PrefixListID("pl-\(number)") }
    static func group(_ number: Int) -> SecurityGroupID { SecurityGroupID("sg-\(number)") }
    static func instance(_ number: Int) -> InstanceID { InstanceID("i-\(number)") }
    static func interface(_ number: Int) -> NetworkInterfaceID {
        NetworkInterfaceID("eni-\(number)")
    }

    /// The address of a VPC's interface with this number: every seventh, so that blocks between
    /// addresses hold none.
    static func address(ofInterface number: Int) -> IPAddress {
        IPAddress(ipv4: 10 << 24 | UInt32(256 + number * 7))
    }
}

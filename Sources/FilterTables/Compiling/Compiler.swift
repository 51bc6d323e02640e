package import CloudModel

extension FilterTables {
    /// Compiles all rules of a fleet whose ids are unique and whose references hold.
    ///
    /// - Complexity: O(*n* log *n*) in rules, list entries and memberships.
    package init(compiling fleet: Fleet) {
        var compiler = Compiler(fleet)
        compiler.addInterfaces()
        compiler.addRuleTables()
        compiler.addPolicies()
        compiler.addAddressSpaces()
        self = compiler.tables
    }
}

/// The work of compiling a fleet: the tables so far, and what is only needed on the way.
struct Compiler {
    let fleet: Fleet
    var tables = FilterTables()
    var selectors = SelectorNumbers()
    var serviceRanges: Set<ClosedRange<UInt32>> = []
    var sourceRanges: Set<ClosedRange<UInt32>> = []

    let placeOfGroup: [SecurityGroupID: Int]
    let placeOfList: [PrefixListID: Int]
    let portLists: [PortListID: [PortRange]]
    /// The address space of each VPC; the last is the classic network's.
    let spaceOfVPC: [VPCID: Int]
    let spaceCount: Int

    /// The selectors that rules of each address space name.
    var selectorsOfSpace: [Set<SelectorID>]
    /// The sets of groups in use, each sorted by place.
    var numberOfGroupSet: [[Int]: UInt32] = [:]
    var groupSets: [[Int]] = []
    /// For each group ingress, then egress: its table's number.
    var tablesOfGroups: [UInt32?] = []
    /// For ingress, then egress: the table of the steps before every group's rules.
    var preludes: [UInt32?] = []

    init(_ fleet: Fleet) {
        self.fleet = fleet
        placeOfGroup = Compiler.places(fleet.securityGroups.map(\.id))
        placeOfList = Compiler.places(fleet.prefixLists.map(\.id))
        portLists = Dictionary(
            uniqueKeysWithValues: fleet.portLists.map { ($0.id, $0.ranges) })
        spaceOfVPC = Compiler.places(fleet.vpcs.map(\.id))
        spaceCount = fleet.vpcs.count + 1
        selectorsOfSpace = Array(repeating: [], count: spaceCount)
        tables.fragments = fleet.switches.fragments
    }

    private static func places<ID: Hashable>(_ ids: [ID]) -> [ID: Int] {
        Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($0.element, $0.offset) })
    }

    /// The address space of a VPC; the classic network's for `nil`.
    func space(of vpc: VPCID?) -> Int { vpc.flatMap { spaceOfVPC[$0] } ?? spaceCount - 1 }

    /// Interfaces, and the sets of groups that they are in.
    mutating func addInterfaces() {
        tables.directory = InterfaceDirectory(fleet.networkInterfaces)
        for interface in fleet.networkInterfaces {
            let set = Set(interface.securityGroups.compactMap { placeOfGroup[$0] }).sorted()
            let number = numberOfGroupSet[set] ?? UInt32(groupSets.count)
            if numberOfGroupSet.updateValue(number, forKey: set) == nil { groupSets.append(set) }
            let state: FilterTables.InterfaceState =
                !interface.status.carriesTraffic
                ? .notAttached : set.isEmpty ? .withoutGroups : .filtering
            tables.interfaces.append(
                FilterTables.InterfaceRecord(
                    groupSet: number, addressSpace: UInt32(space(of: interface.vpc)), state: state))
        }
    }

    /// For each set of groups and direction, the tables to ask and the default step.
    mutating func addPolicies() {
        let openFlows = fleet.securityGroups.map { OpenFlows(of: $0.rules) }
        for set in groupSets {
            tables.openFlows.append(set.reduce(into: []) { $0.formUnion(openFlows[$1]) })
            for (offset, direction) in [Direction.ingress, .egress].enumerated() {
                let first = tables.tablesOfPolicies.count
                let ofGroups = set.map { tablesOfGroups[2 * $0 + offset] }
                tables.tablesOfPolicies += ([preludes[offset]] + ofGroups).compactMap(\.self)
                tables.policies.append(
                    FilterTables.Policy(
                        tables: first..<tables.tablesOfPolicies.count,
                        defaultOutcome: defaultOutcome(of: set, direction)))
            }
        }
    }

    /// What happens when nothing matches. Source: SEMANTICS A.4 step 5, B.2 step 4.
    private func defaultOutcome(of set: [Int], _ direction: Direction) -> Outcome {
        if fleet.vendor == .aws { return Outcome(.drop, .implicitDeny) }
        let isBasic = set.allSatisfy { fleet.securityGroups[$0].type == .normal }
        return Outcome(direction == .egress && isBasic ? .accept : .drop, .default)
    }
}

package import CloudModel

/// Reads one fleet, format `sluice-fleet/1`, from wherever in a JSON document it stands.
///
/// Two passes. The first goes through the text and checks what can be seen in one object; the second
/// (``checkReferences(reportingTo:)``, ``checkAddresses(reportingTo:)``) goes through the fleet and checks what
/// holds between objects. All mistakes end up in the document's logs.
package struct FleetReader {
    /// The only format there is.
    package static let format = "sluice-fleet/1"

    /// Where an object that references are checked for stood in the file.
    struct Origin {
        var offset: Int
        /// Its position in its array in the file, where malformed neighbours count.
        var index: Int
    }

    var fleet: Fleet
    /// Whether the file says which vendor's fleet it is; if not, its groups are not read.
    let isVendorKnown: Bool
    /// The path of the fleet itself in the document.
    let root: JSONPath

    // What is there, by id, as positions in the fleet's arrays.
    var vpcIDs: Set<VPCID> = []
    var instanceIDs: Set<InstanceID> = []
    var interfaceIDs: Set<NetworkInterfaceID> = []
    var ruleIDs: Set<RuleID> = []
    var portListIDs: Set<PortListID> = []
    var prefixListPositions: [PrefixListID: Int] = [:]
    var groupPositions: [SecurityGroupID: Int] = [:]

    // INVARIANT: one origin for each element of the fleet's array; rules of all groups in one row.
    var groupOrigins: [Origin] = []
    var ruleOrigins: [Origin] = []
    var interfaceOrigins: [Origin] = []
    /// Interfaces whose addresses are malformed and so not worth comparing.
    var interfacesWithBadAddresses: Set<NetworkInterfaceID> = []

    /// The keys of a fleet.
    enum Key: String, JSONKey {
        case format, vendor, region, account, vpcs, prefixLists, portLists, securityGroups
        case networkInterfaces, instances, quotas, switches, supportedRegions
        case loadBalancerSources, platformProbes, faults, nextRuleNumber

        static let table = JSONKeyTable<Key>()
    }

    /// The fleet that comes next in `document`; `nil` if mistakes in it were reported there.
    ///
    /// - Complexity: O(*n* log *n*) for *n* addresses, linear in everything else.
    /// - Throws: the syntax error that ended the reading; mistakes before it are in the logs.
    package static func readFleet(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> Fleet? {
        let errorCount = document.errors.count
        guard try document.expect(.object) else { return nil }
        let head = FleetHead(scanning: document.json)
        guard head.isFleet else {
            document.report(.notAFleet, at: [.key(Key.format.rawValue)], below: head.start)
            try document.json.skipValue()
            return nil
        }
        var reader = FleetReader(vendor: head.vendor, root: document.json.path)
        try reader.readMembers(of: &document)
        reader.checkReferences(reportingTo: &document)
        reader.checkAddresses(reportingTo: &document)
        reader.numberRules()
        return document.errors.count == errorCount ? reader.fleet : nil
    }

    private init(vendor: Vendor?, root: JSONPath) {
        fleet = Fleet(vendor: vendor ?? .alibaba)
        isVendorKnown = vendor != nil
        self.root = root
    }

    private mutating func readMembers(
        of document: inout DocumentReader
    ) throws(JSONSyntaxError) {
        guard var object = try document.enterObject(of: Key.self) else { return }
        while let key = try document.nextKey(in: &object) {
            switch key {
            case .format: _ = try document.readString()
            case .vendor: _ = try document.readWord(Vendor.self)
            case .region: fleet.region = try document.readString()
            case .account: fleet.account = try document.readString()
            case .vpcs: try readVPCs(from: &document)
            case .prefixLists: try readPrefixLists(from: &document)
            case .portLists: try readPortLists(from: &document)
            // What a rule may say depends on the vendor: without it, rules would be blamed wrongly.
            case .securityGroups where !isVendorKnown: try document.skipValue()
            case .securityGroups: try readSecurityGroups(from: &document)
            case .networkInterfaces: try readNetworkInterfaces(from: &document)
            case .instances: try readInstances(from: &document)
            case .quotas: try readQuotas(from: &document)
            case .switches: try readSwitches(from: &document)
            case .supportedRegions: fleet.supportedRegions = try document.readStrings()
            case .loadBalancerSources:
                fleet.loadBalancerSources = try document.readBlocks() ?? []
            case .platformProbes: fleet.platformProbes = try document.readBlocks() ?? []
            case .faults: try readFaults(from: &document)
            case .nextRuleNumber:
                fleet.nextRuleNumber = try document.readInteger(in: 1...(1 << 60)) ?? 1
            }
        }
        document.require(.vendor, in: object)
    }

    /// Gives an id to each rule that came without one.
    private mutating func numberRules() {
        for group in fleet.securityGroups.indices {
            for rule in fleet.securityGroups[group].rules.indices
            where fleet.securityGroups[group].rules[rule].id == RuleDraft.unnumbered {
                fleet.securityGroups[group].rules[rule].id = nextFreeRuleID()
            }
        }
    }

    /// The next id of the fleet's counter that no rule has.
    private mutating func nextFreeRuleID() -> RuleID {
        while true {
            let id = RuleID(number: fleet.nextRuleNumber)
            fleet.nextRuleNumber += 1
            if ruleIDs.insert(id).inserted { return id }
        }
    }
}

/// What must be known of a fleet before it is read: keys come in any order, and what a rule means
/// depends on the vendor.
private struct FleetHead {
    let start: Int
    private(set) var isFleet = false
    private(set) var vendor: Vendor?

    /// Looks ahead from the fleet that comes next in `reader`, no further than needed.
    init(scanning reader: JSONReader) {
        start = reader.valueStart
        do throws(JSONSyntaxError) {
            try scan(reader)
        } catch {
            // The pass that follows meets the same error and reports it with what it found before.
        }
    }

    private mutating func scan(_ start: JSONReader) throws(JSONSyntaxError) {
        var reader = start
        try reader.enterObject()
        while !isFleet || vendor == nil, let key = try reader.nextKey() {
            let name = FleetReader.Key(rawValue: reader.string(key))
            guard name == .format || name == .vendor, try reader.nextKind() == .string else {
                try reader.skipValue()
                continue
            }
            let word = reader.string(try reader.readText())
            if name == .format, !isFleet { isFleet = word == FleetReader.format }
            if name == .vendor, vendor == nil { vendor = Vendor(rawValue: word) }
        }
    }
}

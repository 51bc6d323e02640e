internal import CloudModel

private enum VPCKey: String, JSONKey {
    case id, cidrBlocks, isDefault

    static let table = JSONKeyTable<VPCKey>()
}

private enum PrefixListKey: String, JSONKey {
    case id, addressFamily, maxEntries, entries, owner, version

    static let table = JSONKeyTable<PrefixListKey>()
}

private enum PortListKey: String, JSONKey {
    case id, ranges

    static let table = JSONKeyTable<PortListKey>()
}

extension FleetReader {
    /// Reads the array of VPCs.
    mutating func readVPCs(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard try document.enterArray() else { return }
        while try document.nextElement() {
            guard var object = try document.enterObject(of: VPCKey.self) else { continue }
            var id: VPCID?
            var vpc = VPC(id: "")
            while let key = try document.nextKey(in: &object) {
                switch key {
                case .id: id = try document.readID(VPCID.self)
                case .cidrBlocks: vpc.cidrBlocks = try document.readBlocks() ?? []
                case .isDefault: vpc.isDefault = try document.readBoolean() ?? false
                }
            }
            document.require(.id, in: object)
            guard let id, note(id, as: .vpc, in: \.vpcIDs, object.start, &document) else {
                continue
            }
            vpc.id = id
            fleet.vpcs.append(vpc)
        }
    }

    /// Reads the array of port lists.
    mutating func readPortLists(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard try document.enterArray() else { return }
        while try document.nextElement() {
            guard var object = try document.enterObject(of: PortListKey.self) else { continue }
            var id: PortListID?
            var ranges: [PortRange] = []
            while let key = try document.nextKey(in: &object) {
                switch key {
                case .id: id = try document.readID(PortListID.self)
                case .ranges: ranges = try readPortRanges(from: &document)
                }
            }
            document.require(.id, .ranges, in: object)
            guard let id, note(id, as: .portList, in: \.portListIDs, object.start, &document)
            else { continue }
            fleet.portLists.append(PortList(id: id, ranges: ranges))
        }
    }

    /// Reads the array of prefix lists.
    mutating func readPrefixLists(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard try document.enterArray() else { return }
        while try document.nextElement() {
            guard let list = try readPrefixList(from: &document) else { continue }
            prefixListPositions[list.id] = fleet.prefixLists.count
            fleet.prefixLists.append(list)
        }
    }

    /// Remembers the id of the object that began at `start`; false, and reported, if another object
    /// of its kind has it.
    mutating func note<ID: CloudIdentifier>(
        _ id: ID, as thing: FileMistake.Thing, in known: WritableKeyPath<FleetReader, Set<ID>>,
        _ start: Int, _ document: inout DocumentReader
    ) -> Bool {
        if self[keyPath: known].insert(id).inserted { return true }
        document.report(.duplicateID(thing, id.text), at: [.key("id")], below: start)
        return false
    }

    private func readPortRanges(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> [PortRange] {
        guard try document.enterArray() else { return [] }
        var ranges: [PortRange] = []
        while try document.nextElement() {
            if let range = try document.readPortRange() { ranges.append(range) }
        }
        return ranges
    }

    private func readPrefixList(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> PrefixList? {
        guard var object = try document.enterObject(of: PrefixListKey.self) else { return nil }
        var id: PrefixListID?
        var maxEntries: Int?
        var family: AddressFamily?
        var entries: [CIDRBlock]? = []
        var owner: String?
        var version: Int?
        while let key = try document.nextKey(in: &object) {
            switch key {
            case .id: id = try document.readID(PrefixListID.self)
            case .addressFamily: family = try document.readWordInAnyCase(AddressFamily.self)
            case .maxEntries: maxEntries = try document.readInteger(in: 1...Int(Int32.max))
            case .entries: entries = try document.readBlocks()
            case .owner: owner = try document.readString()
            case .version: version = try document.readInteger(in: 0...Int.max)
            }
        }
        document.require(.id, .addressFamily, in: object)
        if let entries {
            check(entries, family: family, maximum: maxEntries, listAt: object.start, &document)
        }
        guard let id, let family else { return nil }
        guard prefixListPositions[id] == nil else {
            document.report(
                .duplicateID(.prefixList, id.text), at: [.key("id")], below: object.start)
            return nil
        }
        return PrefixList(
            id: id, addressFamily: family, maxEntries: maxEntries,
            entries: entries?.map(\.canonical) ?? [], owner: owner, version: version)
    }

    /// Reports entries that are of the wrong family, given twice, too many, or not canonical where
    /// the vendor insists on it. Source: SEMANTICS A.10 and, for AWS, B.1.
    private func check(
        _ entries: [CIDRBlock], family: AddressFamily?, maximum: Int?, listAt start: Int,
        _ document: inout DocumentReader
    ) {
        let key = JSONPath.Step.key(PrefixListKey.entries.rawValue)
        var known: Set<CIDRBlock> = []
        for (index, entry) in entries.enumerated() {
            if let family, entry.family != family {
                document.report(
                    .entryOfOtherFamily(family), at: [key, .index(index)], below: start)
            }
            if fleet.vendor == .alibaba, entry.hasHostBits {
                document.report(.hostBits(entry), at: [key, .index(index)], below: start)
            }
            if !known.insert(entry).inserted {
                document.report(
                    .duplicateEntry(entry.canonical.description), at: [key, .index(index)],
                    below: start)
            }
        }
        if let maximum, entries.count > maximum {
            document.report(.moreEntriesThanMaximum(maximum), at: [key], below: start)
        }
    }
}

internal import CloudModel

extension Operation {
    /// Adds entries to a prefix list and removes others. Source: SEMANTICS A.10, D.
    static let modifyPrefixList = Operation(
        "ModifyPrefixList",
        parameters: [
            "RegionId", "ClientToken", "PrefixListId", "PrefixListName", "Description", "AddEntry",
            "RemoveEntry",
        ],
        mandatory: ["PrefixListId"], plan: planEntries)
}

private func planEntries(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let id = try parameters.text("PrefixListId", orRefuse: .invalidParameter("PrefixListId"))
    guard let id, let list = state.prefixList(PrefixListID(id)), state.isOwn(list.owner) else {
        throw .unknownPrefixList(PrefixListID(id ?? ""))
    }
    let edit = PrefixListEdit(
        adding: try readEntries(parameters.list("AddEntry") ?? [], of: list),
        removing: try readEntries(parameters.list("RemoveEntry") ?? [], of: list), list)
    try refuse(.duplicateEntry, if: edit.hasDuplicates)
    try refuse(.tooManyEntries(limit: list.maxEntries), if: edit.entryCount > list.maxEntries)
    return Plan(
        changes: edit.changes,
        warnings: edit.missing.map { "the prefix list `\(list.id)` has no entry `\($0)`" })
}

/// The blocks of entries, which are objects or bare blocks.
private func readEntries(
    _ entries: [ParameterValue], of list: PrefixList
) throws(Refusal) -> [CIDRBlock] {
    try refuse(.tooManyChanges, if: entries.count > entryLimit)
    var blocks: [CIDRBlock] = []
    for entry in entries {
        var text = entry.text
        if case .object(let members) = entry {
            let object = Parameters(members)
            if let stranger = object.names.first(where: { $0 != "Cidr" && $0 != "Description" }) {
                throw .unsupportedParameter(stranger)
            }
            text = object["Cidr"]?.text
        }
        guard let block = CIDRBlock(text ?? ""), block.family == list.addressFamily,
            !block.hasHostBits
        else { throw .malformedEntry(text ?? "") }
        blocks.append(block)
    }
    return blocks
}

/// How many entries one call may add or remove: as many as a list can have.
private let entryLimit = 200

/// What a call does to the entries of a list.
struct PrefixListEdit {
    private let list: PrefixList
    private let adding: [CIDRBlock]
    private let removing: [CIDRBlock]
    private let present: Set<CIDRBlock>

    init(adding: [CIDRBlock], removing: [CIDRBlock], _ list: PrefixList) {
        (self.adding, self.removing, self.list) = (adding, removing, list)
        present = Set(list.entries)
    }

    /// Whether a block is named twice.
    var hasDuplicates: Bool { Set(adding + removing).count < adding.count + removing.count }

    /// The blocks to add that are not there.
    var added: [CIDRBlock] { adding.filter { !present.contains($0) } }
    /// The blocks to remove that are there.
    var removed: [CIDRBlock] { removing.filter(present.contains) }
    /// The blocks to remove that are not there.
    var missing: [CIDRBlock] { removing.filter { !present.contains($0) } }
    /// The blocks to add that are there.
    var redundant: [CIDRBlock] { adding.filter(present.contains) }

    /// How many entries the list has afterwards.
    var entryCount: Int { list.entries.count - removed.count + added.count }

    var changes: [FleetChange] {
        if added.isEmpty, removed.isEmpty { return [] }
        return [.prefixListEntriesChanged(of: list.id, removed: removed, added: added)]
    }
}

extension Refusal {
    fileprivate static func malformedEntry(_ text: String) -> Refusal {
        Refusal(
            400, "InvalidParameter.CidrMalformed",
            "`\(text)` is no block of the prefix list's ip version without host bits")
    }

    fileprivate static let duplicateEntry = Refusal(
        400, "InvalidParameter.CidrDuplicated", "a block is named more than once")

    fileprivate static let tooManyChanges = Refusal(
        400, "LimitExceed.Entry", "one call can name at most \(entryLimit) entries")

    fileprivate static func tooManyEntries(limit: Int) -> Refusal {
        Refusal(
            400, "LimitExceed.MaxEntries", "the prefix list can have at most \(limit) entries")
    }
}

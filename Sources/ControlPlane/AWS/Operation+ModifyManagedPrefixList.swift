internal import CloudModel

extension Operation {
    /// Makes a new version of a prefix list, or gives it room for more entries. Source: SEMANTICS
    /// D.
    static let modifyManagedPrefixList = Operation(
        "ModifyManagedPrefixList",
        parameters: [
            "PrefixListId", "CurrentVersion", "AddEntry", "AddEntries", "RemoveEntry",
            "RemoveEntries", "MaxEntries", "PrefixListName", "DryRun",
        ],
        plan: planList)
}

private func planList(_ parameters: Parameters, _ state: CloudState) throws(Refusal) -> Plan {
    let id = try parameters.text("PrefixListId", orRefuse: .invalidValue("PrefixListId"))
    guard let id else { throw .missingParameter("PrefixListId") }
    let version = try parameters.port("CurrentVersion")
    let maxEntries = try parameters.port("MaxEntries")
    let additions = try parameters.objects(
        "AddEntry", "AddEntries", known: ["Cidr", "Description"])
    let removals = try parameters.objects("RemoveEntry", "RemoveEntries", known: ["Cidr"])
    let editsEntries = !additions.isEmpty || !removals.isEmpty
    try refuse(
        .badCombination("entries and `MaxEntries` cannot be changed in one call"),
        if: editsEntries && maxEntries != nil)
    try refuse(.invalidValue("MaxEntries"), if: !(1...1000).contains(maxEntries ?? 1))
    guard let list = state.prefixList(PrefixListID(id)), state.isOwn(list.owner) else {
        throw .unknownAWSPrefixList(PrefixListID(id))
    }
    let edit = PrefixListEdit(
        adding: try readBlocks(additions, of: list), removing: try readBlocks(removals, of: list),
        list)
    try parameters.refuseDryRun()
    if let version, let current = list.version {
        try refuse(.versionMismatch(list.id, current: current), if: version != current)
    }
    try refuse(.invalidEntries, if: edit.hasDuplicates)
    try refuse(.invalidEntries, if: !edit.missing.isEmpty || !edit.redundant.isEmpty)
    let limit = maxEntries ?? list.maxEntries
    try refuse(.tooManyEntries(limit: limit), if: edit.entryCount > limit)
    var changes = edit.changes
    if !changes.isEmpty || limit != list.maxEntries {
        let next = changes.isEmpty ? list.version : (list.version ?? version ?? 1) + 1
        changes.append(.prefixListRevised(list.id, maxEntries: limit, version: next))
    }
    return Plan(changes: changes)
}

private func readBlocks(
    _ entries: [Parameters], of list: PrefixList
) throws(Refusal) -> [CIDRBlock] {
    var blocks: [CIDRBlock] = []
    for entry in entries {
        guard case .cidr(let block) = try entry.block("Cidr", list.addressFamily) else { continue }
        blocks.append(block)
    }
    return blocks
}

extension Refusal {
    fileprivate static func versionMismatch(_ id: PrefixListID, current: Int) -> Refusal {
        Refusal(
            400, "PrefixListVersionMismatch", "the prefix list `\(id)` is at version \(current)")
    }

    fileprivate static let invalidEntries = Refusal(
        400, "InvalidPrefixListModification",
        "an entry is named twice, is there already, or is not there to be removed")

    fileprivate static func tooManyEntries(limit: Int) -> Refusal {
        Refusal(
            400, "PrefixListMaxEntriesExceeded",
            "the prefix list can have at most \(limit) entries")
    }
}

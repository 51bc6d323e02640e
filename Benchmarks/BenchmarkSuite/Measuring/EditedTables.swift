internal import CloudModel
internal import ControlPlane
internal import FilterTables

/// A fleet's tables under changes of all kinds, each of which is undone some time later.
struct EditedTables: TableWriter {
    private let fleet: Fleet
    private var editor: TableEditor
    private(set) var tables: FilterTables
    private var undoing: [(target: Target, change: FleetChange)] = []
    private var rules: FleetRuleMaker

    /// What a change is about. No two changes about the same are made at a time.
    private enum Target: Hashable {
        case rule(RuleID)
        case interface(NetworkInterfaceID)
        case list(PrefixListID)
    }

    /// At most so many changes wait to be undone.
    private static let mostUndoing = 64

    init(_ fleet: Fleet, _ shape: FleetShape, seed: UInt64) {
        self.fleet = fleet
        editor = TableEditor(compiling: fleet)
        tables = editor.tables
        rules = FleetRuleMaker(shape, seed: seed)
    }

    var place: (Int) -> Int32 {
        let scan = ReferenceScan(fleet)
        let tables = tables
        return { scan.place(of: tables.rule($0).rule) }
    }

    @discardableResult
    mutating func edit() -> FilterTables {
        let isUndoing =
            undoing.count == EditedTables.mostUndoing
            || !undoing.isEmpty && rules.random.happens(0.5)
        if isUndoing { undo() } else { change() }
        return tables
    }

    mutating func restore() {
        while !undoing.isEmpty { undo() }
    }

    private mutating func undo() {
        let place = rules.random.below(undoing.count)
        apply(undoing.remove(at: place).change)
    }

    private mutating func change() {
        while true {
            let (target, change, inverse) = nextChange()
            guard !undoing.contains(where: { $0.target == target }) else { continue }
            undoing.append((target, inverse))
            return apply(change)
        }
    }

    private mutating func apply(_ change: FleetChange) {
        editor.apply([change])
        tables = editor.tables
    }

    // MARK: Changes

    private mutating func nextChange() -> (Target, FleetChange, inverse: FleetChange) {
        switch rules.random.below(4) {
        case 0: return ruleChange()
        case 1: return groupChange()
        case 2: return statusChange()
        default: return listChange()
        }
    }

    private mutating func ruleChange() -> (Target, FleetChange, inverse: FleetChange) {
        let group = fleet.securityGroups[rules.random.below(fleet.securityGroups.count)]
        let rule = group.rules[rules.random.below(group.rules.count)]
        return (
            .rule(rule.id), .ruleRemoved(rule, from: group.id), .ruleAdded(rule, to: group.id)
        )
    }

    /// An interface that leaves one of its groups for another.
    private mutating func groupChange() -> (Target, FleetChange, inverse: FleetChange) {
        let (place, interface) = anyInterface()
        let old = interface.securityGroups
        var new = old
        new.remove(at: rules.random.below(new.count))
        let joined = FleetNames.group(rules.group(inVPC: place % fleet.vpcs.count))
        if !old.contains(joined) { new.append(joined) }
        return (
            .interface(interface.id),
            .securityGroupsReplaced(of: interface.id, from: old, to: new),
            .securityGroupsReplaced(of: interface.id, from: new, to: old)
        )
    }

    private mutating func statusChange() -> (Target, FleetChange, inverse: FleetChange) {
        let (_, interface) = anyInterface()
        return (
            .interface(interface.id),
            .statusChanged(of: interface.id, from: interface.status, to: .available),
            .statusChanged(of: interface.id, from: .available, to: interface.status)
        )
    }

    private mutating func listChange() -> (Target, FleetChange, inverse: FleetChange) {
        let list = fleet.prefixLists[rules.random.below(fleet.prefixLists.count)]
        let old = list.entries[rules.random.below(list.entries.count)]
        var new = rules.listEntry()
        while list.entries.contains(new) { new = rules.listEntry() }
        return (
            .list(list.id),
            .prefixListEntriesChanged(of: list.id, removed: [old], added: [new]),
            .prefixListEntriesChanged(of: list.id, removed: [new], added: [old])
        )
    }

    private mutating func anyInterface() -> (place: Int, NetworkInterface) {
        let place = rules.random.below(fleet.networkInterfaces.count)
        return (place, fleet.networkInterfaces[place])
    }
}

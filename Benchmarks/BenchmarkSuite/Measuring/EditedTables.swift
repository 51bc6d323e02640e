internal import CloudModel
internal import FilterTables

/// Tables that follow a fleet through its changes.
struct EditedTables {
    private(set) var tables: FilterTables

    /// Whether a change costs less than compiling, so that many can be measured.
    static let isIncremental = false

    init(_ fleet: Fleet) { tables = FilterTables(compiling: fleet) }

    /// Brings the tables up to date after `changes`, which made the fleet `fleet`.
    mutating func apply(_ changes: [FleetChange], of fleet: Fleet) {
        tables = FilterTables(compiling: fleet)
    }
}

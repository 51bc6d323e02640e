package import CloudModel
package import FilterTables

/// What packets are decided by: a fleet's tables, and the names that answers need.
///
/// A value: a copy is a fork, whose tables share what neither changes. Any thread may read it.
package struct CompiledFleet: Sendable {
    /// The state that was compiled. Changes of the tables leave it as it was: a second holder of the
    /// state would make whoever changes it copy all of it for each change.
    package let original: Fleet
    package private(set) var tables: FilterTables
    // `nil` in a copy that only reads.
    private var editor: TableEditor?
    /// By an interface's place in the fleet's list, as the tables number them.
    package let networkInterfaces: [NetworkInterfaceID]
    /// How a fragment without a transport header is decided.
    package let fragments: Switches.Fragments

    /// Compiles `fleet`.
    package init(_ fleet: Fleet) {
        original = fleet
        let editor = TableEditor(compiling: fleet)
        self.editor = editor
        tables = editor.tables
        networkInterfaces = fleet.networkInterfaces.map(\.id)
        fragments = fleet.switches.fragments
    }

    /// Has the tables follow `changes`, and returns the numbers of the rules that ended.
    ///
    /// - Complexity: that of ``FilterTables/TableEditor/apply(_:)``.
    mutating func follow(_ changes: [FleetChange]) -> [Int] {
        guard var editor = editor.take() else { preconditionFailure("a copy that only reads") }
        let endedRules = editor.apply(changes)
        tables = editor.tables
        self.editor = editor
        return endedRules
    }

    /// A copy that decides and follows no changes: while there is another that could, each change copies
    /// what both have.
    var forReading: CompiledFleet {
        var copy = self
        copy.editor = nil
        return copy
    }

    /// Takes the tables of `other`, which followed changes.
    mutating func follow(_ other: CompiledFleet) { tables = other.tables }

    /// The placement at the interface that `binding` names; `nil` if the fleet has no such interface.
    ///
    /// - Complexity: O(interfaces).
    package func placement(_ binding: InterfaceBinding) -> Placement? {
        networkInterfaces.firstIndex(of: binding.networkInterface).map {
            .bound(interface: $0, binding.direction)
        }
    }
}

/// Where the packets of a capture are evaluated.
package enum Placement: Hashable, Sendable {
    /// Egress at the interface that owns the source, then ingress at the one that owns the
    /// destination. `vpc` is the address space meant when interfaces of several own an address.
    case byAddress(vpc: VPCID?)
    /// Once, at this place of the fleet's list. Without a direction it is egress if the interface
    /// owns the source, else ingress if it owns the destination, else nowhere.
    case bound(interface: Int, Direction?)
}

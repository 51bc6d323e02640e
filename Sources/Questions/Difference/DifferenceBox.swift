import CloudModel

/// Interfaces with equal policies before and equal policies after, for one direction and family.
struct InterfaceClass {
    /// In ascending order of the ids.
    private(set) var members: [(id: NetworkInterfaceID, addresses: IntervalSet)] = []

    /// Adds an interface with the addresses that it has in either fleet.
    mutating func add(_ id: NetworkInterfaceID, _ addresses: IntervalSet) {
        members.append((id, addresses))
    }

    /// The addresses of all members.
    ///
    /// - Complexity: O(*n* log *n*) in the addresses.
    var addresses: IntervalSet { IntervalSet(members.flatMap { $0.addresses.intervals }) }

    /// The members that own one of `locals`.
    func owners(of locals: IntervalSet) -> [(id: NetworkInterfaceID, addresses: IntervalSet)] {
        members.filter { $0.addresses.overlaps(locals) }
    }
}

/// A box of packets before it is written out: sets by field, and where it is.
struct DifferenceBox: Hashable {
    /// Some of a class's own addresses, at all its members that own one of them.
    struct Place: Hashable {
        let classNumber: Int
        var locals: IntervalSet
    }

    let direction: Direction
    let before: Decision
    let after: Decision
    /// By field, whole where the field is not restricted. That of the local address is empty: the
    /// places have it.
    private var sets: [IntervalSet]
    /// In ascending order of the classes, one each.
    var places: [Place]

    /// A box at one class of interfaces, with their own addresses among the sets.
    init(
        direction: Direction, before: Decision, after: Decision, sets: [IntervalSet],
        classNumber: Int
    ) {
        self.direction = direction
        self.before = before
        self.after = after
        self.sets = sets
        places = [Place(classNumber: classNumber, locals: sets[PacketField.local.rawValue])]
        self[.local] = IntervalSet()
    }

    /// The interfaces' addresses of all places.
    var locals: IntervalSet { IntervalSet(places.flatMap { $0.locals.intervals }) }

    /// The field's values in the box.
    subscript(field: PacketField) -> IntervalSet {
        get { sets[field.rawValue] }
        set { sets[field.rawValue] = newValue }
    }
}

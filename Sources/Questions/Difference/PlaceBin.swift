import CloudModel

/// Places that one box can have: each of its interfaces stands for its own addresses among those of
/// the box, so none may own an address that the box has only for another interface.
///
/// That is otherwise possible where VPCs overlap.
struct PlaceBin {
    // INVARIANT: one place a class, in ascending order.
    private(set) var places: [DifferenceBox.Place]
    // What lies in no place and belongs to no class that has one is free of conflicts.
    private var locals: IntervalSet
    private var addresses: IntervalSet

    /// The places of a box.
    init(_ places: [DifferenceBox.Place], _ classAddresses: [IntervalSet]) {
        self.places = places
        locals = IntervalSet(places.flatMap { $0.locals.intervals })
        addresses = IntervalSet(places.flatMap { classAddresses[$0.classNumber].intervals })
    }

    /// Adds the places of another box; where one does not fit, the bin is of no use any more.
    ///
    /// - Returns: Whether all of them fit.
    mutating func add(
        _ others: [DifferenceBox.Place], _ classes: [InterfaceClass],
        _ classAddresses: [IntervalSet]
    ) -> Bool {
        for place in others where !add(place, classes, classAddresses) { return false }
        return true
    }

    private mutating func add(
        _ place: DifferenceBox.Place, _ classes: [InterfaceClass],
        _ classAddresses: [IntervalSet]
    ) -> Bool {
        let index = places.firstIndex { $0.classNumber >= place.classNumber } ?? places.count
        let isKnown = index < places.count && places[index].classNumber == place.classNumber
        var joined = place
        if isKnown { joined.locals = joined.locals.union(places[index].locals) }
        let own = classAddresses[place.classNumber]
        if isKnown || own.overlaps(locals) || addresses.overlaps(joined.locals) {
            for other in places where other.classNumber != place.classNumber {
                guard PlaceBin.fits(joined, beside: other, classes),
                    PlaceBin.fits(other, beside: joined, classes)
                else { return false }
            }
        }
        if isKnown { places[index] = joined } else { places.insert(joined, at: index) }
        locals = locals.union(joined.locals)
        addresses = addresses.union(own)
        return true
    }

    /// Whether no interface of `place` owns an address that only `other` has.
    private static func fits(
        _ place: DifferenceBox.Place, beside other: DifferenceBox.Place,
        _ classes: [InterfaceClass]
    ) -> Bool {
        let foreign = other.locals.subtracting(place.locals)
        guard !foreign.isEmpty else { return true }
        return classes[place.classNumber].members.allSatisfy { member in
            !member.addresses.overlaps(foreign) || !member.addresses.overlaps(place.locals)
        }
    }
}

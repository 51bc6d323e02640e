import CloudModel

/// Joins boxes whose union is a box, until no two are left that could be joined.
///
/// Two boxes can be joined if they decide the same and differ in one respect only: one field, or the
/// places, which are interfaces and their addresses together. See ``PlaceBin`` for those.
struct BoxMerger {
    /// What boxes that are joined may differ in.
    private enum Respect {
        case field(PacketField)
        case places
    }

    private let classes: [InterfaceClass]
    // By class: the addresses of all members.
    private let classAddresses: [IntervalSet]

    init(_ classes: [InterfaceClass]) {
        self.classes = classes
        classAddresses = classes.map(\.addresses)
    }

    /// The joined boxes, in the order in which the first box of each stands.
    ///
    /// - Complexity: a few passes over the boxes; each hashes every box once for each field.
    func merge(_ boxes: [DifferenceBox]) -> [DifferenceBox] {
        var boxes = boxes
        var count: Int
        repeat {
            count = boxes.count
            boxes = joinPlaces(boxes)
            for field in PacketField.allCases.reversed() where field != .local {
                boxes = join(boxes, along: field)
            }
        } while boxes.count < count
        return boxes
    }

    /// Joins boxes that differ in `field` only. They are disjoint, so the sets add up.
    private func join(_ boxes: [DifferenceBox], along field: PacketField) -> [DifferenceBox] {
        group(boxes, differingIn: .field(field)).map { members in
            var box = boxes[members[0]]
            if members.count > 1 {
                box[field] = IntervalSet(members.flatMap { boxes[$0][field].intervals })
            }
            return box
        }
    }

    /// Joins boxes that differ in their places only, where that says no more than they do.
    private func joinPlaces(_ boxes: [DifferenceBox]) -> [DifferenceBox] {
        group(boxes, differingIn: .places).flatMap { members in
            var bins: [PlaceBin] = []
            for member in members { add(boxes[member].places, to: &bins) }
            return bins.map { bin in
                var box = boxes[members[0]]
                box.places = bin.places
                return box
            }
        }
    }

    private func add(_ places: [DifferenceBox.Place], to bins: inout [PlaceBin]) {
        for index in bins.indices {
            var bin = bins[index]
            if bin.add(places, classes, classAddresses) { return bins[index] = bin }
        }
        bins.append(PlaceBin(places, classAddresses))
    }

    /// The indexes of boxes that are equal in all but one respect, together.
    private func group(_ boxes: [DifferenceBox], differingIn respect: Respect) -> [[Int]] {
        var groups: [DifferenceBox: Int] = [:]
        var members: [[Int]] = []
        for index in boxes.indices {
            var key = boxes[index]
            switch respect {
            case .field(let field): key[field] = IntervalSet()
            case .places: key.places = []
            }
            if let group = groups[key] {
                members[group].append(index)
            } else {
                groups[key] = members.count
                members.append([index])
            }
        }
        return members
    }
}

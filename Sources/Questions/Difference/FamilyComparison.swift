import CloudModel

/// The comparison of two fleets for the packets of one IP version.
struct FamilyComparison {
    /// A policy before and a policy after, for one direction.
    private struct PolicyPair: Hashable {
        let direction: Direction
        let before: [Int]
        let after: [Int]
    }

    private let family: AddressFamily
    private let before: FleetIndex
    private let after: FleetIndex
    private var oldPolicies: PolicyReader
    private var newPolicies: PolicyReader
    private var pool: StepPool
    private var diagram = DifferenceDiagram()
    private var pairs = Interner<PolicyPair>()
    // By pair, in the order of the pairs' numbers.
    private var classes: [InterfaceClass] = []

    init(_ before: FleetIndex, _ after: FleetIndex, _ family: AddressFamily) {
        self.family = family
        self.before = before
        self.after = after
        oldPolicies = PolicyReader(before, family)
        newPolicies = PolicyReader(after, family)
        pool = StepPool(family)
    }

    /// The changes at the interfaces with these ids.
    mutating func changes(at ids: [NetworkInterfaceID]) -> [VerdictChange] {
        for id in ids { classify(id) }
        var boxes: [DifferenceBox] = []
        for number in classes.indices { appendBoxes(ofClass: number, to: &boxes) }
        return BoxMerger(classes).merge(boxes)
            .map { VerdictChange($0, family, owners: owners(of: $0)) }
    }

    /// Puts an interface into its class for each direction, unless its policies are the same.
    private mutating func classify(_ id: NetworkInterfaceID) {
        let old = IntervalSet(before.interfaces[id]?.addresses ?? [], family)
        let new = IntervalSet(after.interfaces[id]?.addresses ?? [], family)
        let own = old.union(new)
        guard !own.isEmpty else { return }
        for direction in Direction.allCases {
            let pair = PolicyPair(
                direction: direction,
                before: oldPolicies.policy(of: id, direction, isSameInBoth: old == new, &pool),
                after: newPolicies.policy(of: id, direction, isSameInBoth: old == new, &pool))
            guard pair.before != pair.after else { continue }
            let number = pairs.id(of: pair)
            if number == classes.count { classes.append(InterfaceClass()) }
            classes[number].add(id, own)
        }
    }

    private mutating func appendBoxes(ofClass number: Int, to boxes: inout [DifferenceBox]) {
        let pair = pairs[number]
        guard let root = diagram.root(pair.before, pair.after, pool) else { return }
        let paths = DiagramPaths(
            diagram, pool, direction: pair.direction, classNumber: number,
            addresses: classes[number].addresses)
        paths.appendBoxes(from: root, to: &boxes)
    }

    /// The interfaces of a box, in ascending order.
    private func owners(
        of box: DifferenceBox
    ) -> [(id: NetworkInterfaceID, addresses: IntervalSet)] {
        box.places.flatMap { classes[$0.classNumber].owners(of: $0.locals) }
            .sorted { $0.id < $1.id }
    }
}

/// Writes out the paths of a diagram as boxes at one class of interfaces.
private struct DiagramPaths {
    private let diagram: DifferenceDiagram
    private let pool: StepPool
    private let direction: Direction
    private let classNumber: Int
    private let addresses: IntervalSet

    init(
        _ diagram: DifferenceDiagram, _ pool: StepPool, direction: Direction, classNumber: Int,
        addresses: IntervalSet
    ) {
        self.diagram = diagram
        self.pool = pool
        self.direction = direction
        self.classNumber = classNumber
        self.addresses = addresses
    }

    func appendBoxes(from root: Int, to boxes: inout [DifferenceBox]) {
        var sets = PacketField.allCases.map { pool.domain($0) }
        sets[PacketField.local.rawValue] = addresses
        appendBoxes(from: root, sets, to: &boxes)
    }

    private func appendBoxes(
        from node: Int, _ sets: [IntervalSet], to boxes: inout [DifferenceBox]
    ) {
        switch diagram.nodes[node] {
        case .end(let before, let after):
            boxes.append(
                DifferenceBox(
                    direction: direction, before: pool.outcome(before),
                    after: pool.outcome(after), sets: sets, classNumber: classNumber))
        case .field(let field, let edges):
            for edge in edges {
                var sets = sets
                if let values = edge.values {
                    // Only local addresses are restricted already: to those that are owned.
                    let isLocal = field == .local
                    sets[field.rawValue] = isLocal ? values.intersection(addresses) : values
                }
                guard !sets[field.rawValue].isEmpty else { continue }
                appendBoxes(from: edge.node, sets, to: &boxes)
            }
        }
    }
}

package import CloudModel

extension FleetDifference {
    /// Compares what two fleets decide for every packet at every interface.
    ///
    ///     let difference = FleetDifference(from: fleet, to: fleetAfterRevoke)
    ///     difference.isEqual               // proved, not sampled
    ///     difference.changes.first?.before.rule
    ///
    /// An interface or an address that only one fleet has is decided by the other with `none`, reason
    /// `no-interface`.
    ///
    /// - Precondition: ids are unique in each fleet.
    /// - Complexity: linear in the fleets, plus the work on policies that differ: see
    ///   ``DifferenceDiagram``. Interfaces with equal policies are computed once.
    package init(from before: Fleet, to after: Fleet) {
        let (old, new) = (FleetIndex(before), FleetIndex(after))
        let touched = TouchedInterfaces(old, new).ids()
        var changes: [VerdictChange] = []
        for family in AddressFamily.allCases {
            var comparison = FamilyComparison(old, new, family)
            changes += comparison.changes(at: touched)
        }
        self.changes = changes.sorted { $0.comesBefore($1) }
    }
}

extension VerdictChange {
    /// The change that a box stands for, at these interfaces.
    init(
        _ box: DifferenceBox, _ family: AddressFamily,
        owners: [(id: NetworkInterfaceID, addresses: IntervalSet)]
    ) {
        let (locals, isIngress) = (box.locals, box.direction == .ingress)
        direction = box.direction
        networkInterfaces = owners.map(\.id)
        self.family = family
        protocols = box[.ipProtocol]
        sources = isIngress ? box[.peer] : locals
        destinations = isIngress ? locals : box[.peer]
        sourcePorts = box[.sourcePort]
        destinationPorts = box[.destinationPort]
        icmp = box[.icmp]
        before = box.before
        after = box.after
        example = ExamplePacket(of: box, family, at: owners[0])
    }

    /// The order of a report: what is dropped afterwards first, then by direction, interfaces, outcomes
    /// and fields.
    fileprivate func comesBefore(_ other: VerdictChange) -> Bool {
        let (ranks, otherRanks) = (ranks, other.ranks)
        if ranks != otherRanks { return ranks.lexicographicallyPrecedes(otherRanks) }
        if networkInterfaces != other.networkInterfaces {
            return networkInterfaces.lexicographicallyPrecedes(other.networkInterfaces)
        }
        let (names, otherNames) = (outcomeNames, other.outcomeNames)
        if names != otherNames { return names.lexicographicallyPrecedes(otherNames) }
        let (bounds, otherBounds) = (bounds, other.bounds)
        return bounds.lexicographicallyPrecedes(otherBounds)
    }

    private var ranks: [Int] {
        let verdicts = [Verdict.drop, .accept, .none]
        return [
            verdicts.firstIndex(of: after.verdict) ?? 0,
            verdicts.firstIndex(of: before.verdict) ?? 0,
            direction == .ingress ? 0 : 1, family == .ipv4 ? 0 : 1,
        ]
    }

    private var outcomeNames: [String] {
        [before, after].flatMap { [$0.reason.rawValue, $0.rule?.text ?? ""] }
    }

    private var bounds: [UInt128] {
        [protocols, sources, destinations, destinationPorts, sourcePorts, icmp]
            .flatMap(\.intervals).flatMap { [$0.lower, $0.upper] }
    }
}

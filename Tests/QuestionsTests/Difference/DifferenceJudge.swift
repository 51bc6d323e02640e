import CloudModel
import Questions
import ReferenceFilter
import TestSupport
import Testing

/// Compares the boxes of a difference with what the reference filter says about single packets.
struct DifferenceJudge {
    let before: ReferenceFilter
    let after: ReferenceFilter
    let difference: FleetDifference
    private let seed: UInt64

    init(_ before: Fleet, _ after: Fleet, seed: UInt64 = 0) {
        self.before = ReferenceFilter(before)
        self.after = ReferenceFilter(after)
        self.seed = seed
        difference = FleetDifference(from: before, to: after)
    }

    /// The interfaces of either fleet, with the addresses that they have in either.
    var interfaces: [(id: NetworkInterfaceID, addresses: [CIDRBlock])] {
        let all = before.fleet.networkInterfaces + after.fleet.networkInterfaces
        return Set(all.map(\.id)).sorted().map { id in
            (id, Array(Set(all.filter { $0.id == id }.flatMap(\.addresses))).sorted())
        }
    }

    /// Expects that a packet is in the one box that says what both filters decide, or in none if they
    /// agree.
    ///
    /// - Returns: Whether the verdict changes.
    func judge(
        _ packet: Packet, at id: NetworkInterfaceID, _ direction: Direction
    ) throws -> Bool {
        let old = DifferenceJudge.decide(packet, at: id, direction, before)
        let new = DifferenceJudge.decide(packet, at: id, direction, after)
        let boxes = difference.changes.filter { $0.holds(packet, at: id, direction) }
        let place = "seed \(seed): \(packet), \(direction.rawValue) at \(id)"
        guard old.verdict != new.verdict else {
            try #require(boxes.isEmpty, "\(place): the same, but in a box")
            return false
        }
        try #require(boxes.count == 1, "\(place): in \(boxes.count) boxes")
        try #require(
            boxes[0].before == old && boxes[0].after == new,
            "\(place): \(old) then \(new), but the box says \(boxes[0].before), \(boxes[0].after)")
        return true
    }

    /// Expects that every example is in its box, and that no two boxes could be one.
    func judgeBoxes() throws {
        for change in difference.changes {
            let example = change.example
            try #require(
                change.holds(example.packet, at: example.networkInterface, change.direction))
            let changes = try judge(
                example.packet, at: example.networkInterface, change.direction)
            try #require(changes, "seed \(seed): the example \(example.packet) does not change")
        }
        for (index, change) in difference.changes.enumerated() {
            for other in difference.changes[..<index] {
                try #require(
                    !canBeOne(change, other), "seed \(seed): \(change) and \(other) could be one")
            }
        }
    }

    private static func decide(
        _ packet: Packet, at id: NetworkInterfaceID, _ direction: Direction,
        _ filter: ReferenceFilter
    ) -> Decision {
        let local = packet.addresses(seen: direction).local
        guard let interface = filter.fleet.networkInterfaces.first(where: { $0.id == id }),
            interface.owns(local)
        else { return Decision(.none, .noInterface) }
        var decision = filter.decide(packet, at: interface, direction)
        decision.networkInterface = nil
        decision.direction = nil
        return decision
    }

    private func canBeOne(_ first: VerdictChange, _ second: VerdictChange) -> Bool {
        guard first.direction == second.direction, first.family == second.family,
            first.before == second.before, first.after == second.after
        else { return false }
        let differing =
            [
                first.protocols == second.protocols, first.peers == second.peers,
                first.sourcePorts == second.sourcePorts,
                first.destinationPorts == second.destinationPorts, first.icmp == second.icmp,
            ].count { !$0 }
        let places =
            first.networkInterfaces == second.networkInterfaces && first.locals == second.locals
        if places { return differing <= 1 }
        return differing == 0 && isExact(first, and: second) && isExact(second, and: first)
    }

    /// Whether the interfaces of `first` own no address that only `second` has.
    private func isExact(_ first: VerdictChange, and second: VerdictChange) -> Bool {
        let foreign = second.locals.subtracting(first.locals)
        return interfaces.filter { first.networkInterfaces.contains($0.id) }.allSatisfy {
            let own = IntervalSet($0.addresses, first.family)
            return own.subtracting(foreign) == own
        }
    }
}

internal import CloudModel
internal import FilterTables
package import Sessions

/// What the calls of a what-if did to the sessions that were under way.
package struct SessionsAtChanges: Hashable, Sendable {
    /// Sessions that were cut.
    package internal(set) var cutCount = 0
    /// Of the interfaces that the calls reach, what was left behind each time that calls were made.
    package private(set) var left = SessionCensus()

    mutating func add(_ census: SessionCensus) { left += census }

    /// Whether nothing was under way.
    package var isEmpty: Bool { self == SessionsAtChanges() }
}

extension Evaluator {
    /// The sessions of some interfaces as the rules stand.
    mutating func census(ofInterfacesAt places: [Int]) -> SessionCensus {
        guard policy != .stateless, let lastTime else { return SessionCensus() }
        return sessions.census(ofInterfacesAt: places, at: lastTime, &decider)
    }

    /// The first packet of the flow of `packet` at an interface, and the rule that admits it now; `nil`
    /// if nothing is known of the flow.
    mutating func opening(
        of packet: Packet, at interface: Int, _ direction: Direction
    ) -> (packet: Packet, rule: RuleOrigin?)? {
        let tracked = TrackedPacket(packet, at: interface, direction)
        guard let first = sessions.opening(of: tracked) else { return nil }
        let outcome = decider.outcome(of: Query(first.packet, at: interface, first.direction))
        return (first.packet, outcome.rule.map(fleet.tables.rule))
    }
}

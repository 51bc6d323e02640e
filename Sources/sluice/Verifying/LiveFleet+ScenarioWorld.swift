import CloudModel
import Replay
import Scenarios

/// Scenarios run where replays do: through the compiled tables.
extension LiveFleet: ScenarioWorld {
    init(_ fleet: Fleet) { self.init(fleet, sessions: .standard) }

    mutating func decide(
        _ packet: Packet, at binding: InterfaceBinding?
    ) -> (decision: Decision, evaluations: [Decision]) {
        let place: Placement
        if let binding {
            guard let bound = placement(binding) else {
                return (Decision(.none, .noInterface), [])
            }
            place = bound
        } else {
            place = .byAddress(vpc: nil)
        }
        let answer = decide(packet, at: place)
        return (answer.decision, answer.evaluations)
    }
}

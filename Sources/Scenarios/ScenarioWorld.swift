package import CloudModel
package import ControlPlane
internal import ReferenceFilter

/// Where a scenario takes place: the one part of a run that can be exchanged.
///
/// Its clock begins at zero and moves only with ``advance(by:)``.
package protocol ScenarioWorld: ~Copyable {
    /// A world around `fleet`, in which nothing has happened.
    init(_ fleet: Fleet)

    /// The state after the calls so far.
    var fleet: Fleet { get }

    /// The decision for a packet that passes now, and each evaluation: at the interface that
    /// `binding` names, else where the addresses say.
    mutating func decide(
        _ packet: Packet, at binding: InterfaceBinding?
    ) -> (decision: Decision, evaluations: [Decision])

    /// Carries out a call now, or refuses it and changes nothing.
    mutating func perform(_ request: OperationRequest) -> OperationOutcome

    /// Lets time go by; a negative duration turns the clock back.
    mutating func advance(by duration: Duration)
}

/// The slow world, straight from the semantics.
package struct ReferenceWorld: ScenarioWorld {
    private var cloud: ControlPlane
    private var sessions: ReferenceSessions
    private var clock = Duration.zero

    package init(_ fleet: Fleet) {
        cloud = ControlPlane(fleet)
        sessions = ReferenceSessions(cloud.fleet)
    }

    package var fleet: Fleet { cloud.fleet }

    package mutating func decide(
        _ packet: Packet, at binding: InterfaceBinding?
    ) -> (decision: Decision, evaluations: [Decision]) {
        guard let binding else { return sessions.decide(packet, at: clock) }
        let interface = fleet.networkInterfaces.first { $0.id == binding.networkInterface }
        guard let interface, let direction = binding.direction ?? interface.direction(of: packet)
        else { return (Decision(.none, .noInterface), []) }
        let decision = sessions.decide(packet, at: interface, direction, clock)
        return (decision, [decision])
    }

    package mutating func perform(_ request: OperationRequest) -> OperationOutcome {
        let outcome = cloud.perform(request)
        if case .success(let success) = outcome, !success.changes.isEmpty {
            sessions.apply(cloud.fleet)
        }
        return outcome
    }

    package mutating func advance(by duration: Duration) { clock += duration }
}

extension NetworkInterface {
    /// The way that a packet's addresses say it passes here: out if the source is the interface's
    /// own, else in if the destination is.
    fileprivate func direction(of packet: Packet) -> Direction? {
        owns(packet.source) ? .egress : owns(packet.destination) ? .ingress : nil
    }
}

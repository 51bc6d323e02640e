package import Captures
package import CloudModel
package import ControlPlane

/// A fleet at work: packets pass, calls change it, time goes by.
///
///     var live = LiveFleet(fleet)
///     live.decide(try Packet("tcp 203.0.113.5:40000 > 10.0.1.10:443")).decision
///     live.perform(OperationRequest("LeaveSecurityGroup", parameters))
///     live.advance(by: .seconds(30))
///
/// The state of the cloud, the tables that decide and the sessions stay in step: a call takes effect
/// whole, for the next packet, or not at all. The packets go the way of a replay's, ``Evaluator``.
/// One thread at a time.
package struct LiveFleet: ~Copyable {
    private var cloud: ControlPlane
    private var evaluator: Evaluator

    /// The clock: 0 to begin with. It moves only with ``advance(by:)``.
    package private(set) var time = FrameTime(seconds: 0, nanoseconds: 0)

    /// A fleet without sessions so far.
    ///
    /// - Complexity: that of compiling the fleet.
    package init(_ fleet: Fleet) {
        cloud = ControlPlane(fleet)
        evaluator = Evaluator(CompiledFleet(cloud.fleet))
    }

    /// The state after the calls so far.
    package var fleet: Fleet { cloud.fleet }

    /// Decides a packet that passes now, where `placement` says.
    package mutating func decide(
        _ packet: Packet, at placement: Placement = .byAddress(vpc: nil)
    ) -> PacketDecision {
        let batch = FrameBatch(packet, at: time)
        evaluator.evaluate(batch, at: placement)
        var evaluations: [Decision] = []
        for evaluation in evaluator.evaluations {
            evaluations.append(evaluator.decision(of: evaluation))
        }
        return PacketDecision(
            decision: evaluator.decision(of: evaluator.answers[0]), evaluations: evaluations)
    }

    /// The placement at the interface that `binding` names; `nil` if the fleet has no such interface.
    ///
    /// - Complexity: O(interfaces).
    package func placement(_ binding: InterfaceBinding) -> Placement? {
        evaluator.fleet.placement(binding)
    }

    /// Carries out a call now, or refuses it and changes nothing.
    @discardableResult
    package mutating func perform(_ request: OperationRequest) -> OperationOutcome {
        let outcome = cloud.perform(request)
        if case .success(let success) = outcome { apply(success.changes) }
        return outcome
    }

    /// Lets time go by; a negative duration turns the clock back.
    package mutating func advance(by duration: Duration) {
        time = time.advanced(by: duration)
    }

    /// Has the tables follow the state of the cloud.
    private mutating func apply(_ changes: [FleetChange]) {
        guard !changes.isEmpty else { return }
        evaluator.use(CompiledFleet(cloud.fleet))
    }
}

/// What became of one packet.
package struct PacketDecision: Hashable, Sendable {
    /// The answer over all interfaces that were asked.
    package let decision: Decision
    /// What each of them said, egress first.
    package let evaluations: [Decision]
}

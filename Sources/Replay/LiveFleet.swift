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
/// whole, for the next packet, or not at all. A replay with operations is one, too: packets and batches
/// go the same way, through an ``Evaluator``. One thread at a time.
package struct LiveFleet: ~Copyable {
    /// Decides packets.
    package internal(set) var evaluator: Evaluator
    /// Made with the first call: replays without calls do without its indexes.
    private var cloud: ControlPlane?

    /// The clock of ``decide(_:at:)``: 0 to begin with. It moves only with ``advance(by:)``.
    package private(set) var time = FrameTime(seconds: 0, nanoseconds: 0)

    /// A fleet without sessions so far.
    ///
    /// - Complexity: that of compiling the fleet.
    package init(_ fleet: Fleet, sessions policy: SessionPolicy = .standard) {
        self.init(CompiledFleet(fleet), sessions: policy)
    }

    /// A compiled fleet without sessions so far; ``Evaluator/countsFlows`` tells what `countsFlows` means.
    package init(
        _ fleet: CompiledFleet, sessions policy: SessionPolicy = .standard,
        countsFlows: Bool = false
    ) {
        evaluator = Evaluator(fleet, sessions: policy, countsFlows: countsFlows)
    }

    /// The state after the calls so far.
    package var fleet: Fleet { cloud?.fleet ?? evaluator.fleet.original }

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
    ///
    /// - Complexity: that of the changes, and O(1) for each session that is judged again; the first
    ///   call indexes the fleet.
    @discardableResult
    package mutating func perform(_ request: OperationRequest) -> OperationOutcome {
        carryOut(request).outcome
    }

    /// Carries out a call, and tells the numbers of the rules that ended by it; `lanes` follow.
    mutating func carryOut(
        _ request: OperationRequest, with lanes: [Lane] = []
    ) -> (outcome: OperationOutcome, endedRules: [Int]) {
        var cloud = self.cloud.take() ?? ControlPlane(fleet)
        let outcome = cloud.perform(request)
        var endedRules: [Int] = []
        if case .success(let success) = outcome, !success.changes.isEmpty {
            // Through a prefix list a change can reach half of the fleet: not looked for in vain.
            let hasFlows = evaluator.hasFlows || lanes.contains { $0.hasFlows }
            let reached = hasFlows ? cloud.places(reachedBy: success.changes) : []
            endedRules = evaluator.follow(success.changes, concerning: reached, cloud.place)
            for lane in lanes {
                lane.evaluator.follow(
                    evaluator.fleet, endedRules, success.changes, concerning: reached, cloud.place)
            }
        }
        self.cloud = cloud
        return (outcome, endedRules)
    }

    /// The interfaces whose own filtering the changes of an outcome altered.
    package func interfaces(changedBy changes: [FleetChange]) -> [NetworkInterfaceID] {
        cloud?.interfaces(changedBy: changes) ?? []
    }

    /// Lets time go by; a negative duration turns the clock back.
    package mutating func advance(by duration: Duration) {
        time = time.advanced(by: duration)
    }

    // MARK: Replays

    /// The same fleet at the same time in another world: what happens in one does not concern the
    /// other. What neither changes they share.
    func fork() -> LiveFleet { LiveFleet(forking: self) }

    private init(forking other: borrowing LiveFleet) {
        evaluator = Evaluator(forking: other.evaluator)
        cloud = other.cloud
        time = other.time
    }

    /// The places of the interfaces whose decisions the changes of an outcome can have altered.
    func places(reachedBy changes: [FleetChange]) -> [Int] {
        guard let cloud else { return [] }
        let changed = cloud.interfaces(changedBy: changes).compactMap(cloud.place)
        return cloud.places(reachedBy: changes) + changed
    }

    /// Decides the frames of `batch` on the capture's clock; the ``evaluator`` has the result.
    mutating func evaluate(_ batch: borrowing FrameBatch, at placement: Placement) {
        evaluator.evaluate(batch, at: placement)
    }

    /// Begins anew: with `fleet` as it was, without sessions and fragments.
    mutating func beginPass(_ fleet: CompiledFleet) {
        if cloud != nil { evaluator.replace(fleet) }
        cloud = nil
        evaluator.beginPass()
    }
}

/// What became of one packet.
package struct PacketDecision: Hashable, Sendable {
    /// The answer over all interfaces that were asked.
    package let decision: Decision
    /// What each of them said, egress first.
    package let evaluations: [Decision]
}

package import CloudModel
import ReferenceFilter

/// Answers why a fleet decides a packet as it does, without sessions: as for the first packet of a
/// connection.
///
/// - Complexity: an answer takes time in proportion to the rules of the interfaces' groups, times the
///   fleet's interfaces for a rule that names a group. For people, not for packet rates.
package struct Explainer: Sendable {
    private let filter: ReferenceFilter
    private let binding: InterfaceBinding?
    private let vpc: VPCID?

    /// An explainer for `fleet`, whose ids are unique in each kind.
    ///
    /// - Parameters:
    ///   - binding: The one interface that evaluates; without it the packet's addresses decide.
    ///   - vpc: The address space meant when interfaces of several own an address.
    package init(_ fleet: Fleet, at binding: InterfaceBinding? = nil, vpc: VPCID? = nil) {
        filter = ReferenceFilter(fleet)
        self.binding = binding
        self.vpc = vpc
    }

    /// The decision for `packet`, its steps and candidates, and the switches that would change it.
    package func explain(_ packet: Packet) -> Explanation {
        switch plan(for: packet) {
        case .nowhere(let reason):
            return Explanation(
                packet: packet, decision: Decision(.none, reason), evaluations: [],
                switchEffects: [])
        case .at(let points):
            let evaluations = points.map { explain(packet, at: $0) }
            let decision = Decision.combining(evaluations.map(\.decision))
            return Explanation(
                packet: packet, decision: decision, evaluations: evaluations,
                switchEffects: switchEffects(on: packet, decided: decision))
        }
    }

    /// Where `packet` is evaluated: at the bound interface, else where the addresses say.
    private func plan(for packet: Packet) -> EvaluationPlan {
        guard let binding else {
            return filter.plan(for: packet, sourceMAC: nil, destinationMAC: nil, vpc: vpc)
        }
        let bound = filter.fleet.networkInterfaces.first { $0.id == binding.networkInterface }
        guard let bound else { return .nowhere(.noInterface) }
        if let direction = binding.direction { return .at([EvaluationPoint(bound, direction)]) }
        if bound.owns(packet.source) { return .at([EvaluationPoint(bound, .egress)]) }
        if bound.owns(packet.destination) { return .at([EvaluationPoint(bound, .ingress)]) }
        return .nowhere(.noInterface)
    }

    private func explain(_ packet: Packet, at point: EvaluationPoint) -> ExplainedEvaluation {
        let decision = filter.decide(packet, at: point.interface, point.direction)
        let candidates = filter.candidates(at: point.interface, point.direction).map {
            ExplainedCandidate(
                rule: $0.rule, securityGroup: $0.group,
                failed: filter.firstMismatch(of: $0.rule, with: packet, point.direction))
        }
        return ExplainedEvaluation(
            decision: decision, steps: steps(to: decision, for: packet, point.direction),
            candidates: candidates)
    }

    // MARK: Steps

    /// The vendor's steps in order, with what came of each given the decision they led to.
    private func steps(
        to decision: Decision, for packet: Packet, _ direction: Direction
    ) -> [ExplainedStep] {
        let decidingKind = kind(of: decision)
        var hasDecided = false
        return kinds(for: packet).map { kind in
            if hasDecided { return ExplainedStep(kind: kind, result: .notReached) }
            hasDecided = kind == decidingKind
            if hasDecided { return ExplainedStep(kind: kind, result: .decided) }
            let isSkipped =
                kind == .intraGroup && direction == .egress
                && filter.fleet.switches.innerAcceptEgress == .off
            return ExplainedStep(
                kind: kind,
                result: isSkipped ? .skipped(switchName: innerAcceptEgressName) : .passedOn)
        }
    }

    private func kinds(for packet: Packet) -> [ExplainedStep.Kind] {
        var kinds: [ExplainedStep.Kind] = [.attachment]
        if dropsLaterFragments, packet.isLaterFragment { kinds.append(.fragmentSwitch) }
        kinds.append(.platform)
        if filter.fleet.vendor == .alibaba { kinds.append(.intraGroup) }
        return kinds + [.rules, .byDefault]
    }

    /// The step that gives decisions with this reason.
    private func kind(of decision: Decision) -> ExplainedStep.Kind {
        switch decision.reason {
        case .interfaceNotAttached, .noGroup: .attachment
        case .fragment: dropsLaterFragments ? .fragmentSwitch : .byDefault
        case .system, .exempt: .platform
        case .intraGroup: .intraGroup
        case .rule: .rules
        case .default, .implicitDeny: .byDefault
        case .established, .noInterface, .ambiguousInterface, .notIP, .truncated, .malformed,
            .unsupportedLinkType:
            preconditionFailure("no step of a stateless evaluation gives \(decision.reason)")
        }
    }

    private var dropsLaterFragments: Bool { filter.fleet.switches.fragments == .drop }

    // MARK: Switches

    /// The other values of `alibaba.innerAcceptEgress` and `fragments` that give another verdict.
    /// Source: SEMANTICS A.5, A.11.
    private func switchEffects(on packet: Packet, decided: Decision) -> [SwitchEffect] {
        let switches = filter.fleet.switches
        var trials: [(name: String, current: String, other: String, switches: Switches)] = []
        if filter.fleet.vendor == .alibaba {
            var others = switches
            others.innerAcceptEgress = switches.innerAcceptEgress == .off ? .bypass : .off
            trials.append(
                (
                    innerAcceptEgressName, switches.innerAcceptEgress.rawValue,
                    others.innerAcceptEgress.rawValue, others
                ))
        }
        // Of the three values two are alike here: no capture shows the first fragment.
        if packet.isLaterFragment {
            var others = switches
            others.fragments = dropsLaterFragments ? .noPortMatch : .drop
            trials.append(
                ("fragments", switches.fragments.rawValue, others.fragments.rawValue, others))
        }
        return trials.compactMap { trial in
            verdictChange(on: packet, from: decided, with: trial.switches).map {
                SwitchEffect(
                    name: trial.name, current: trial.current, other: trial.other, decision: $0)
            }
        }
    }

    /// The decision under other switches if its verdict is another one.
    private func verdictChange(
        on packet: Packet, from decided: Decision, with switches: Switches
    ) -> Decision? {
        var fleet = filter.fleet
        fleet.switches = switches
        let other = Explainer(fleet, at: binding, vpc: vpc).decision(for: packet)
        return other.verdict == decided.verdict ? nil : other
    }

    private func decision(for packet: Packet) -> Decision {
        switch plan(for: packet) {
        case .nowhere(let reason): Decision(.none, reason)
        case .at(let points):
            Decision.combining(points.map { filter.decide(packet, at: $0.interface, $0.direction) })
        }
    }
}

private let innerAcceptEgressName = "alibaba.innerAcceptEgress"

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
    private let macs: (source: MACAddress?, destination: MACAddress?)

    /// An explainer for `fleet`, whose ids are unique in each kind.
    ///
    /// - Parameters:
    ///   - binding: The one interface that evaluates; without it the packet's addresses decide.
    ///   - vpc: The address space meant when interfaces of several own an address.
    ///   - macs: The Ethernet addresses of the packet's frame, which tell such interfaces apart first.
    package init(
        _ fleet: Fleet, at binding: InterfaceBinding? = nil, vpc: VPCID? = nil,
        macs: (source: MACAddress?, destination: MACAddress?) = (nil, nil)
    ) {
        filter = ReferenceFilter(fleet)
        self.binding = binding
        self.vpc = vpc
        self.macs = macs
    }

    /// The decision for `packet`, its steps and candidates, and the switches that would change it.
    ///
    /// - Parameter fragment: The later fragment that is asked about, if `packet` is the first one of
    ///   its datagram and decides for it.
    package func explain(_ packet: Packet, for fragment: Packet? = nil) -> Explanation {
        switch plan(for: packet) {
        case .nowhere(let reason):
            return Explanation(
                packet: packet, decision: Decision(.none, reason), evaluations: [], reply: nil,
                switchEffects: [])
        case .at(let points):
            let evaluations = points.map { explain(packet, at: $0) }
            let decision = Decision.combining(evaluations.map(\.decision))
            return Explanation(
                packet: packet, decision: decision, evaluations: evaluations,
                reply: decision.verdict == .accept
                    ? reply(to: fragment ?? packet, at: points) : nil,
                switchEffects: switchEffects(on: packet, for: fragment, decided: decision))
        }
    }

    /// Where `packet` is evaluated: at the bound interface, else where the addresses say.
    private func plan(for packet: Packet) -> EvaluationPlan {
        guard let binding else {
            return filter.plan(
                for: packet, sourceMAC: macs.source, destinationMAC: macs.destination, vpc: vpc)
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

    /// The decision for the packet that answers `packet`, which passed `points`.
    private func reply(to packet: Packet, at points: [EvaluationPoint]) -> Decision? {
        guard let answer = packet.answer else { return nil }
        var sessions = ReferenceSessions(filter.fleet)
        for point in points {
            _ = sessions.decide(packet, at: point.interface, point.direction, .zero)
        }
        return Decision.combining(
            points.reversed().map { point in
                sessions.decide(answer, at: point.interface, point.direction.opposite, .zero)
            })
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
    private func switchEffects(
        on packet: Packet, for fragment: Packet?, decided: Decision
    ) -> [SwitchEffect] {
        let current = filter.fleet.switches
        var effects: [SwitchEffect] = []
        if filter.fleet.vendor == .alibaba {
            var other = current
            other.innerAcceptEgress = current.innerAcceptEgress == .off ? .bypass : .off
            if let decision = verdictChange(on: packet, from: decided, with: other) {
                effects.append(
                    SwitchEffect(
                        name: innerAcceptEgressName, current: current.innerAcceptEgress.rawValue,
                        other: other.innerAcceptEgress.rawValue, decision: decision))
            }
        }
        for value in otherFragmentValues(for: packet, fragment) {
            var other = current
            other.fragments = value
            let asked = fragment ?? packet
            if let decision = verdictChange(on: asked, from: decided, with: other) {
                effects.append(
                    SwitchEffect(
                        name: "fragments", current: current.fragments.rawValue,
                        other: value.rawValue, decision: decision))
            }
        }
        return effects
    }

    /// The values of `fragments` that may decide otherwise: of the three two are alike where the first
    /// fragment is not known.
    private func otherFragmentValues(
        for packet: Packet, _ fragment: Packet?
    ) -> [Switches.Fragments] {
        if fragment != nil { return [.noPortMatch, .drop] }
        guard packet.isLaterFragment else { return [] }
        return [dropsLaterFragments ? .noPortMatch : .drop]
    }

    /// The decision under other switches if its verdict is another one.
    private func verdictChange(
        on packet: Packet, from decided: Decision, with switches: Switches
    ) -> Decision? {
        var fleet = filter.fleet
        fleet.switches = switches
        let other = Explainer(fleet, at: binding, vpc: vpc, macs: macs).decision(for: packet)
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

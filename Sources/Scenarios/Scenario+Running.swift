internal import CloudModel
internal import ControlPlane

extension Scenario {
    /// Runs all steps, from a fresh world's beginning. A step that fails does not keep the others
    /// from running.
    ///
    ///     scenario.run(in: ReferenceWorld.self).failures       // none: it passed
    package func run<World: ScenarioWorld & ~Copyable>(in _: World.Type) -> ScenarioResult {
        var world = World(fleet)
        var result = ScenarioResult()
        for (index, step) in steps.enumerated() {
            let outcome = Scenario.carryOut(step.action, in: &world)
            let observation = Observation(result: outcome, fleet: world.fleet)
            let mismatches = mismatches(of: step, with: observation)
            if !mismatches.isEmpty {
                result.failures.append(
                    ScenarioFailure(stepNumber: index + 1, step: step, mismatches: mismatches))
            }
            result.steps.append(outcome)
        }
        return result
    }

    private static func carryOut<World: ScenarioWorld & ~Copyable>(
        _ action: ScenarioStep.Action, in world: inout World
    ) -> Observation.Result {
        switch action {
        case .packet(let seen):
            switch seen.place(in: world.fleet) {
            case .nowhere(let reason): return .decided(Decision(.none, reason), evaluations: [])
            case .bound(let binding):
                let (decision, evaluations) = world.decide(seen.packet, at: binding)
                return .decided(decision, evaluations: evaluations)
            }
        case .operation(let request): return .answered(world.perform(request))
        case .advance(let span):
            world.advance(by: span)
            return .advanced
        }
    }

    private func mismatches(
        of step: ScenarioStep, with observation: Observation
    ) -> [Mismatch] {
        var claims = step.claims
        if isUnknownCall(step.action), !claims.contains(where: \.subject.isAnswer) {
            // A misspelled call would otherwise change nothing, unnoticed.
            claims.append(Claim(.ok, .truth(true)))
        }
        return claims.compactMap { claim in
            let found = observation.value(of: claim.subject)
            return claim.expected.agrees(with: found) ? nil : Mismatch(claim: claim, found: found)
        }
    }

    private func isUnknownCall(_ action: ScenarioStep.Action) -> Bool {
        guard case .operation(let request) = action else { return false }
        return !ControlPlane.operationNames(of: fleet.vendor).contains(request.operation)
    }
}

/// What came of a scenario.
///
/// It keeps no fleets: each step has another one, and a scenario may have thousands of steps.
package struct ScenarioResult: Sendable {
    /// What each step's action gave.
    package var steps: [Observation.Result] = []
    /// The steps of which something was expected that did not come; none if the scenario passed.
    package var failures: [ScenarioFailure] = []
}

/// A step whose result is not what was expected.
package struct ScenarioFailure: Hashable, Sendable {
    /// From 1.
    package let stepNumber: Int
    package let step: ScenarioStep
    /// Not empty.
    package let mismatches: [Mismatch]
}

/// A claim that does not hold.
package struct Mismatch: Hashable, Sendable {
    package let claim: Claim
    package let found: ClaimValue
}

extension Claim.Subject {
    /// Whether it is about how a call was answered.
    fileprivate var isAnswer: Bool {
        switch self {
        case .ok, .errorCode, .errorHTTPStatus: true
        default: false
        }
    }
}

extension ScenarioFailure: CustomStringConvertible {
    /// `step 3 (packet tcp …): expected decision `drop`, found `accept``.
    package var description: String {
        let texts = mismatches.map {
            "expected \($0.claim.subject) \($0.claim.expected), found \($0.found)"
        }
        return "step \(stepNumber) (\(step.action)): " + texts.joined(separator: "; ")
    }
}

extension ScenarioStep.Action: CustomStringConvertible {
    /// What happens, in a few words.
    package var description: String {
        switch self {
        case .packet(let seen):
            (["\(seen.packet)"]
                + [seen.networkInterface?.text, seen.direction?.rawValue]
                .compactMap(\.self)).joined(separator: ", ")
        case .operation(let request): request.operation
        case .advance(let span): "advance \(span)"
        }
    }
}

import CloudModel
import ControlPlane
import Scenarios
import TestSupport
import Testing

@Suite("Own scenarios")
struct OwnScenarioTests {
    @Test("hold for the slow world", arguments: OwnScenarios.files)
    func reference(file: String) throws {
        for scenario in try OwnScenarios.load(file) {
            for failure in scenario.run(in: ReferenceWorld.self).failures {
                Issue.record("\(file):\(scenario.line): \(scenario.id ?? ""): \(failure)")
            }
        }
    }

    @Test("have every step but the clock's expect something")
    func nothingUnchecked() throws {
        for scenario in try OwnScenarios.loadAll() {
            for (index, step) in scenario.steps.enumerated() where step.claims.isEmpty {
                guard case .advance = step.action else {
                    Issue.record("\(scenario.id ?? ""): step \(index + 1) expects nothing")
                    continue
                }
            }
        }
    }

    @Test("reach every code of the API pages", arguments: PageCodes.all)
    func codes(operation: String, codes: [String]) throws {
        var reached: Set<String> = []
        for step in try OwnScenarios.loadAll().flatMap(\.steps) {
            guard case .operation(let request) = step.action, request.operation == operation,
                case .text(let code)? = step.value(of: .errorCode),
                case .number(let status)? = step.value(of: .errorHTTPStatus)
            else { continue }
            reached.insert("\(status) \(code)")
        }
        #expect(Set(codes).subtracting(reached) == [])
    }
}

extension ScenarioStep {
    /// What the step expects of `subject`.
    fileprivate func value(of subject: Claim.Subject) -> ClaimValue? {
        claims.first { $0.subject == subject }?.expected
    }
}

import CloudFiles
import CloudModel
import Foundation
import Replay
import Scenarios
import TestSupport
import Testing

@testable import sluice

/// How many seeds there are: a few where nothing is optimised, ten times as many in the long form.
private let seedCount: UInt64 = {
    #if DEBUG
        return 12
    #else
        return ProcessInfo.processInfo.environment["SLUICE_LONG"] == "1" ? 30_000 : 3_000
    #endif
}()

@Suite("The compiled tables with sessions agree with the slow world")
struct ScenarioAgreementTests {
    @Test("on every step of random scenarios", arguments: Vendor.allCases)
    func random(vendor: Vendor) throws {
        var reasons: [Reason: Int] = [:]
        var differenceCount = 0
        for seed in 1...seedCount where differenceCount < 3 {
            var generator = RandomScenario(seed: seed, vendor)
            guard let scenario = generator.make(stepCount: 60) else { continue }
            let (slow, fast) = results(of: scenario)
            if let step = firstDifference(slow, fast) {
                let minimal = smallest(scenario, differingAt: step)
                Issue.record(
                    "seed \(seed): the compiled tables do not meet this\n\(text(of: minimal))")
                differenceCount += 1
                continue
            }
            for case .decided(_, let evaluations) in slow {
                for evaluation in evaluations { reasons[evaluation.reason, default: 0] += 1 }
            }
        }
        print(
            "agreement, random \(vendor) scenarios: \(reasons.values.reduce(0, +)) evaluations,",
            "\(reasons[.established] ?? 0) by sessions")
        #expect((reasons[.established] ?? 0) > Int(seedCount))
    }

    private static let folders = [
        SharedFolder.packageRoot.appendingPathComponent("Tests/Scenarios"),
        SharedFolder.url?.appendingPathComponent("scenarios"),
    ]

    @Test("on every step of the scenarios that are written down")
    func written() throws {
        for folder in ScenarioAgreementTests.folders.compactMap(\.self) {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            for name in names.sorted() where name.hasSuffix(".jsonl") {
                let path = folder.appendingPathComponent(name).path
                for scenario in try loadScenarios(path: path).scenarios {
                    let (slow, fast) = results(of: scenario)
                    let step = firstDifference(slow, fast)
                    #expect(step == nil, "\(name):\(scenario.line): \(scenario.id ?? "")")
                }
            }
        }
    }
}

private func results(
    of scenario: Scenario
) -> (slow: [Observation.Result], fast: [Observation.Result]) {
    (scenario.run(in: ReferenceWorld.self).steps, scenario.run(in: LiveFleet.self).steps)
}

/// The first step in which the two worlds differ.
private func firstDifference(
    _ slow: [Observation.Result], _ fast: [Observation.Result]
) -> Int? {
    zip(slow, fast).enumerated().first { $0.element.0 != $0.element.1 }?.offset
}

/// The scenario up to the step that differs, without those steps that do not matter, with the slow
/// world's decisions as expectations.
private func smallest(_ scenario: Scenario, differingAt step: Int) -> Scenario {
    var best = scenario
    best.steps = Array(scenario.steps[...step])
    var index = best.steps.count - 2
    while index >= 0 {
        var shorter = best
        shorter.steps.remove(at: index)
        let (slow, fast) = results(of: shorter)
        if firstDifference(slow, fast) == shorter.steps.count - 1 { best = shorter }
        index -= 1
    }
    for (index, result) in results(of: best).slow.enumerated() {
        best.steps[index].claims = Observation(result: result, fleet: best.fleet).claims
    }
    return best
}

private func text(of scenario: Scenario) -> String {
    var writer = JSONWriter()
    writer.write(scenario)
    return String(decoding: writer.bytes, as: UTF8.self)
}

extension Observation {
    /// What a scenario can say about the step.
    fileprivate var claims: [Claim] {
        let subjects: [Claim.Subject] =
            switch result {
            case .decided: [.decision, .reason, .rule]
            case .answered: [.ok]
            case .advanced: []
            }
        return subjects.map { Claim($0, value(of: $0)) }
    }
}

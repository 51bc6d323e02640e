import CloudFiles
import Foundation
import Scenarios
import TestSupport
import Testing

private let path = "scenarios/semantics.jsonl"

@Suite(
    "Shared scenarios",
    .enabled(if: SharedFolder.contains(path), Comment(rawValue: SharedFolder.reason)))
struct SharedScenarioTests {
    @Test("hold for the slow judge")
    func reference() throws {
        let folder = try #require(SharedFolder.url)
        let loaded = try loadScenarios(path: folder.appendingPathComponent(path).path)
        #expect(loaded.scenarios.count > 100)
        for scenario in loaded.scenarios {
            for failure in scenario.run(in: ReferenceWorld.self).failures {
                Issue.record("\(scenario.id ?? "line \(scenario.line)"): \(failure)")
            }
        }
    }
}

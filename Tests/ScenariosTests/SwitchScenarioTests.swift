import CloudModel
import Scenarios
import Testing

/// A switch, and how a fleet is set to each of its values.
private struct Switch: Sendable, CustomTestStringConvertible {
    let name: String
    let set: @Sendable (inout Switches, String) -> Void
    let values: [String]

    init<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ name: String, _ path: any WritableKeyPath<Switches, Value> & Sendable
    ) {
        self.name = name
        values = Value.allCases.map(\.rawValue)
        set = { switches, text in
            if let value = Value(rawValue: text) { switches[keyPath: path] = value }
        }
    }

    var testDescription: String { name }

    static let all = [
        Switch("alibaba.revokeMissing", \.revokeMissing),
        Switch("alibaba.revokeMissingIdCode", \.revokeMissingIDCode),
        Switch("alibaba.revokePriority", \.revokePriority),
        Switch("alibaba.innerAcceptEgress", \.innerAcceptEgress),
        Switch("alibaba.enterprisePolicy", \.enterprisePolicy),
        Switch("alibaba.leaveCode", \.leaveCode),
        Switch("alibaba.sessionOnChange", \.sessionOnChange),
        Switch("aws.revokeMissingIdCode", \.awsRevokeMissingIDCode),
        Switch("fragments", \.fragments),
    ]
}

@Suite("Scenarios of switches")
struct SwitchScenarioTests {
    @Test("hold with their value, and with no other", arguments: Switch.all)
    private func everyValue(of example: Switch) throws {
        let scenarios = try OwnScenarios.load("switches.jsonl")
        for value in example.values {
            let id = "switch/\(example.name)/\(value)"
            var scenario = try #require(scenarios.first { $0.id == id }, "no scenario \(id)")
            for other in example.values {
                example.set(&scenario.fleet.switches, other)
                let isMet = scenario.run(in: ReferenceWorld.self).failures.isEmpty
                #expect(isMet == (other == value), "\(id) with \(other)")
            }
        }
    }

    @Test("are there for every switch that there is")
    func noneForgotten() {
        #expect(Mirror(reflecting: Switches()).children.count == Switch.all.count)
    }
}

import CloudFiles
import CloudModel
import ControlPlane
import Foundation
import TestSupport
import Testing

/// One step of a scenario: only steps that are operations are run here.
private struct Step: Decodable {
    struct Expectation: Decodable {
        struct ErrorExpectation: Decodable {
            var code: String?
            var httpStatus: Int?
        }
        struct State: Decodable {
            var rules: [String: [String]]?
            var securityGroups: [String: [String]]?
            var status: [String: String]?
        }
        var ok: Bool?
        var unknownPermissions: Int?
        var error: ErrorExpectation?
        var state: State?
    }
    var operation: String?
    var parameters: [String: JSONParameter]?
    var expect: Expectation?
}

private struct Scenario: Decodable {
    var id: String
    var steps: [Step]
}

/// A parameter as JSON gives it.
private struct JSONParameter: Decodable {
    let value: ParameterValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let integer = try? container.decode(Int.self) {
            value = .integer(integer)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else if let elements = try? container.decode([JSONParameter].self) {
            value = .array(elements.map(\.value))
        } else {
            value = .object(try container.decode([String: JSONParameter].self).mapValues(\.value))
        }
    }
}

private let path = "scenarios/semantics.jsonl"

@Suite(
    "Scenarios", .enabled(if: SharedFolder.contains(path), Comment(rawValue: SharedFolder.reason)))
struct ScenarioTests {
    @Test("have every operation answered as they expect")
    func operations() throws {
        let folder = try #require(SharedFolder.url)
        let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
        var stepCount = 0
        for line in text.split(separator: "\n") {
            let bytes = Data(line.utf8)
            let scenario = try JSONDecoder().decode(Scenario.self, from: bytes)
            guard scenario.steps.contains(where: { $0.operation != nil }) else { continue }
            let object = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
            let fleet = try JSONSerialization.data(withJSONObject: try #require(object?["fleet"]))
            var cloud = ControlPlane(try loadFleet(Array(fleet), file: scenario.id).fleet)
            for step in scenario.steps {
                guard let operation = step.operation else { continue }
                stepCount += 1
                let request = OperationRequest(
                    operation, (step.parameters ?? [:]).mapValues(\.value))
                let outcome = cloud.perform(request)
                check(outcome, cloud.fleet, against: step.expect, scenario: scenario.id)
            }
        }
        #expect(stepCount > 0)
    }

    private func check(
        _ outcome: OperationOutcome, _ fleet: Fleet, against expected: Step.Expectation?,
        scenario: String
    ) {
        guard let expected else { return }
        let comment = Comment(rawValue: "\(scenario): \(outcome)")
        switch outcome {
        case .success(let success):
            #expect(expected.error == nil, comment)
            if let count = expected.unknownPermissions {
                guard case .array(let unknown)? = success.returned["unknownPermissions"] else {
                    Issue.record(comment)
                    return
                }
                #expect(unknown.count == count, comment)
            }
        case .refused(let refusal):
            #expect(expected.ok != true, comment)
            #expect(refusal.code == expected.error?.code, comment)
            #expect(refusal.httpStatus == expected.error?.httpStatus, comment)
        }
        check(fleet, against: expected.state, comment)
    }

    private func check(
        _ fleet: Fleet, against expected: Step.Expectation.State?, _ comment: Comment
    ) {
        for (group, rules) in expected?.rules ?? [:] {
            let found = fleet.securityGroups.first { $0.id.text == group }?.rules.map(\.id.text)
            #expect(found?.sorted() == rules.sorted(), comment)
        }
        for (interface, groups) in expected?.securityGroups ?? [:] {
            let found = fleet.networkInterfaces.first { $0.id.text == interface }
            #expect(
                found?.securityGroups.map(\.text).sorted() == groups.sorted(), comment)
        }
        for (interface, status) in expected?.status ?? [:] {
            let found = fleet.networkInterfaces.first { $0.id.text == interface }
            #expect(found?.status.rawValue == status, comment)
        }
    }
}

import CloudFiles
import CloudModel
import ControlPlane
import Foundation
import Scenarios
import TestSupport
import Testing

private let fleet = #"""
    {"format": "sluice-fleet/1", "vendor": "alibaba", "networkInterfaces": \#
    [{"id": "eni-a", "addresses": ["10.0.0.1"], "securityGroups": ["sg-a"]}], \#
    "securityGroups": [{"id": "sg-a"}]}
    """#

@Suite("Scenario files")
struct ScenarioFileTests {
    private func load(_ text: String) throws(FleetFileError) -> [Scenario] {
        try loadScenarios(Array(text.utf8), file: "s").scenarios
    }

    private func scenario(_ steps: String) -> String {
        #"{"fleet": \#(fleet), "steps": [\#(steps)]}"#
    }

    /// The problems of a file's text, one line each.
    private func problems(_ text: String) -> [String] {
        linesOfProblems { () throws(FleetFileError) in _ = try load(text) }
    }

    @Test("hold objects one after the other, each on as many lines as it likes")
    func forms() throws {
        let scenarios = try load(
            #"""
            {"id": "one", "confidence": "high", "source": "A.1", "note": "n", "fleet": \#(fleet), "steps": []}

            {"fleet": \#(fleet),
             "steps": []}
            """#)
        #expect(scenarios.map(\.id) == ["one", nil])
        #expect(scenarios.map(\.line) == [1, 3])
        #expect(scenarios[0].labels == ["confidence": "high", "source": "A.1", "note": "n"])
    }

    @Test("have packets with all their fields")
    func packets() throws {
        let steps = try load(
            scenario(
                #"""
                {"packet": {"networkInterface": "eni-a", "direction": "ingress", "protocol": "TCP",
                  "source": "203.0.113.5", "sourcePort": 1, "destination": "10.0.0.1",
                  "destinationPort": 22, "tcpFlags": "S."}},
                {"packet": {"protocol": 47, "source": "203.0.113.5", "destination": "10.0.0.1"}},
                {"packet": {"protocol": "50", "source": "::1", "destination": "::2"}},
                {"packet": {"protocol": "icmp", "source": "203.0.113.5", "destination": "10.0.0.1",
                  "icmpType": 11, "quoted": {"protocol": "udp", "source": "10.0.0.1",
                    "sourcePort": 53, "destination": "203.0.113.5", "destinationPort": 9}}},
                {"packet": {"protocol": "icmp", "source": "203.0.113.5", "destination": "10.0.0.1",
                  "icmpType": 8, "icmpCode": 1, "icmpId": 7}}
                """#))[0].steps
        let seen = steps.compactMap { step -> SeenPacket? in
            guard case .packet(let seen) = step.action else { return nil }
            return seen
        }
        let error = try Packet("icmp 203.0.113.5 > 10.0.0.1 type 11 code 0")
        #expect(
            seen.map(\.packet.description) == [
                "tcp 203.0.113.5:1 > 10.0.0.1:22 flags S.", "gre 203.0.113.5 > 10.0.0.1",
                "50 ::1 > ::2", error.description,
                "icmp 203.0.113.5 > 10.0.0.1 type 8 code 1 id 7",
            ])
        #expect(seen[0].networkInterface?.text == "eni-a")
        #expect(seen[0].direction == .ingress)
        let quoted = try #require(seen[3].packet.quoted)
        #expect(quoted.packet.description == "udp 10.0.0.1:53 > 203.0.113.5:9")
    }

    @Test("give a later fragment neither ports nor type, and other protocols no ports")
    func foreignFields() throws {
        let steps = try load(
            scenario(
                #"""
                {"packet": {"protocol": "udp", "source": "10.0.0.2", "sourcePort": 1,
                  "destination": "10.0.0.1", "destinationPort": 53,
                  "fragment": {"id": 7, "offset": 1480}}},
                {"packet": {"protocol": "gre", "source": "10.0.0.2", "sourcePort": 1,
                  "destination": "10.0.0.1", "destinationPort": 53, "icmpType": 8}},
                {"packet": {"protocol": "udp", "source": "10.0.0.2", "destination": "10.0.0.1",
                  "destinationPort": 53}}
                """#))[0].steps
        #expect(
            steps.map(\.action.description) == [
                "udp 10.0.0.2 > 10.0.0.1 fragment id 7 offset 1480", "gre 10.0.0.2 > 10.0.0.1",
                "udp 10.0.0.2:0 > 10.0.0.1:53",
            ])
    }

    @Test("have expectations of all kinds")
    func claims() throws {
        let steps = try load(
            scenario(
                #"""
                {"packet": {"protocol": "gre", "source": "10.0.0.2", "destination": "10.0.0.1"},
                 "expect": {"decision": "drop", "reason": "default", "rule": null}},
                {"operation": "X", "parameters": {"A.1.B": "c"}, "expect": {"ok": true,
                 "unknownPermissions": 2, "state": {"rules": {"sg-a": []},
                 "securityGroups": {"eni-a": ["sg-a"]}, "status": {"eni-a": "InUse"}}}},
                {"advance": -1.5, "expect": {"state": {"rules": {"sg-a": ["sgr-1"]}}}},
                {"operation": "X", "expect": {"error": {"code": "C", "httpStatus": 400}}}
                """#))[0].steps
        #expect(
            steps[0].claims == [
                Claim(.decision, .text("drop")), Claim(.reason, .text("default")),
                Claim(.rule, .nothing),
            ])
        #expect(
            steps[1].claims == [
                Claim(.ok, .truth(true)), Claim(.unknownPermissions, .number(2)),
                Claim(.rules(of: "sg-a"), .names([])),
                Claim(.securityGroups(of: "eni-a"), .names(["sg-a"])),
                Claim(.status(of: "eni-a"), .text("InUse")),
            ])
        #expect(steps[1].action == .operation(OperationRequest("X", ["A": [["B": "c"]]])))
        #expect(steps[2].action == .advance(.milliseconds(-1500)))
        #expect(
            steps[3].claims == [
                Claim(.ok, .truth(false)), Claim(.errorCode, .text("C")),
                Claim(.errorHTTPStatus, .number(400)),
            ])
    }

    @Test(
        "name every mistake and its place",
        arguments: [
            (#"{}"#, "steps[0]: exactly one of `packet`, `operation`, `advance` is needed"),
            (#"{"advance": 1, "operation": "X"}"#, "steps[0]: exactly one of"),
            (#"{"advance": "1"}"#, "steps[0].advance: a number is needed, not a string"),
            (#"{"advance": 1e3}"#, "steps[0].advance: `1e3` is not a number of seconds"),
            (#"{"advance": 4294967297}"#, "steps[0].advance: `4294967297` is not a number"),
            (#"{"advance": 1, "parameters": {}}"#, "steps[0].parameters: `parameters` goes with"),
            (#"{"advance": 1, "expect": {"ok": true}}"#, "steps[0].expect.ok: only a step with"),
            (
                #"{"operation": "X", "expect": {"decision": "drop"}}"#,
                "steps[0].expect.decision: only a step with `packet` can show this"
            ),
            (#"{"operation": "X", "expect": {"okay": 1}}"#, "steps[0].expect.okay: unknown key"),
            (
                #"{"operation": "X", "expect": {"state": {"rule": {}}}}"#,
                "steps[0].expect.state.rule: unknown key, did you mean `rules`"
            ),
            (
                #"{"operation": "X", "expect": {"state": {"rules": {"a": [], "a": []}}}}"#,
                "steps[0].expect.state.rules.a: the key is given twice"
            ),
            (
                #"{"operation": "X", "expect": {"state": {"status": {"eni-a": "in-use"}}}}"#,
                "steps[0].expect.state.status.eni-a: `in-use` is not one of"
            ),
            (
                #"{"operation": "X", "expect": {"error": {"status": 400}}}"#,
                "steps[0].expect.error.status: unknown key"
            ),
            (
                #"{"packet": {"protocol": "tcp", "source": "10.0.0.2", "destination": "::1"}}"#,
                "steps[0].packet.destination: source and destination are of different ip versions"
            ),
            (
                #"{"packet": {"protocol": "tcp", "source": "10.0.0.2"}}"#,
                "steps[0].packet: `destination` is missing"
            ),
            (
                #"{"packet": {"protocol": "tcp", "source": "a", "destination": "10.0.0.1"}}"#,
                "steps[0].packet.source: `a` is not an ip address"
            ),
            (
                #"{"packet": {"networkInterface": "eni-b", "protocol": "gre", "source": "10.0.0.2", "destination": "10.0.0.1"}}"#,
                "steps[0].packet.networkInterface: no network interface has the id `eni-b`"
            ),
            (
                #"{"packet": {"protocol": "tcp", "source": "10.0.0.2", "destination": "10.0.0.1", "tcpFlags": "SA"}}"#,
                "steps[0].packet.tcpFlags: `SA` is not tcp flags"
            ),
            (
                #"{"packet": {"protocol": "gre", "source": "10.0.0.2", "destination": "10.0.0.1"}, "expect": {"reason": "denied"}}"#,
                "steps[0].expect.reason: `denied` is not one of"
            ),
        ])
    func mistakes(step: String, message: String) {
        let found = problems(scenario(step))
        #expect(found.count == 1)
        #expect(found.first?.contains(": " + message) == true, "\(found)")
    }

    @Test(
        "are never empty or cut short",
        arguments: [
            ("", "s:1:1: the file holds no scenario"), (" \n", "s:1:1: the file holds no scenario"),
            (#"{"steps": []}"#, "s:1:1: `fleet` is missing"),
            (#"{"fleet": 1, "steps": []}"#, "s:1:11: fleet: an object is needed, not a number"),
            (#"{"fleet": "none.json", "steps": []}"#, "s:1:11: fleet: cannot read"),
            (#"{"steps": []"#, "s:1:13: steps: the text ends where"),
        ])
    func unusable(text: String, message: String) {
        let found = problems(text)
        #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
    }

    @Test("name fleets by paths that start at their folder")
    func fleetPath() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let below = folder.appendingPathComponent("below")
        try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
        try Data(fleet.utf8).write(to: folder.appendingPathComponent("fleet.json"))
        let file = below.appendingPathComponent("s.jsonl")
        try Data(#"{"fleet": "../fleet.json", "steps": []}"#.utf8).write(to: file)
        #expect(try loadScenarios(path: file.path).scenarios[0].fleet.vendor == .alibaba)
    }

    @Test("are read as they were written")
    func roundTrip() throws {
        let folder = SharedFolder.packageRoot.appendingPathComponent("Tests/Scenarios")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let path = folder.appendingPathComponent(name).path
            for scenario in try loadScenarios(path: path).scenarios {
                var writer = JSONWriter()
                writer.write(scenario)
                let again = try loadScenarios(writer.bytes, file: name).scenarios
                #expect(again.count == 1)
                #expect(again[0].id == scenario.id)
                #expect(again[0].fleet == scenario.fleet)
                #expect(
                    again[0].steps.map(\.action) == scenario.steps.map(\.action), "\(name)")
                #expect(
                    again[0].steps.map { Set($0.claims) } == scenario.steps.map { Set($0.claims) })
            }
        }
    }
}

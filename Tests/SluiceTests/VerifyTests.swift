import Testing

@Suite("sluice verify")
struct VerifyTests {
    private func packet(_ port: Int, _ expectation: String) -> String {
        #"""
        {"packet": {"protocol": "tcp", "source": "9.9.9.9", "sourcePort": 1, \#
        "destination": "10.0.0.2", "destinationPort": \#(port)}, "expect": {\#(expectation)}}
        """#
    }

    private func workspace(_ steps: String...) throws -> Workspace {
        let workspace = try Workspace()
        let lines = steps.enumerated().map {
            #"{"id": "s\#($0.offset)", "note": "n", "fleet": "fleet.json", "steps": [\#($0.element)]}"#
        }
        try workspace.write(lines.joined(separator: "\n"), to: "s.jsonl")
        return workspace
    }

    private var passing: String { packet(443, #""decision": "accept", "rule": "sgr-https""#) }
    private var failing: String { packet(80, #""decision": "accept", "reason": "default""#) }

    @Test("counts what passed")
    func passes() throws {
        let run = try workspace(passing, passing).shell("sluice verify s.jsonl s.jsonl")
        #expect(run.status == 0)
        #expect(run.output == "4 passed, 0 failed\n")
        #expect(run.messages.isEmpty)
    }

    @Test("prints a line for each step that fails, and ends with 1")
    func fails() throws {
        let run = try workspace(passing, "\(passing), \(failing)").shell("sluice verify s.jsonl")
        #expect(run.status == 1)
        #expect(
            run.output == """
                s.jsonl:2: s1: step 2 (tcp 9.9.9.9:1 > 10.0.0.2:80): \
                expected decision `accept`, found `drop`
                1 passed, 1 failed

                """)
    }

    @Test("keeps sessions and one clock through the steps of a scenario")
    func sessions() throws {
        let again = packet(443, #""reason": "established""#)
        let late = packet(443, #""reason": "rule""#)
        let run = try workspace(
            #"\#(passing), \#(again), {"advance": 911}, \#(late)"#, passing
        ).shell("sluice verify s.jsonl")
        #expect(run.output == "2 passed, 0 failed\n")
    }

    @Test("takes a call that nobody has for a failure")
    func unknownCall() throws {
        let run = try workspace(#"{"operation": "RevokeEverything"}"#).shell(
            "sluice verify s.jsonl")
        #expect(run.status == 1)
        #expect(
            run.output.hasPrefix(
                "s.jsonl:1: s0: step 1 (RevokeEverything): expected ok true, found false\n"))
    }

    @Test("writes json and ndjson")
    func json() throws {
        let workspace = try workspace(passing, failing)
        let passed =
            #"{"file":"s.jsonl","line":1,"id":"s0","note":"n","passed":true,"failures":[]}"#
        let failed =
            #"{"file":"s.jsonl","line":2,"id":"s1","note":"n","passed":false,"failures":[{"step":1,"expectation":"decision","expected":"accept","found":"drop"}]}"#
        let lines = try workspace.shell("sluice verify -o ndjson s.jsonl")
        #expect(lines.status == 1)
        #expect(lines.output == "\(passed)\n\(failed)\n{\"passed\":1,\"failed\":1}\n")
        let whole = try workspace.shell("sluice verify -o json s.jsonl")
        #expect(
            whole.output
                == "{\"scenarios\":[\(passed),\(failed)],\"passed\":1,\"failed\":1}\n")
    }

    @Test("runs nothing when a file has a mistake")
    func malformed() throws {
        let workspace = try workspace(failing)
        try workspace.write(#"{"fleet": "fleet.json", "step": []}"#, to: "t.jsonl")
        let run = try workspace.shell("sluice verify s.jsonl t.jsonl")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("t.jsonl:1:1: `steps` is missing\n"))
        let missing = try workspace.shell("sluice verify none.jsonl")
        #expect(missing.status == 2)
        #expect(missing.messages == "sluice: cannot read `none.jsonl`: no such file or directory\n")
    }

    @Test("reads standard input, once")
    func standardInput() throws {
        let workspace = try workspace(passing)
        let run = try workspace.shell("sluice verify - < s.jsonl")
        #expect(run.output == "1 passed, 0 failed\n")
        let twice = try workspace.shell("sluice verify - - < s.jsonl")
        #expect(twice.status == 2)
        #expect(twice.messages.contains("standard input can be read only once"))
    }
}

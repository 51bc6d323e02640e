import Testing

@Suite("sluice apply")
struct ApplyTests {
    private let apply = "sluice apply -f fleet.json --operations calls"
    private let policy = #"""
        {"operation": "ModifySecurityGroupPolicy", "parameters": {"SecurityGroupId": "ID", "InnerAccessPolicy": "Accept"}}
        """#

    private func workspace(_ groups: String...) throws -> Workspace {
        let workspace = try Workspace()
        let calls = groups.map { policy.replacing("ID", with: $0) }
        try workspace.write(calls.joined(separator: "\n"), to: "calls")
        return workspace
    }

    @Test("prints a result for each call and writes the fleet")
    func results() throws {
        let workspace = try workspace("sg-web")
        let run = try workspace.shell("\(apply) --output after.json")
        #expect(run.status == 0)
        #expect(run.messages.isEmpty)
        #expect(run.output.hasPrefix(#"{"ok":true,"requestId":""#))
        #expect(run.output.hasSuffix(#""changed":["eni-a","eni-b"],"warnings":[]}"# + "\n"))
        // Open inside is the default, and so left out.
        #expect(try !workspace.text(of: "after.json").contains("innerAccessPolicy"))
        let second = try workspace.shell(
            "sluice apply -f after.json --operations calls --output again.json; "
                + "cmp after.json again.json")
        #expect(second.status == 0)
    }

    @Test("goes on behind a refused call and ends with 1")
    func refused() throws {
        let run = try workspace("sg-none", "sg-web").shell("\(apply) -o text")
        #expect(run.status == 1)
        #expect(
            run.output == """
                1: ModifySecurityGroupPolicy: 404 InvalidSecurityGroupId.NotFound: there is no \
                security group `sg-none`
                2: ModifySecurityGroupPolicy: ok, 2 interfaces changed

                """)
    }

    @Test("makes no call of a file with a mistake")
    func malformed() throws {
        let workspace = try workspace("sg-web")
        let run = try workspace.shell("echo '{}' >> calls; \(apply) --output after.json")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("calls:"))
        #expect(try !workspace.names.contains("after.json"))
    }

    @Test("keeps to a line for each call, whatever the call's name holds")
    func printable() throws {
        let workspace = try workspace()
        try workspace.write(#"{"operation": "A\n2: B: ok\u001b[31m"}"#, to: "calls")
        let run = try workspace.shell("\(apply) -o text")
        let name = #"A\n2: B: ok\u{1B}[31m"#
        #expect(
            run.output
                == "1: \(name): 404 InvalidAction.NotFound: there is no operation `\(name)`\n")
    }

    @Test("writes the fleet over itself, with the permissions that the file had")
    func inPlace() throws {
        let workspace = try workspace("sg-web")
        let run = try workspace.shell(
            "chmod 640 fleet.json; \(apply) --output fleet.json >&2; stat -c %a fleet.json")
        #expect(run.status == 0)
        #expect(run.output == "640\n")
        #expect(try !workspace.text(of: "fleet.json").contains("innerAccessPolicy"))
    }

    @Test("writes the fleet also when nobody reads the results")
    func closedOutput() throws {
        let workspace = try workspace("sg-web")
        let run = try workspace.shell("\(apply) --output after.json >&-")
        #expect(run.status == 0)
        #expect(run.messages.isEmpty)
        #expect(try workspace.names.contains("after.json"))
    }
}

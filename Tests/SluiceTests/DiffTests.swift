import Testing

@Suite("sluice diff")
struct DiffTests {
    private let revoke = #"""
        {"operation": "RevokeSecurityGroup", "parameters": {"RegionId": "cn-hangzhou", "SecurityGroupId": "sg-web", "SecurityGroupRuleId": ["sgr-https"]}}
        {"operation": "RevokeSecurityGroup", "parameters": {"RegionId": "cn-hangzhou", "SecurityGroupId": "sg-none", "SecurityGroupRuleId": ["sgr-https"]}}

        """#

    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        let lines = revoke.split(separator: "\n", omittingEmptySubsequences: false)
        try workspace.write(String(lines[0]), to: "calls")
        try workspace.write(revoke, to: "refused")
        try workspace.write(
            Workspace.fleet.replacing("443/443", with: "443/444"), to: "after.json")
        return workspace
    }

    @Test("equal fleets end with 0")
    func equal() throws {
        let run = try workspace().shell("sluice diff fleet.json fleet.json")
        #expect(run.status == 0)
        #expect(run.output == "equal: no packet changes verdict\n")
        let json = try workspace().shell("sluice diff fleet.json fleet.json -o json")
        #expect(json.output == #"{"equal":true,"changes":[]}"# + "\n")
    }

    @Test("calls are made on the first fleet, and json has a box")
    func operations() throws {
        let run = try workspace().shell(
            """
            sed 's,0.0.0.0/0,203.0.113.0/24,' fleet.json > office.json
            sluice diff office.json --operations calls -o json
            """)
        #expect(run.status == 1)
        #expect(run.messages.isEmpty)
        #expect(
            run.output == """
                {"equal":false,"changes":[{"direction":"ingress","networkInterfaces":["eni-a","eni-b"],"protocols":[[6,6]],"sources":["203.0.113.0/24"],"destinations":["10.0.0.1","10.0.0.2"],"sourcePorts":[[0,65535]],"destinationPorts":[[443,443]],"icmp":[],"before":{"decision":"accept","reason":"rule","rule":"sgr-https","securityGroup":"sg-web"},"after":{"decision":"drop","reason":"default"},"example":{"networkInterface":"eni-a","direction":"ingress","protocol":"tcp","source":"203.0.113.5","sourcePort":40000,"destination":"10.0.0.1","destinationPort":443}}]}

                """)
    }

    @Test("every format has the change", arguments: ["text", "ndjson", "csv", "md"])
    func formats(format: String) throws {
        let run = try workspace().shell("sluice diff fleet.json after.json -o \(format)")
        #expect(run.status == 1)
        #expect(run.output.contains("444"))
        #expect(run.output.contains("sgr-https"))
        if format == "csv" {
            #expect(run.output.hasSuffix("tcp 203.0.113.5:40000 > 10.0.0.1:444\n"))
        }
    }

    @Test("a refused call is named, and the exit status is 1 even if nothing differs")
    func refused() throws {
        let workspace = try workspace()
        let run = try workspace.shell("sluice diff fleet.json --operations refused -o csv | wc -l")
        #expect(run.output == "2\n")
        let message = "sluice: refused:2: RevokeSecurityGroup is refused: 404 "
        #expect(run.messages.hasPrefix(message))
        let alone = try workspace.shell(
            "tail -n 1 refused > one; sluice diff fleet.json --operations one")
        #expect(alone.status == 1)
        #expect(alone.output == "equal: no packet changes verdict\n")
    }

    @Test(
        "wrong usage ends with 2",
        arguments: [
            ("fleet.json", "`diff` needs either AFTER or `--operations FILE`"),
            (
                "fleet.json fleet.json --operations calls",
                "`diff` needs either AFTER or `--operations FILE`"
            ),
            ("", "`diff` needs BEFORE"),
            ("a b c", "unexpected `c`"),
        ])
    func usage(arguments: String, message: String) throws {
        let run = try workspace().shell("sluice diff \(arguments)")
        #expect(run.status == 2)
        #expect(run.messages == "sluice: \(message); see `sluice diff --help`\n")
    }

    @Test("fleets of two vendors, and files that are missing, end with 2")
    func inputs() throws {
        let run = try workspace().shell(
            """
            sed 's/alibaba/aws/; s/"innerAccessPolicy": "Drop", //; s/"portRange": "443\\/443",//' \
                fleet.json > aws.json
            sluice diff fleet.json aws.json; echo $?
            sluice diff fleet.json none.json; echo $?
            """)
        #expect(run.output == "2\n2\n")
        #expect(run.messages.contains("`fleet.json` is of vendor alibaba, `aws.json` of aws"))
    }
}

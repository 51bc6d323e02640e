import Testing

@Suite("Output of explain and classify")
struct AnswerTests {
    @Test("explain as json lists the candidates of every evaluation")
    func explainJSON() throws {
        let run = try Workspace().shell(
            "sluice explain -f fleet.json 'tcp 10.0.0.1:1 > 10.0.0.2:80' -o json")
        #expect(run.status == 0)
        #expect(
            run.output == """
                {"decision":{"decision":"drop","reason":"default","networkInterface":"eni-b","direction":"ingress"},"evaluations":[{"decision":"accept","reason":"default","networkInterface":"eni-a","direction":"egress"},{"decision":"drop","reason":"default","networkInterface":"eni-b","direction":"ingress"}],"candidates":[{"rule":"sgr-https","securityGroup":"sg-web","direction":"ingress","failed":"destinationPort"}],"switches":[]}

                """)
    }

    @Test("explain as text has the verdict and the rule in its first line")
    func explainText() throws {
        let run = try Workspace().shell(
            "sluice explain -f fleet.json 'tcp 9.9.9.9:1 > 10.0.0.2:443' | head -1")
        #expect(run.output == "accept: rule sgr-https of group sg-web (ingress at eni-b)\n")
    }

    private let rules = """
        @10.0.0.0/8\t0.0.0.0/0\t0 : 65535\t80 : 80\t0x06/0xFF
        @0.0.0.0/0\t192.168.0.0/16\t0 : 65535\t0 : 65535\t0x00/0x00

        """
    private let headers = """
        167772161 1 5 80 6
        1 3232235521 5 80 17
        1 1 1 1 6

        """

    @Test("classify prints the first matching rule of each header")
    func classify() throws {
        let workspace = try Workspace()
        try workspace.write(rules, to: "rules")
        try workspace.write(headers, to: "trace")
        let run = try workspace.shell("sluice classify --rules rules --trace trace")
        #expect(run.status == 0)
        #expect(run.output == "0\n1\n-1\n")
    }

    @Test("classify as json reports the rate, and the indexes go to the file")
    func classifyJSON() throws {
        let workspace = try Workspace()
        try workspace.write(rules, to: "rules")
        try workspace.write(headers, to: "trace")
        let run = try workspace.shell(
            """
            sluice classify --rules rules --trace trace --output out --repeat 3 -o json |
                sed -E 's/((Seconds?|Bytes)":)[0-9.e+-]+/\\1N/g'
            """)
        #expect(
            run.output == """
                {"rules":2,"headers":3,"buildSeconds":N,"tableBytes":N,"repeat":3,"decisionsPerSecond":N}

                """)
        #expect(try workspace.text(of: "out") == "0\n1\n-1\n")
        #expect(try workspace.names == ["fleet.json", "out", "rules", "tiny.pcap", "trace"])
    }

    @Test("classify names the place of a mistake, and writes nothing")
    func classifyMistake() throws {
        let workspace = try Workspace()
        try workspace.write("@10.0.0.0/8\n", to: "rules")
        try workspace.write(headers, to: "trace")
        let run = try workspace.shell("sluice classify --rules rules --trace trace --output out")
        #expect(run.status == 2)
        #expect(run.messages.hasPrefix("rules:1: "))
        #expect(try workspace.names == ["fleet.json", "rules", "tiny.pcap", "trace"])
        let full = try workspace.shell(
            "echo '@0.0.0.0/0 0.0.0.0/0 0 : 1 0 : 1 0x00/0x00' > ok; "
                + "sluice classify --rules ok --trace trace --output /dev/full")
        #expect(full.status == 2)
        #expect(full.messages == "sluice: cannot write `/dev/full`: no space left on device\n")
    }

    @Test("classify writes through a symbolic link, which stays one")
    func classifyLink() throws {
        let workspace = try Workspace()
        try workspace.write(rules, to: "rules")
        try workspace.write(headers, to: "trace")
        let run = try workspace.shell(
            """
            touch target && ln -s target link && ln -s /dev/stdout screen
            sluice classify --rules rules --trace trace --output link && readlink link && cat target
            sluice classify --rules rules --trace trace --output screen | tail -1 && readlink screen
            """)
        #expect(run.output == "target\n0\n1\n-1\n-1\n/dev/stdout\n")
        #expect(run.messages.isEmpty)
    }

    @Test("classify refuses more passes than it can keep the times of, and files without end")
    func classifyBounds() throws {
        let workspace = try Workspace()
        try workspace.write(rules, to: "rules")
        let classify = "sluice classify --rules rules --trace trace"
        let run = try workspace.shell("\(classify) --repeat 1000001")
        #expect(run.status == 2)
        #expect(
            run.messages == "sluice: `--repeat` needs a whole number from 1 to 1000000, not "
                + "`1000001`; see `sluice classify --help`\n")
        let sparse = try workspace.shell("truncate -s 3G trace; \(classify)")
        #expect(sparse.status == 2)
        #expect(sparse.messages == "sluice: cannot read `trace`: file too large\n")
    }
}

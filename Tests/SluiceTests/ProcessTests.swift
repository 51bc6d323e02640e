import Testing

@Suite("The command as a process")
struct ProcessTests {
    private let replay = "sluice replay -f fleet.json"

    @Test(
        "wrong usage ends with 2 and one line",
        arguments: [
            ("sluice", "sluice: no command; see `sluice --help`\n"),
            ("sluice simulate", "sluice: unknown command `simulate`; see `sluice --help`\n"),
            (
                "sluice expln",
                "sluice: unknown command `expln`; did you mean `explain`?; see `sluice --help`\n"
            ),
            ("sluice --versoin", "sluice: unknown option `--versoin`; see `sluice --help`\n"),
            (
                "sluice replay -f fleet.json -r tiny.pcap --stateless --max-sessions 5",
                "sluice: --stateless keeps no sessions; leave --max-sessions out; "
                    + "see `sluice replay --help`\n"
            ),
            (
                "sluice replay -f fleet.json -r tiny.pcap --speed 2",
                "sluice: unknown option `--speed` of `replay`; see `sluice replay --help`\n"
            ),
            (
                "sluice explain -f fleet.json 'tcp 1.2.3.4 > 10.0.0.1:443'",
                "sluice: only one side has a port; give both or none; see `sluice explain --help`\n"
            ),
        ])
    func usage(command: String, message: String) throws {
        let run = try Workspace().shell(command)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages == message)
    }

    @Test("input that cannot be read ends with 2 before anything is printed")
    func unreadable() throws {
        let workspace = try Workspace()
        let missing = try workspace.shell("\(replay) -r tiny.pcap -r none.pcap -o csv")
        #expect(missing.status == 2)
        #expect(missing.output.isEmpty)
        #expect(missing.messages == "sluice: cannot open `none.pcap`: no such file or directory\n")
        let fleet = try workspace.shell("sluice replay -f none.json -r tiny.pcap")
        #expect(fleet.status == 2)
        #expect(fleet.messages == "sluice: cannot read `none.json`: no such file or directory\n")
        let interface = try workspace.shell("\(replay) -r tiny.pcap@eni-x")
        #expect(interface.status == 2)
        #expect(
            interface.messages
                == "sluice: the fleet has no network interface `eni-x` for `tiny.pcap@eni-x`\n")
    }

    @Test(
        "a vpc or interface that the fleet does not have ends with 2",
        arguments: [
            ("--vpc vpc-x", "sluice: the fleet has no vpc `vpc-x`\n"),
            ("--interface eni-x", "sluice: the fleet has no network interface `eni-x`\n"),
        ])
    func unknownNames(option: String, message: String) throws {
        let workspace = try Workspace()
        for command in [
            "\(replay) -r tiny.pcap \(option)",
            "sluice explain -f fleet.json \(option) '47 10.0.0.1 > 10.0.0.2'",
        ] {
            let run = try workspace.shell(command)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.messages == message)
        }
    }

    @Test("every mistake of a fleet is printed with its place")
    func malformedFleet() throws {
        let workspace = try Workspace()
        try workspace.write(
            Workspace.fleet.replacing("\"portRange\"", with: "\"portRagne\"")
                .replacing("10.0.0.2", with: "10.0.0.300"), to: "bad.json")
        let run = try workspace.shell("sluice replay -f bad.json -r tiny.pcap")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        let lines = run.messages.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("bad.json:") })
        #expect(run.messages.contains("securityGroups[0].rules[0].portRagne"))
    }

    @Test(
        "help and version go to standard output",
        arguments: ["--help", "replay --help", "--version"])
    func help(arguments: String) throws {
        let run = try Workspace().shell("sluice \(arguments)")
        #expect(run.status == 0)
        #expect(run.messages.isEmpty)
        #expect(run.output.contains("sluice"))
    }

    @Test("a capture that is cut short ends with 3, and what was read is printed")
    func cutShort() throws {
        let run = try Workspace().shell(
            "head -c 200 tiny.pcap > cut.pcap; \(replay) -r cut.pcap -r tiny.pcap -o json")
        #expect(run.status == 3)
        #expect(run.output.contains(#""packets":7"#))
        #expect(run.output.contains(#"{"path":"cut.pcap","packets":2,"complete":false,"error":""#))
        #expect(run.messages.hasPrefix("sluice: `cut.pcap` ended early, after 2 packets: "))
    }

    @Test("what a message quotes cannot break its line or steer the terminal")
    func quoting() throws {
        let workspace = try Workspace()
        let missing = try workspace.shell("\(replay) -r $'a\\e[31m\\nb\\u202e'")
        #expect(
            missing.messages
                == #"sluice: cannot open `a\u{1B}[31m\nb\u{202E}`: no such file or directory"#
                + "\n")
        let cut = try workspace.shell(
            "head -c 200 tiny.pcap > $'c\\ed'; \(replay) -r $'c\\ed'")
        #expect(cut.status == 3)
        #expect(cut.output.contains(#"`c\u{1B}d` ended early"#))
        #expect(!(cut.output + cut.messages).contains("\u{1B}"))
    }

    @Test("no number of passes is too large to begin")
    func endlessLoop() throws {
        let run = try Workspace().shell(
            "\(replay) -r tiny.pcap --loop \(Int.max) -o csv | head -1; echo ${PIPESTATUS[0]}")
        #expect(run.output.hasSuffix("\n0\n"))
        #expect(run.messages.isEmpty)
    }

    @Test("a closed standard output ends quietly with 0")
    func closedOutput() throws {
        let run = try Workspace().shell(
            "\(replay) -r tiny.pcap --loop 20000 -o csv | head -1; echo ${PIPESTATUS[0]}")
        #expect(run.output.hasSuffix("\n0\n"))
        #expect(run.messages.isEmpty)
        let none = try Workspace().shell("\(replay) -r tiny.pcap >&-")
        #expect(none.status == 0)
        #expect(none.messages.isEmpty)
    }

    @Test(
        "output that cannot be written ends with 2", arguments: ["text", "json", "ndjson", "csv"])
    func fullDevice(format: String) throws {
        let run = try Workspace().shell("\(replay) -r tiny.pcap -o \(format) > /dev/full")
        #expect(run.status == 2)
        #expect(
            run.messages == "sluice: cannot write standard output: no space left on device\n")
    }

    @Test("standard input is a capture, once")
    func standardInput() throws {
        let workspace = try Workspace()
        let piped = try workspace.shell("cat tiny.pcap | \(replay) -r - -o csv | tail -1")
        #expect(piped.output == "5,1700000001.000000,-,,,,,,,,none,not-ip,,\n")
        let named = try workspace.shell("\(replay) -r <(cat tiny.pcap) -r tiny.pcap -o csv | wc -l")
        #expect(named.output == "11\n")
        for repeated in [
            "cat tiny.pcap | \(replay) -r - --loop 2", "\(replay) -r - --loop 2 < tiny.pcap",
        ] {
            let run = try workspace.shell(repeated)
            #expect(run.status == 2)
            #expect(
                run.messages == "sluice: `-` can be read only once, so it cannot be repeated\n")
        }
    }

    @Test("a file on standard input keeps its digits, and is read from where it stands")
    func redirectedInput() throws {
        let run = try Workspace().shell(
            #"""
            { printf '\x4d\x3c\xb2\xa1'; tail -c +5 tiny.pcap; } > nano.pcap
            \#(replay) -r - -o csv < nano.pcap | sed -n 3p | cut -d, -f2
            { echo skipped; cat nano.pcap; } > late.pcap
            { read -r; \#(replay) -r - -o csv; } < late.pcap | sed -n 3p | cut -d, -f2
            """#)
        #expect(run.output == "1700000000.000000001\n1700000000.000000001\n")
        #expect(run.messages.isEmpty)
    }

    @Test("FILE@ENI binds one capture, --interface the others")
    func bindings() throws {
        let run = try Workspace().shell(
            """
            cp tiny.pcap odd@name.pcap
            \(replay) -r tiny.pcap@eni-b -r tiny.pcap@eni-a:egress -r odd@name.pcap \
                --interface eni-a -o csv | tail -n +2 | cut -d, -f3-5
            """)
        let none = "tiny.pcap,,"
        #expect(
            run.output.split(separator: "\n").map(String.init) == [
                none, none, "tiny.pcap,eni-b,ingress", "tiny.pcap,eni-b,ingress", none,
                "tiny.pcap,eni-a,egress", "tiny.pcap,eni-a,egress", "tiny.pcap,eni-a,egress",
                "tiny.pcap,eni-a,egress", none,
                "odd@name.pcap,eni-a,ingress", "odd@name.pcap,eni-a,ingress",
                "odd@name.pcap,eni-a,egress", "odd@name.pcap,,", "odd@name.pcap,,",
            ])
    }
}

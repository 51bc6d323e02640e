import Testing

@Suite("sluice explain -r")
struct ExplainFrameTests {
    private let explain = "sluice explain -f fleet.json -r tiny.pcap"

    @Test("explains a frame, with its place behind the verdict")
    func frame() throws {
        let run = try Workspace().shell("\(explain) --frame 3 | head -3")
        #expect(
            run.output == """
                accept: rule sgr-https of group sg-web (ingress at eni-b)
                tcp 10.0.0.1:40001 > 10.0.0.2:443 flags S., without sessions
                frame 3 of tiny.pcap, at 1700000000.000002

                """)
    }

    @Test("has the decision of the same frame in a replay", arguments: 1...5)
    func replay(number: Int) throws {
        let run = try Workspace().shell(
            """
            \(explain) --frame \(number) -o json |
                sed -E 's/.*"decision":(\\{[^}]*\\}).*/\\1/'
            sluice replay -f fleet.json -r tiny.pcap --stateless -o ndjson | sed -n \(number)p |
                sed -E 's/.*("decision":"[^}]*),"packet".*/{\\1}/; s/.*("decision":"[^}]*)}$/{\\1}/'
            """)
        let lines = run.output.split(separator: "\n")
        try #require(lines.count == 2)
        #expect(lines[0] == lines[1])
    }

    @Test("a frame without a packet says why")
    func noPacket() throws {
        let run = try Workspace().shell("\(explain) --frame 5; \(explain) --frame 5 -o json")
        #expect(
            run.output == """
                none: not an IP packet
                frame 5 of tiny.pcap, at 1700000001.000000
                {"frame":5,"capture":"tiny.pcap","time":1700000001.000000,"decision":{"decision":"none","reason":"not-ip"},"evaluations":[],"candidates":[],"switches":[]}

                """)
    }

    @Test(
        "what is missing ends with 2",
        arguments: [
            ("--frame 6", "`tiny.pcap` has no frame 6: it ends after 5"),
            (
                "",
                "`explain` needs either PACKET or `-r CAPTURE` and `--frame N`; see `sluice "
                    + "explain --help`"
            ),
            (
                "--frame 1 '47 10.0.0.1 > 10.0.0.2'",
                "`explain` needs either PACKET or `-r CAPTURE` and `--frame N`; see `sluice "
                    + "explain --help`"
            ),
        ])
    func missing(arguments: String, message: String) throws {
        let run = try Workspace().shell("\(explain) \(arguments)")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages == "sluice: \(message)\n")
    }
}

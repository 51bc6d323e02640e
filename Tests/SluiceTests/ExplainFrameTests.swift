import CloudModel
import TestSupport
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

    @Test("only frames are in tunnels")
    func packetInTunnel() throws {
        let run = try Workspace().shell(
            "sluice explain -f fleet.json '47 10.0.0.1 > 10.0.0.2' --decapsulate gre")
        #expect(run.status == 2)
        #expect(
            run.messages
                == "sluice: `--decapsulate` is for frames of a capture; see `sluice explain --help`\n"
        )
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

    @Test("reads what a replay reads: compressed captures, pipes and tunnels")
    func captures() throws {
        let workspace = try Workspace()
        let plain = try workspace.shell("\(explain) --frame 3 -o json").output
        let piped = try workspace.shell(
            "gzip -c tiny.pcap | sluice explain -f fleet.json -r - --frame 3 -o json")
        #expect(piped.output == plain.replacing("\"tiny.pcap\"", with: "\"-\""))

        let inner = try CaptureBytes.frame(Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443 flags S"))
        var capture = CaptureBytes()
        capture.append(frame: try CaptureBytes.vxlan(inner), atMicroseconds: 1)
        try workspace.write(capture.bytes, to: "mirror.pcap")
        let command = "sluice explain -f fleet.json -r mirror.pcap --frame 1"
        let outer = try workspace.shell("\(command) | head -1")
        #expect(outer.output.hasPrefix("none: "))
        let decided = try workspace.shell("\(command) --decapsulate vxlan | head -1")
        #expect(
            decided.output == "accept: rule sgr-https of group sg-web (ingress at eni-a)\n")
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

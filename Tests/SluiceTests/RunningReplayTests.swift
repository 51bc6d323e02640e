import Foundation
import Glibc
import TestSupport
import Testing

/// What a replay says and hears while it runs.
@Suite("A replay under way")
struct RunningReplayTests {
    private let replay = "sluice replay -f fleet.json"

    @Test(
        "a signal ends it with what was decided so far, also when it waits for a pipe",
        arguments: ["TERM", "INT"])
    func signals(name: String) throws {
        let workspace = try Workspace()
        // A script's background jobs ignore Ctrl-C, unless job control is on.
        let run = try workspace.shell(
            """
            set -m; mkfifo pipe
            \(replay) -r pipe -o json --annotate n.pcapng > totals & job=$!
            exec 3> pipe; cat tiny.pcap >&3
            until ls n.pcapng.*.partial > /dev/null 2>&1; do sleep 0.01; done; sleep 0.3
            (sleep 30; kill -9 $job) > /dev/null 2>&1 &
            kill -\(name) $job; wait $job; echo $?
            \(replay) -r n.pcapng -o csv | wc -l
            """)
        #expect(run.output == "3\n6\n")
        #expect(try workspace.text(of: "totals").contains(#""packets":5,"#))
        #expect(
            try workspace.text(of: "totals").contains(
                #""complete":false,"error":"interrupted by a signal""#))
        #expect(
            run.messages.contains("`pipe` ended early, after 5 packets: interrupted by a signal"))
    }

    @Test("a signal amid captures stops behind the batch, and says what was not begun")
    func stopped() throws {
        let run = try Workspace().shell(
            """
            set -m
            \(replay) -r tiny.pcap -r tiny.pcap --loop 300000 & job=$!
            sleep 0.5; kill -TERM $job; wait $job
            """)
        #expect(run.status == 3)
        #expect(run.output.contains("captures that ended early\n"))
        #expect(run.messages.contains("the replay was stopped"))
    }

    @Test("a second signal ends the program at once")
    func killed() throws {
        let run = try Workspace().shell(
            """
            set -m; mkfifo pipe lines
            \(replay) -r tiny.pcap --loop 300000 -o csv > lines & job=$!
            exec 3< lines; head -n 1 <&3 > /dev/null
            await() { for n in $(seq 600); do "$@" && break; sleep 0.05; done; }
            sleeps() { grep -q '^State:.S' /proc/$job/status; }
            defaults() { ! ((0x$(sed -n 's/^SigCgt:.//p' /proc/$job/status) & 0x4000)); }
            await sleeps; kill -TERM $job; await defaults; kill -TERM $job; wait $job; echo $?
            """)
        // It sleeps until somebody reads its lines, and handles the first signal only.
        #expect(run.output == "143\n")
    }

    @Test("--stats prints totals and rates meanwhile")
    func stats() throws {
        let run = try Workspace().shell(
            """
            mkfifo pipe
            \(replay) -r pipe --stats 1 > /dev/null & job=$!
            exec 3> pipe; head -c 24 tiny.pcap >&3
            for n in $(seq 300); do tail -c +25 tiny.pcap; done >&3; sleep 1.2
            for n in $(seq 300); do tail -c +25 tiny.pcap; done >&3; exec 3>&-; wait $job
            """)
        let line = try #require(run.messages.split(separator: "\n").first)
        #expect(line.hasPrefix("sluice: "))
        for word in [" s: ", " packets, ", "; accept ", " %, drop ", " %, none "] {
            #expect(line.contains(word))
        }
        #expect(line.contains(" packets/s, "))
        #expect(line.hasSuffix("bit/s"))
    }

    @Test("--top lists the flows of which most was dropped")
    func top() throws {
        let workspace = try Workspace()
        let text = try workspace.shell("\(replay) -r tiny.pcap --loop 2 --stateless --top 1")
        #expect(
            text.output.hasSuffix(
                """
                dropped flows with most packets
                  udp 203.0.113.5:53 > 10.0.0.1:5353           2 packets     100 B  drop: default

                dropped flows with most bytes
                  udp 203.0.113.5:53 > 10.0.0.1:5353           2 packets     100 B  drop: default

                """))
        let json = try workspace.shell("\(replay) -r tiny.pcap --top 9 -o json")
        #expect(
            json.output.contains(
                #""droppedFlows":{"byPackets":[{"packet":{"protocol":"udp","#))
        #expect(json.output.contains(#"],"mostMissedPackets":0,"mostMissedBytes":0},"elapsed"#))
        let without = try workspace.shell("\(replay) -r tiny.pcap -o json")
        #expect(!without.output.contains("droppedFlows"))
    }

    @Test(
        "wrong usage of -i ends with 2",
        arguments: [
            ("-r tiny.pcap -i lo", "`-i` and `-r` exclude one another"),
            ("-r tiny.pcap --count 3", "`--count` is for `-i`"),
            ("-r tiny.pcap --duration 3", "`--duration` is for `-i`"),
            ("", "`replay` needs `-r CAPTURE[@ENI[:ingress|egress]]`"),
        ])
    func liveUsage(options: String, message: String) throws {
        let run = try Workspace().shell("\(replay) \(options)")
        #expect(run.status == 2)
        #expect(run.messages == "sluice: \(message); see `sluice replay --help`\n")
    }

    @Test("an interface that is not there ends with 2")
    func noInterface() throws {
        let run = try Workspace().shell("\(replay) -i no-such-interface --count 1")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("sluice: cannot open `no-such-interface`: "))
    }

    @Test(
        "-i decides what passes an interface",
        .enabled(if: getuid() == 0, "only root may listen to an interface"))
    func live() throws {
        let run = try Workspace().shell(
            """
            (for n in $(seq 40); do sleep 0.1; echo hi > /dev/udp/127.0.0.1/9; done) 2> /dev/null &
            timeout 20 \(replay) -i lo@eni-a:ingress --count 2 -o csv --write-dropped d.pcap
            echo $?; kill $!; \(replay) -r d.pcap@eni-a:ingress -o csv | wc -l
            """)
        let lines = run.output.split(separator: "\n")
        guard lines.count == 5 else {
            Issue.record("\(run.output)\(run.messages)")
            return
        }
        #expect(lines[1].hasPrefix("1,") && lines[1].contains(",lo,eni-a,ingress,"))
        #expect(lines[2].hasPrefix("2,"))
        #expect(lines[3] == "0")
        let timed = try Workspace().shell("timeout 20 \(replay) -i lo --duration 1; echo $?")
        #expect(timed.output.hasSuffix("\n0\n"))
    }
}

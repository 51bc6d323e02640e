import Captures
import Foundation
import TestSupport
import Testing

/// `--write-accepted`, `--write-dropped` and `--annotate`.
@Suite("Files of packets")
struct PacketOutputTests {
    private let replay = "sluice replay -f fleet.json"

    /// What a capture's decisions are, without frame numbers and capture names.
    private let columns = "cut -d, -f2,4- | tail -n +2"

    @Test("have the packets with their verdict, byte for byte, and no other")
    func verdicts() throws {
        let workspace = try Workspace()
        let run = try workspace.shell(
            """
            \(replay) -r tiny.pcap --write-accepted a.pcap --write-dropped d.pcap > /dev/null
            for file in a d; do \(replay) -r $file.pcap --stateless -o csv | \(columns); done
            """)
        #expect(run.messages.isEmpty)
        #expect(
            run.output == """
                1700000000.000000,eni-a,ingress,tcp,203.0.113.5,40000,10.0.0.1,443,accept,rule,sgr-https,sg-web
                1700000000.000002,eni-b,ingress,tcp,10.0.0.1,40001,10.0.0.2,443,accept,rule,sgr-https,sg-web
                1700000000.000001,eni-a,ingress,udp,203.0.113.5,53,10.0.0.1,5353,drop,default,,
                1700000000.000003,eni-b,ingress,icmp,203.0.113.5,,10.0.0.2,,drop,default,,

                """)
        #expect(try workspace.names == ["a.pcap", "d.pcap", "fleet.json", "tiny.pcap"])
        let frames = try workspace.frames(of: "tiny.pcap")
        #expect(try workspace.frames(of: "a.pcap") == [frames[0], frames[2]])
        #expect(try workspace.frames(of: "d.pcap") == [frames[1], frames[3]])
    }

    @Test("with comments hold all packets, and give the same decisions")
    func annotations() throws {
        let workspace = try Workspace()
        let run = try workspace.shell(
            """
            \(replay) -r tiny.pcap --annotate n.pcapng > /dev/null
            \(replay) -r n.pcapng -o csv | \(columns) > again
            \(replay) -r tiny.pcap -o csv | \(columns) | cmp - again && echo same
            """)
        #expect(run.output == "same\n")
        let bytes = Array(try Data(contentsOf: workspace.folder.appendingPathComponent("n.pcapng")))
        for comment in ["accept: rule sgr-https (sg-web)", "drop: default", "none: not-ip"] {
            #expect(bytes.firstRange(of: Array(comment.utf8)) != nil, "\(comment)")
        }
        #expect(bytes.firstRange(of: Array("tiny.pcap".utf8)) != nil)
    }

    @Test("become pcapng when a frame comes that pcap cannot hold")
    func conversion() throws {
        let workspace = try Workspace()
        // The same packets with nanoseconds behind those with microseconds.
        let run = try workspace.shell(
            #"""
            { printf '\x4d\x3c\xb2\xa1'; tail -c +5 tiny.pcap; } > nano.pcap
            \#(replay) -r tiny.pcap -r nano.pcap -r tiny.pcap --write-dropped d.pcap > /dev/null
            \#(replay) -r d.pcap -o csv | tail -n +2 | cut -d, -f2
            head -c 4 d.pcap | od -An -tx1; ls
            """#)
        #expect(run.messages.isEmpty)
        #expect(
            run.output == """
                1700000000.000001
                1700000000.000003
                1700000000.000000001
                1700000000.000000003
                1700000000.000001
                1700000000.000003
                 0a 0d 0d 0a
                d.pcap
                fleet.json
                nano.pcap
                tiny.pcap

                """)
    }

    @Test("of the name .pcapng, and to a pipe, are pcapng; `-` leaves the totals to standard error")
    func standardOutput() throws {
        let run = try Workspace().shell(
            """
            \(replay) -r tiny.pcap --write-dropped - | \(replay) -r - -o csv | wc -l
            \(replay) -r tiny.pcap --write-dropped d.pcapng > /dev/null
            head -c 4 d.pcapng | od -An -tx1
            """)
        #expect(run.output == "3\n 0a 0d 0d 0a\n")
        #expect(run.messages.hasPrefix("5 packets, 266 B, 1 capture\n"))
    }

    @Test("without packets are captures")
    func empty() throws {
        let run = try Workspace().shell(
            """
            head -c 24 tiny.pcap > none.pcap
            \(replay) -r none.pcap --write-dropped d.pcap --annotate n.pcapng > /dev/null
            \(replay) -r d.pcap -r n.pcapng -o csv | wc -l
            """)
        #expect(run.output == "1\n")
        #expect(run.messages.isEmpty)
    }

    @Test("of a capture that is cut short have what was decided, and the run ends with 3")
    func cutShort() throws {
        let run = try Workspace().shell(
            """
            head -c 200 tiny.pcap > cut.pcap
            \(replay) -r cut.pcap --annotate n.pcapng > /dev/null 2>&1; echo $?
            \(replay) -r n.pcapng -o csv | wc -l
            """)
        #expect(run.output == "3\n3\n")
    }

    @Test(
        "that cannot be written end the run with 2, and leave nothing",
        arguments: [
            ("--write-accepted /dev/full", "cannot write `/dev/full`: no space left on device"),
            ("--annotate no/n.pcapng", "cannot write `no/n.pcapng`: no such file or directory"),
            (
                "--write-dropped tiny.pcap",
                "`tiny.pcap` is read, and cannot be written at the same time"
            ),
            (
                "--write-dropped ./link.pcap",
                "`tiny.pcap` is read, and cannot be written at the same time"
            ),
            (
                "--write-accepted fleet.json",
                "`fleet.json` is read, and cannot be written at the same time"
            ),
        ])
    func failures(option: String, message: String) throws {
        let workspace = try Workspace()
        let run = try workspace.shell(
            "ln -s tiny.pcap link.pcap; \(replay) -r tiny.pcap \(option)")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages == "sluice: \(message)\n")
        #expect(try workspace.names == ["fleet.json", "link.pcap", "tiny.pcap"])
    }

    @Test("a folder that vanishes meanwhile is an error")
    func vanished() throws {
        let workspace = try Workspace()
        let run = try workspace.shell(
            """
            mkdir there; mkfifo pipe
            \(replay) -r pipe --write-accepted there/a.pcap & job=$!
            exec 3> pipe; head -c 200 tiny.pcap >&3
            until ls there/* > /dev/null 2>&1; do sleep 0.01; done
            rm -r there; tail -c +201 tiny.pcap >&3; exec 3>&-; wait $job
            """)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(
            run.messages == "sluice: cannot write `there/a.pcap`: no such file or directory\n")
    }

    @Test(
        "two of one name, and two things on standard output, are wrong usage",
        arguments: [
            "--write-accepted a.pcap --write-dropped ./a.pcap", "--write-accepted - --annotate -",
            "--write-accepted - -o json", "--write-dropped - -o csv",
        ])
    func twice(options: String) throws {
        let workspace = try Workspace()
        let run = try workspace.shell("\(replay) -r tiny.pcap \(options)")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasSuffix("; see `sluice replay --help`\n"))
        #expect(try workspace.names == ["fleet.json", "tiny.pcap"])
    }

    @Test("a reader of standard output that leaves ends the run quietly; one of a pipe is missed")
    func closedPipes() throws {
        let run = try Workspace().shell(
            """
            \(replay) -r tiny.pcap --loop 3000 --write-dropped - | head -c 9 > /dev/null
            echo ${PIPESTATUS[0]}
            \(replay) -r tiny.pcap --loop 3000 --write-dropped >(head -c 9 > /dev/null); echo $?
            """)
        #expect(run.output == "0\n2\n")
        #expect(run.messages.hasSuffix(": broken pipe\n"))
        #expect(run.messages.split(separator: "\n").count == 1)
    }
}

extension Workspace {
    /// The bytes of a capture's frames.
    fileprivate func frames(of name: String) throws -> [[UInt8]] {
        var reader = try CaptureReader(path: folder.appendingPathComponent(name).path)
        var frames: [[UInt8]] = []
        _ = reader.readFrames(upTo: .max) { _, bytes in
            frames.append(unsafe bytes.withUnsafeBytes { unsafe Array($0) })
        }
        return frames
    }
}

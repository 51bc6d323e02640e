import CloudModel
import Testing
import TestSupport

@Suite("What `-r` names")
struct CaptureArgumentTests {
    private let replay = "sluice replay -f fleet.json --stateless -o csv"

    /// The `frame,time,capture` of the rows that a run prints.
    private func rows(_ workspace: Workspace, _ arguments: String) throws -> [String] {
        let run = try workspace.shell("\(replay) \(arguments) | cut -d, -f1-3 | tail -n +2")
        #expect(run.messages == "")
        return run.output.split(separator: "\n").map(String.init)
    }

    private func capture(at seconds: Int...) throws -> [UInt8] {
        var capture = CaptureBytes()
        let packet = try Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443 flags S")
        for second in seconds { capture.append(packet, atMicroseconds: second * 1_000_000) }
        return capture.bytes
    }

    @Test("of a folder, its captures in the order of their names, and no other file")
    func folder() throws {
        let workspace = try Workspace()
        _ = try workspace.shell("mkdir -p in/deeper")
        try workspace.write(capture(at: 3), to: "in/b.pcap10")
        try workspace.write(capture(at: 2), to: "in/b.pcap2")
        try workspace.write(capture(at: 1), to: "in/c")
        try workspace.write(capture(at: 9), to: "in/deeper/a.pcap")
        try workspace.write("notes", to: "in/a.txt")
        _ = try workspace.shell("mkfifo in/pipe; gzip in/c")
        #expect(
            try rows(workspace, "-r in/") == [
                "1,3.000000,in/b.pcap10", "1,2.000000,in/b.pcap2", "1,1.000000,in/c.gz",
            ])
        #expect(
            try rows(workspace, "--merge -r in@eni-a -r in/b.pcap2") == [
                "1,1.000000,in/c.gz", "1,2.000000,in/b.pcap2", "1,2.000000,in/b.pcap2",
                "1,3.000000,in/b.pcap10",
            ])
        let empty = try workspace.shell("\(replay) -r in/deeper/.. -r empty; mkdir empty")
        #expect(empty.status == 0)
        let none = try workspace.shell("\(replay) -r empty")
        #expect(none.status == 2)
        #expect(none.messages == "sluice: the folder `empty` holds no capture\n")
    }

    @Test("a file in a folder that has a capture's name and is none is an error")
    func damagedFolder() throws {
        let workspace = try Workspace()
        _ = try workspace.shell("mkdir in; head -c 20 tiny.pcap > in/cut.pcap")
        let run = try workspace.shell("\(replay) -r in")
        #expect(run.status == 2)
        #expect(
            run.messages
                == "sluice: cannot read `in/cut.pcap` as a capture: the file ends in its header, "
                + "after 20 bytes\n")
    }

    @Test("compressed captures, also on standard input; one that is cut ends with 3")
    func compressed() throws {
        let workspace = try Workspace()
        let plain = try workspace.shell("\(replay) -r - < tiny.pcap")
        #expect(plain.output.split(separator: "\n").count == 6)
        for way in [
            "gzip -c tiny.pcap | \(replay) -r -", "gzip -c tiny.pcap > t; \(replay) -r - < t",
        ] {
            let run = try workspace.shell(way)
            #expect(run.status == 0)
            #expect(run.output == plain.output)
        }
        let cut = try workspace.shell("gzip -c tiny.pcap | head -c -9 > c.gz; \(replay) -r c.gz")
        #expect(cut.status == 3)
        #expect(
            cut.messages
                == "sluice: `c.gz` ended early, after 5 packets: the gzip stream is cut short\n")
    }

    @Test("inside of tunnels with --decapsulate")
    func tunnels() throws {
        let workspace = try Workspace()
        let inner = try CaptureBytes.frame(Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443 flags S"))
        var capture = CaptureBytes()
        capture.append(frame: try CaptureBytes.vxlan(inner), atMicroseconds: 1)
        capture.append(frame: inner, atMicroseconds: 2)
        try workspace.write(capture.bytes, to: "mirror.pcap")
        let command = "\(replay) -r mirror.pcap"
        let outer = try workspace.shell("\(command) | cut -d, -f4-7,11-13")
        #expect(
            outer.output.hasSuffix(
                "\n,,udp,198.51.100.1,none,no-interface,\n"
                    + "eni-a,ingress,tcp,203.0.113.5,accept,rule,sgr-https\n"))
        let decided = try workspace.shell("\(command) --decapsulate vxlan | cut -d, -f4-7,11-13")
        let row = "eni-a,ingress,tcp,203.0.113.5,accept,rule,sgr-https\n"
        #expect(decided.output.hasSuffix("\n" + row + row))
        let unknown = try workspace.shell("\(command) --decapsulate ipip")
        #expect(unknown.status == 2)
    }
}

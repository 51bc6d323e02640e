import CloudModel
import TestSupport
import Testing

@Suite("sluice whatif")
struct WhatIfTests {
    private let whatIf = "sluice whatif -f fleet.json -r tiny.pcap"

    @Test("json has both replays, the totals and the flips")
    func json() throws {
        let run = try Workspace().shell("\(whatIf) --revoke sgr-https -o json")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix(#"{"before":{"packets":5,"bytes":"#))
        #expect(run.output.contains(#""after":{"packets":5,"#))
        #expect(run.output.contains(#""decisions":{"accept":0,"drop":4,"none":1}"#))
        #expect(
            run.output.contains(
                #""totals":{"acceptToDrop":{"flows":2,"packets":2,"bytes":124},"dropToAccept":{"flows":0,"packets":0,"bytes":0}}"#
            ))
        #expect(
            run.output.contains(
                #""flips":[{"packet":{"networkInterface":"eni-a","direction":"ingress","protocol":"tcp","source":"203.0.113.5","sourcePort":40000,"destination":"10.0.0.1","destinationPort":443,"tcpFlags":"S"},"packets":1,"bytes":62,"firstSeen":1700000000.000000,"lastSeen":1700000000.000000,"before":{"decision":"accept","reason":"rule","rule":"sgr-https","securityGroup":"sg-web","networkInterface":"eni-a","direction":"ingress"},"after":{"decision":"drop","reason":"default","networkInterface":"eni-a","direction":"ingress"}},"#
            ))
        #expect(run.output.contains(#""midstream":1}],"uncertain":{"midstream":2}"#))
        #expect(
            run.messages
                == "sluice: RevokeSecurityGroup (--revoke sgr-https): ok, 2 interfaces changed\n")
    }

    @Test("ndjson and csv have a line a flow")
    func lines() throws {
        let workspace = try Workspace()
        let ndjson = try workspace.shell("\(whatIf) --revoke sgr-https -o ndjson")
        let lines = ndjson.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"packet":{"networkInterface":""#) })
        let csv = try workspace.shell("\(whatIf) --revoke sgr-https -o csv")
        #expect(
            csv.output == """
                change,networkInterface,direction,protocol,source,sourcePort,destination,destinationPort,packets,bytes,firstSeen,lastSeen,dependentPackets,dependentBytes,decisionBefore,reasonBefore,ruleBefore,securityGroupBefore,decisionAfter,reasonAfter,ruleAfter,securityGroupAfter
                acceptToDrop,eni-a,ingress,tcp,203.0.113.5,40000,10.0.0.1,443,1,62,1700000000.000000,1700000000.000000,0,0,accept,rule,sgr-https,sg-web,drop,default,,
                acceptToDrop,eni-b,ingress,tcp,10.0.0.1,40001,10.0.0.2,443,1,62,1700000000.000002,1700000000.000002,0,0,accept,rule,sgr-https,sg-web,drop,default,,

                """)
    }

    @Test("text begins with the answer, and names rules, peers and ports")
    func text() throws {
        let run = try Workspace().shell("\(whatIf) --revoke sgr-https")
        #expect(run.output.hasPrefix("accept → drop: 2 flows, 2 packets, 124 B\n"))
        for part in [
            "sgr-https of sg-web → default", "203.0.113.5", "tcp 443", "(2 flows)",
            "tcp 203.0.113.5:40000 > 10.0.0.1:443  ingress at eni-a",
        ] { #expect(run.output.contains(part), "\(part)") }
    }

    @Test("text and Markdown are short, and complete with --all")
    func all() throws {
        let workspace = try Workspace()
        try workspace.write(try Workspace.scan(flowCount: 50).bytes, to: "scan.pcap")
        let command = "sluice whatif -f fleet.json -r scan.pcap --revoke sgr-https"
        for format in ["text", "md"] {
            let short = try workspace.shell("\(command) -o \(format)")
            #expect(short.output.contains("(the first 20 of 50 flows; --all lists them all)"))
            #expect(short.output.matches(of: /:443/).count < 30)
            let complete = try workspace.shell("\(command) -o \(format) --all")
            #expect(complete.output.matches(of: /:443/).count == 50)
        }
    }

    @Test("nothing flips, and says so")
    func quiet() throws {
        let workspace = try Workspace()
        try workspace.writeOperations()
        let run = try workspace.shell("\(whatIf) --operations late --fail-on any")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("nothing flips: all 5 packets are decided as before\n"))
    }

    @Test("a refused call comes first, is named everywhere, and ends with 1")
    func refused() throws {
        let workspace = try Workspace()
        // The interface is in the group.
        let refused = "\(whatIf) --stateless --join sg-web:eni-a"
        let run = try workspace.shell(refused)
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("refused: 1 call, so nothing changes\n  JoinSecurityGroup ("))
        #expect(run.messages.contains("refused: 403 InvalidInstanceId.AlreadyExists: "))
        let both = try workspace.shell("\(refused) --revoke sgr-https -o md")
        #expect(both.output.hasPrefix("**refused: 1 of 2 calls; the rest: accept → drop: 2 flows"))
        let json = try workspace.shell("\(refused) --revoke sgr-https -o json")
        #expect(
            json.output.contains(
                #""calls":[{"operation":"JoinSecurityGroup","origin":"--join sg-web:eni-a","made":true,"error":{"code":"InvalidInstanceId.AlreadyExists","#
            ))
        #expect(json.output.contains(#""origin":"--revoke sgr-https","made":true,"ok":true,"#))
    }

    @Test(
        "--fail-on makes it a gate",
        arguments: [
            ("--revoke sgr-https", 0), ("--revoke sgr-https --fail-on drop", 1),
            ("--revoke sgr-https --fail-on accept", 0), ("--revoke sgr-https --fail-on any", 1),
            ("--operations open --fail-on accept", 1), ("--operations open --fail-on drop", 0),
            ("--operations open --fail-on any", 1), ("--operations late --fail-on any", 0),
        ])
    func gate(options: String, status: Int) throws {
        let workspace = try Workspace()
        try workspace.writeOperations()
        let run = try workspace.shell("\(whatIf) \(options) -o csv")
        #expect(run.status == Int32(status))
    }

    @Test("calls with a time are made in mid-capture, or never")
    func midCapture() throws {
        let workspace = try Workspace()
        try workspace.writeOperations()
        let run = try workspace.shell(
            "\(whatIf) --operations middle -o csv | tail -n +2 | cut -d, -f2")
        #expect(run.output == "eni-b\n")
        let late = try workspace.shell("\(whatIf) --operations late -o csv")
        #expect(
            late.messages
                == "sluice: RevokeSecurityGroup (late:1): not made, the captures end before its time\n"
        )
    }

    @Test("changes are made in the order in which they are given")
    func order() throws {
        let workspace = try Workspace()
        try workspace.writeOperations()
        let run = try workspace.shell(
            "\(whatIf) --operations open --revoke sgr-https --operations open -o csv")
        #expect(
            run.messages.split(separator: "\n").map { $0.prefix(while: { $0 != "," }) } == [
                "sluice: AuthorizeSecurityGroup (open:1): ok",
                "sluice: RevokeSecurityGroup (--revoke sgr-https): ok",
                "sluice: AuthorizeSecurityGroup (open:1): ok",
            ])
    }

    @Test(
        "names that the fleet lacks end with 2 and a guess",
        arguments: [
            (
                "--revoke sgr-htps",
                "--revoke sgr-htps: the fleet has no rule `sgr-htps`; did you mean `sgr-https`?"
            ),
            (
                "--leave sg-wbe:eni-a",
                "--leave sg-wbe:eni-a: the fleet has no security group `sg-wbe`; did you mean `sg-web`?"
            ),
            (
                "--detach eni-c",
                "--detach eni-c: the fleet has no network interface `eni-c`; did you mean `eni-a`?"
            ),
            (
                "--detach eni-a",
                "--detach eni-a: `eni-a` is attached to no instance that the fleet names"
            ),
            (
                "--join sg-web",
                "`--join` needs `GROUP:ENI`, not `sg-web`; see `sluice whatif --help`"
            ),
            (
                "--stateless --max-sessions 5 --revoke sgr-https",
                "--stateless keeps no sessions; leave --max-sessions out; see `sluice whatif --help`"
            ),
            (
                "--fail-on never --revoke sgr-https",
                "`--fail-on` knows `drop`, `accept`, `any`, not `never`; see `sluice whatif --help`"
            ),
        ])
    func mistakes(options: String, message: String) throws {
        let run = try Workspace().shell("\(whatIf) \(options)")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages == "sluice: \(message)\n")
    }

    @Test("without a change there is nothing to ask")
    func noChange() throws {
        let run = try Workspace().shell(whatIf)
        #expect(run.status == 2)
        #expect(run.messages.hasPrefix("sluice: `whatif` needs a change: one or more of "))
    }

    @Test(
        "files that cannot be read, and calls with mistakes, end with 2 before anything is printed")
    func malformed() throws {
        let workspace = try Workspace()
        try workspace.write("{\"operation\":1}", to: "bad")
        for (options, message) in [
            ("--operations bad", "bad:1:14: operation: "),
            ("--operations none", "sluice: cannot read `none`: "),
            ("--revoke sgr-https -r none", "sluice: cannot open `none`: "),
            ("--revoke sgr-https --vpc none", "sluice: the fleet has no vpc `none`"),
        ] {
            let run = try workspace.shell("\(whatIf) \(options) --report page.html")
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.messages.hasPrefix(message))
        }
        #expect(try !workspace.names.contains("page.html"))
    }

    @Test("a capture that is cut short ends with 3, unless the answer is no")
    func cutShort() throws {
        let command =
            "head -c 200 tiny.pcap > cut.pcap; sluice whatif -f fleet.json -r cut.pcap "
            + "--revoke sgr-https"
        #expect(try Workspace().shell(command).status == 3)
        #expect(try Workspace().shell("\(command) --fail-on drop").status == 1)
    }

    @Test("--interface and --stateless are as with replay")
    func placement() throws {
        let run = try Workspace().shell(
            "\(whatIf) --stateless --interface eni-b --revoke sgr-https -o csv | tail -n +2 | cut -d, -f2,5"
        )
        #expect(run.output == "eni-b,10.0.0.1\n")
    }
}

extension Workspace {
    /// Connections to a web server, from a port each.
    fileprivate static func scan(flowCount: Int) throws -> CaptureBytes {
        var capture = CaptureBytes()
        for flow in 0..<flowCount {
            capture.append(
                try Packet("tcp 203.0.113.5:\(40_000 + flow) > 10.0.0.1:443 flags S"),
                atMicroseconds: 1_700_000_000_000_000 + flow)
        }
        return capture
    }

    /// `open` lets DNS in, `middle` and `late` revoke HTTPS before the third frame, and too late.
    fileprivate func writeOperations() throws {
        try write(
            """
            {"operation":"AuthorizeSecurityGroup","parameters":{"RegionId":"r","SecurityGroupId":\
            "sg-web","Permissions":[{"IpProtocol":"UDP","PortRange":"5353/5353","SourceCidrIp":\
            "0.0.0.0/0"}]}}
            """, to: "open")
        for (name, time) in [("middle", "1700000000.000002"), ("late", "1800000000")] {
            try write(
                """
                {"operation":"RevokeSecurityGroup","parameters":{"RegionId":"r","SecurityGroupId":\
                "sg-web","SecurityGroupRuleId":["sgr-https"]},"at":\(time)}
                """, to: name)
        }
    }
}

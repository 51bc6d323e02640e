import Testing

@Suite("Output of replay")
struct ReplayGoldenTests {
    @Test("csv")
    func csv() throws {
        let run = try Workspace().shell(
            "sluice replay -f fleet.json -r tiny.pcap -o csv")
        #expect(run.status == 0)
        #expect(run.messages.isEmpty)
        #expect(
            run.output == """
                frame,time,capture,networkInterface,direction,protocol,source,sourcePort,destination,destinationPort,decision,reason,rule,securityGroup
                1,1700000000.000000,tiny.pcap,eni-a,ingress,tcp,203.0.113.5,40000,10.0.0.1,443,accept,rule,sgr-https,sg-web
                2,1700000000.000001,tiny.pcap,eni-a,ingress,udp,203.0.113.5,53,10.0.0.1,5353,drop,default,,
                3,1700000000.000002,tiny.pcap,eni-b,ingress,tcp,10.0.0.1,40001,10.0.0.2,443,accept,rule,sgr-https,sg-web
                4,1700000000.000003,tiny.pcap,eni-b,ingress,icmp,203.0.113.5,,10.0.0.2,,drop,default,,
                5,1700000001.000000,tiny.pcap,,,,,,,,none,not-ip,,

                """)
    }

    @Test("ndjson")
    func ndjson() throws {
        let run = try Workspace().shell(
            "sluice replay -f fleet.json -r tiny.pcap -o ndjson")
        #expect(run.status == 0)
        #expect(
            run.output == """
                {"frame":1,"capture":"tiny.pcap","time":1700000000.000000,"decision":"accept","reason":"rule","rule":"sgr-https","securityGroup":"sg-web","networkInterface":"eni-a","direction":"ingress","packet":{"protocol":"tcp","source":"203.0.113.5","sourcePort":40000,"destination":"10.0.0.1","destinationPort":443,"tcpFlags":"S"}}
                {"frame":2,"capture":"tiny.pcap","time":1700000000.000001,"decision":"drop","reason":"default","networkInterface":"eni-a","direction":"ingress","packet":{"protocol":"udp","source":"203.0.113.5","sourcePort":53,"destination":"10.0.0.1","destinationPort":5353}}
                {"frame":3,"capture":"tiny.pcap","time":1700000000.000002,"decision":"accept","reason":"rule","rule":"sgr-https","securityGroup":"sg-web","networkInterface":"eni-b","direction":"ingress","packet":{"protocol":"tcp","source":"10.0.0.1","sourcePort":40001,"destination":"10.0.0.2","destinationPort":443,"tcpFlags":"S."},"evaluations":[{"decision":"accept","reason":"default","networkInterface":"eni-a","direction":"egress"},{"decision":"accept","reason":"rule","rule":"sgr-https","securityGroup":"sg-web","networkInterface":"eni-b","direction":"ingress"}]}
                {"frame":4,"capture":"tiny.pcap","time":1700000000.000003,"decision":"drop","reason":"default","networkInterface":"eni-b","direction":"ingress","packet":{"protocol":"icmp","source":"203.0.113.5","destination":"10.0.0.2","icmpType":8,"icmpCode":0,"icmpId":0}}
                {"frame":5,"capture":"tiny.pcap","time":1700000001.000000,"decision":"none","reason":"not-ip"}

                """)
    }

    @Test("json, but for the times that the machine takes")
    func json() throws {
        let run = try Workspace().shell(
            """
            sluice replay -f fleet.json -r tiny.pcap -o json |
                sed -E 's/(Seconds?":)[0-9.e+-]+/\\1N/g'
            """)
        #expect(
            run.output == """
                {"packets":5,"bytes":266,"decisions":{"accept":2,"drop":2,"none":1},"reasons":{"rule":2,"default":2,"not-ip":1},"midstream":1,"sessions":{"created":3,"expired":0,"evicted":0,"cut":0,"live":3},"rules":[{"rule":"sgr-https","securityGroup":"sg-web","direction":"ingress","packets":2,"bytes":124,"firstSeen":1700000000.000000,"lastSeen":1700000000.000002}],"elapsedSeconds":N,"decisionsPerSecond":N,"packetsPerSecond":N,"bitsPerSecond":N,"captures":[{"path":"tiny.pcap","packets":5,"complete":true}]}

                """)
    }

    @Test("text with sessions, but for the line of times")
    func textWithSessions() throws {
        let run = try Workspace().shell("sluice replay -f fleet.json -r tiny.pcap | sed 2d")
        #expect(
            run.output.hasPrefix(
                """
                5 packets, 266 B, 1 capture

                accept                               2    40.0 %
                """))
        #expect(
            run.output.contains(
                """
                  not-ip                             1    20.0 %

                sessions
                  created                            3
                  live at the end                    3
                  drops of connections that began before the capture (midstream): 1

                rules that decided
                """))
    }

    @Test("text without sessions, but for the line of times")
    func text() throws {
        let run = try Workspace().shell(
            "sluice replay -f fleet.json -r tiny.pcap --stateless | sed 2d")
        #expect(
            run.output == """
                5 packets, 266 B, 1 capture; without sessions

                accept                               2    40.0 %
                drop                                 2    40.0 %
                none                                 1    20.0 %

                why
                  rule                               2    40.0 %
                  default                            2    40.0 %
                  not-ip                             1    20.0 %

                rules that decided (evaluations, bytes)
                  sgr-https  sg-web  ingress               2     124 B

                """)
    }

    @Test("csv quotes a path with a comma or a quote")
    func quoting() throws {
        let workspace = try Workspace()
        let run = try workspace.shell(
            #"cp tiny.pcap 'a,"b.pcap'; sluice replay -f fleet.json -r 'a,"b.pcap' -o csv | sed -n 2p"#
        )
        #expect(run.output.hasPrefix(#"1,1700000000.000000,"a,""b.pcap",eni-a,"#))
    }
}

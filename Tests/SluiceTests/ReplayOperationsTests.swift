import Testing

@Suite("Sessions and operations of replay")
struct ReplayOperationsTests {
    private let revoke =
        #"{"operation":"RevokeSecurityGroup","parameters":{"RegionId":"r","SecurityGroupId":"sg-web","SecurityGroupRuleId":["sgr-https"]}"#

    @Test("calls are made in mid-capture, and what came of them is told on standard error")
    func operations() throws {
        let workspace = try Workspace()
        try workspace.write(
            """
            \(revoke),"at":1700000000.000002}
            \(revoke),"at":1700000000.000003}
            \(revoke),"at":1800000000}
            """, to: "calls.jsonl")
        let run = try workspace.shell(
            "sluice replay -f fleet.json -r tiny.pcap --operations calls.jsonl -o csv | cut -d, -f1,11-13"
        )
        #expect(
            run.output == """
                frame,decision,reason,rule
                1,accept,rule,sgr-https
                2,drop,default,
                3,drop,default,
                4,drop,default,
                5,none,not-ip,

                """)
        #expect(
            run.messages == """
                sluice: 1: RevokeSecurityGroup: ok, 2 interfaces changed
                sluice: 2: RevokeSecurityGroup: 404 InvalidSecurityGroupRuleId.NotFound: \
                the security group has no such rule as `sgr-https`
                sluice: 3: RevokeSecurityGroup: not made, the captures end before its time

                """)
        #expect(run.status == 0)
    }

    @Test("a call file with a mistake stops the replay before it begins")
    func badOperations() throws {
        let workspace = try Workspace()
        try workspace.write("{\"operation\":1}", to: "calls.jsonl")
        let run = try workspace.shell(
            "sluice replay -f fleet.json -r tiny.pcap --operations calls.jsonl")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("calls.jsonl:1:14: operation: "))
    }

    @Test("--max-sessions bounds what is kept")
    func maximumSessions() throws {
        let run = try Workspace().shell(
            "sluice replay -f fleet.json -r tiny.pcap --max-sessions 1 -o json")
        let counts = run.output.firstMatch(
            of: /"sessions":\{"created":3,.*"evicted":([0-9]+),.*"live":([0-9]+)\}/)
        let (_, evicted, live) = try #require(counts).output
        #expect(try #require(Int(live)) <= 1)
        #expect(try #require(Int(evicted)) + #require(Int(live)) == 3)
    }
}

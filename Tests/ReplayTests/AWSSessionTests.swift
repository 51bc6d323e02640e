import CloudModel
import ControlPlane
import Replay
import Sessions
import Testing

/// SEMANTICS B.5, row by row.
@Suite("Sessions on AWS")
struct AWSSessionTests {
    private typealias W = LiveWorld
    private let syn = "tcp 9.9.9.9:5000 > 10.0.0.1:22 flags S"
    private let request = "tcp 9.9.9.9:5000 > 10.0.0.1:22 flags ."
    private let reply = "tcp 10.0.0.1:22 > 9.9.9.9:5000 flags ."

    /// ssh from 9.0.0.0/8 comes in: such flows are tracked, whatever goes out.
    private func narrowWorld() throws -> LiveWorld {
        LiveWorld(
            .aws,
            [
                try W.rule("sgr-in", .ingress, .tcp, 22...22, peer: "9.0.0.0/8"),
                try W.rule("sgr-dns", .ingress, .udp, 53...53, peer: "9.0.0.0/8"),
                try W.rule("sgr-out", .egress, nil),
            ])
    }

    /// ssh from anywhere comes in, everything goes out: such flows are untracked.
    private func openWorld() throws -> LiveWorld {
        LiveWorld(
            .aws,
            [
                try W.rule("sgr-in", .ingress, .tcp, 22...22),
                try W.rule("sgr-out", .egress, nil),
            ])
    }

    @Test("the reply of a tracked flow needs no rule, a ping's neither")
    func replies() throws {
        var world = LiveWorld(
            .aws,
            [
                try W.rule("sgr-in", .ingress, .tcp, 22...22),
                try W.rule("sgr-ping", .ingress, .icmp),
            ])
        #expect(try world.see(reply) == "-implicit-deny")
        #expect(try world.see(syn) == "sgr-in")
        #expect(try world.see(reply) == "established")
        #expect(try world.see("icmp 9.9.9.9 > 10.0.0.1 type 8 code 0 id 7") == "sgr-ping")
        #expect(try world.see("icmp 10.0.0.1 > 9.9.9.9 type 0 code 0 id 7") == "established")
    }

    @Test("a tracked flow goes on when its rule is revoked, a new one does not begin")
    func trackedSurvives() throws {
        var world = try narrowWorld()
        _ = try world.see(syn)
        try world.revoke("sgr-in")
        #expect(try world.see(request) == "established")
        #expect(try world.see(reply) == "established")
        #expect(try world.see("tcp 9.9.9.9:5001 > 10.0.0.1:22 flags S") == "-implicit-deny")
    }

    @Test("an untracked flow is admitted packet by packet, its reply by the rule for it")
    func untracked() throws {
        var world = try openWorld()
        for _ in 0..<2 {
            #expect(try world.see(request) == "sgr-in")
            #expect(try world.see(reply) == "sgr-out")
        }
        let counts = world.live.evaluator.sessionCounts()
        #expect(try #require(counts).created == 0)
    }

    @Test("an untracked flow breaks at once, and a reply does not bring it back")
    func untrackedBreaks() throws {
        var world = try openWorld()
        _ = try world.see(syn)
        _ = try world.see(reply)
        try world.revoke("sgr-in")
        #expect(try world.see(request) == "-implicit-deny")
        #expect(try world.see(reply) == "sgr-out")
        #expect(try world.see(request) == "-implicit-deny")
    }

    @Test("when the open rule for replies goes, the flow becomes tracked at its next packet")
    func becomesTracked() throws {
        for nextIsReply in [false, true] {
            var world = try openWorld()
            _ = try world.see(syn)
            try world.revoke("sgr-out", egress: true)
            #expect(
                try world.see(nextIsReply ? reply : request)
                    == (nextIsReply ? "established" : "sgr-in"))
            try world.revoke("sgr-in")
            #expect(try world.see(request) == "established")
            #expect(try world.see(reply) == "established")
        }
    }

    @Test("if the flow's own rule goes with it, there is nothing to track")
    func bothGo() throws {
        var world = try openWorld()
        _ = try world.see(syn)
        try world.revoke("sgr-out", egress: true)
        try world.revoke("sgr-in")
        #expect(try world.see(reply) == "-implicit-deny")
        #expect(try world.see(request) == "-implicit-deny")
    }

    @Test("a session of before stays one when rules open")
    func staysTracked() throws {
        var world = try narrowWorld()
        _ = try world.see(syn)
        try world.perform(
            "AuthorizeSecurityGroupIngress",
            [
                "GroupId": "sg-00000001", "IpProtocol": "tcp", "FromPort": .number("22"),
                "ToPort": .number("22"), "CidrIp": "0.0.0.0/0",
            ])
        try world.revoke("sgr-in")
        #expect(try world.see(request) == "established")
    }

    @Test(
        "what is short of open is tracked",
        arguments: [
            // The rule of the flow, the rules for replies.
            ("9.0.0.0/8", [("0.0.0.0/0", nil)]), ("0.0.0.0/1", [("0.0.0.0/0", nil)]),
            ("0.0.0.0/0", [("0.0.0.0/1", nil), ("128.0.0.0/1", nil)]),
            ("0.0.0.0/0", [("0.0.0.0/0", 1024...65535)]),
            ("0.0.0.0/0", [("0.0.0.0/0", 0...1023), ("0.0.0.0/0", 1024...65535)]),
            ("0.0.0.0/0", [("::/0", nil)]), ("0.0.0.0/0", []),
        ] as [(String, [(String, ClosedRange<UInt16>?)])])
    func notOpen(peer: String, replies: [(String, ClosedRange<UInt16>?)]) throws {
        var rules = [try W.rule("sgr-in", .ingress, .tcp, 22...22, peer: peer)]
        for (index, (peer, ports)) in replies.enumerated() {
            rules.append(
                try W.rule(
                    RuleID("sgr-out\(index)"), .egress, ports == nil ? nil : .tcp, ports, peer: peer
                ))
        }
        var world = LiveWorld(.aws, rules)
        #expect(try world.see(syn) == "sgr-in")
        try world.revoke("sgr-in")
        #expect(try world.see(request) == "established")
    }

    @Test("a narrow rule beside the open one does not track the flow")
    func narrowAndOpen() throws {
        var world = LiveWorld(
            .aws,
            [
                try W.rule("sgr-a-narrow", .ingress, .tcp, 22...22, peer: "9.0.0.0/8"),
                try W.rule("sgr-b-open", .ingress, .tcp, 22...22),
                try W.rule("sgr-out", .egress, .tcp, 0...65535),
            ])
        #expect(try world.see(syn) == "sgr-a-narrow")
        try world.revoke("sgr-a-narrow", "sgr-b-open")
        #expect(try world.see(request) == "-implicit-deny")
    }

    @Test("which rules are open is asked for each version of IP")
    func perFamily() throws {
        var world = LiveWorld(
            .aws,
            [
                try W.rule("sgr-in", .ingress, .tcp, 22...22, peer: "::/0"),
                try W.rule("sgr-out", .egress, nil),
            ])
        let request = "tcp [2001:db8::9]:5000 > [2001:db8::a00:1]:22"
        #expect(try world.see(request) == "sgr-in")
        try world.revoke("sgr-in")
        #expect(try world.see(request) == "established")
    }

    @Test("ICMP is tracked though rules are open")
    func icmp() throws {
        var world = LiveWorld(
            .aws, [try W.rule("sgr-in", .ingress, nil), try W.rule("sgr-out", .egress, nil)])
        let ping = "icmp 9.9.9.9 > 10.0.0.1 type 8 code 0 id 7"
        #expect(try world.see(ping) == "sgr-in")
        try world.revoke("sgr-in")
        #expect(try world.see(ping) == "established")
        #expect(try world.see("gre 9.9.9.9 > 10.0.0.1") == "-implicit-deny")
    }

    @Test("exempt traffic passes sessions by")
    func exempt() throws {
        var world = LiveWorld(.aws, [])
        for _ in 0..<2 {
            #expect(try world.see("udp 10.0.0.1:5000 > 169.254.169.253:53") == "exempt")
        }
        let counts = world.live.evaluator.sessionCounts()
        #expect(try #require(counts).created == 0)
    }

    @Test(
        "timeouts",
        arguments: [
            (["tcp 9.9.9.9:5000 > 10.0.0.1:22 flags ."], 432_000),
            (["udp 9.9.9.9:5000 > 10.0.0.1:53"], 30),
            (["udp 9.9.9.9:5000 > 10.0.0.1:53", "udp 10.0.0.1:53 > 9.9.9.9:5000"], 30),
            (
                [
                    "udp 9.9.9.9:5000 > 10.0.0.1:53", "udp 10.0.0.1:53 > 9.9.9.9:5000",
                    "udp 9.9.9.9:5000 > 10.0.0.1:53", "udp 10.0.0.1:53 > 9.9.9.9:5000",
                ], 180
            ), (["icmp 9.9.9.9 > 10.0.0.1 type 8 code 0 id 7"], 30),
            (["gre 9.9.9.9 > 10.0.0.1"], 600),
        ] as [([String], Int)])
    func timeouts(texts: [String], seconds: Int) throws {
        for (wait, isAlive) in [(seconds, true), (seconds + 1, false)] {
            var world = LiveWorld(
                .aws, [try W.rule("sgr-in", .ingress, nil, peer: "9.0.0.0/8")])
            for text in texts { _ = try world.see(text) }
            world.live.advance(by: .seconds(wait))
            let answer = try world.see(Packet(texts[0]).answer)
            #expect(answer == (isAlive ? "established" : "-implicit-deny"), "after \(wait) s")
        }
    }
}

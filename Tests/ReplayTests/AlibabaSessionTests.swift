import CloudModel
import ControlPlane
import Replay
import Sessions
import Testing

/// SEMANTICS A.8, row by row.
@Suite("Sessions on Alibaba Cloud")
struct AlibabaSessionTests {
    private typealias W = LiveWorld
    private let syn = "tcp 9.9.9.9:5000 > 10.0.0.1:22 flags S"
    private let request = "tcp 9.9.9.9:5000 > 10.0.0.1:22 flags ."
    private let reply = "tcp 10.0.0.1:22 > 9.9.9.9:5000 flags ."

    /// ssh comes in; nothing goes out by itself.
    private func closedWorld(_ edit: (inout Fleet) -> Void = { _ in }) throws -> LiveWorld {
        var noEgress = try W.rule("sgr-none", .egress, nil)
        noEgress.policy = .drop
        noEgress.priority = 100
        var noEgress6 = try W.rule("sgr-none6", .egress, nil, peer: "::/0")
        noEgress6.policy = .drop
        noEgress6.priority = 100
        return LiveWorld(
            .alibaba,
            [
                try W.rule("sgr-ssh", .ingress, .tcp, 22...22),
                try W.rule("sgr-dns", .ingress, .udp, 53...53),
                try W.rule("sgr-ping", .ingress, .icmp), try W.rule("sgr-gre", .ingress, .gre),
                try W.rule("sgr-ping6", .ingress, .icmpv6, peer: "::/0"), noEgress, noEgress6,
            ], edit)
    }

    @Test("what was accepted passes in both directions, and nothing else")
    func bothDirections() throws {
        var world = try closedWorld()
        #expect(try world.see(reply) == "-sgr-none")
        #expect(try world.see(syn) == "sgr-ssh")
        #expect(try world.see(reply) == "established")
        #expect(try world.see(request) == "established")
        #expect(try world.see("tcp 10.0.0.1:22 > 9.9.9.9:5001 flags .") == "-sgr-none")
        #expect(try world.see("tcp 10.0.0.1:22 > 9.9.9.8:5000 flags .") == "-sgr-none")
        #expect(try world.see("udp 10.0.0.1:22 > 9.9.9.9:5000") == "-sgr-none")
    }

    @Test("a dropped packet begins nothing")
    func droppedPacket() throws {
        var world = try closedWorld()
        #expect(try world.see("tcp 9.9.9.9:5000 > 10.0.0.1:23 flags S") == "-default")
        #expect(try world.see("tcp 10.0.0.1:23 > 9.9.9.9:5000 flags S.") == "-sgr-none")
    }

    @Test(
        "a session is its interface's own: where the other one drops the packet, it begins all the same"
    )
    func perInterface() throws {
        var world = try closedWorld()
        let packet = try Packet("tcp 10.0.0.2:5000 > 10.0.0.1:22 flags S")
        let evaluations = world.live.decide(packet).evaluations
        #expect(evaluations.map(\.verdict) == [.drop, .accept])
        let answer = world.live.decide(packet.answer).evaluations
        #expect(answer.map(\.reason) == [.established, .default])
    }

    @Test(
        "each kind of session is idle for its timeout and no longer",
        arguments: [
            ("tcp 9.9.9.9:5000 > 10.0.0.1:22 flags S", 30),
            ("tcp 9.9.9.9:5000 > 10.0.0.1:22 flags .", 910),
            ("tcp 9.9.9.9:5000 > 10.0.0.1:22", 910),
            ("tcp 9.9.9.9:5000 > 10.0.0.1:22 flags R", 3), ("udp 9.9.9.9:5000 > 10.0.0.1:53", 30),
            ("icmp 9.9.9.9 > 10.0.0.1 type 8 code 0 id 7", 30), ("gre 9.9.9.9 > 10.0.0.1", 30),
        ])
    func timeouts(text: String, seconds: Int) throws {
        let backward = try Packet(text).answer
        for (wait, expected) in [(seconds, "established"), (seconds + 1, "-sgr-none")] {
            var world = try closedWorld()
            #expect(try world.see(text).hasPrefix("sgr-"))
            world.live.advance(by: .seconds(wait))
            #expect(try world.see(backward) == expected, "after \(wait) s")
        }
    }

    @Test("every packet begins the idle time anew")
    func idleTime() throws {
        var world = try closedWorld()
        _ = try world.see(syn)
        #expect(try world.see(reply, afterSeconds: 20) == "established")
        for _ in 0..<10 {
            #expect(try world.see(request, afterSeconds: 900) == "established")
        }
        #expect(try world.see(reply, afterSeconds: 911) == "-sgr-none")
    }

    @Test("an interface's own timeouts count, at once when they change")
    func ownTimeouts() throws {
        var world = try closedWorld {
            $0.networkInterfaces[0].connectionTracking = ConnectionTracking(
                tcpEstablished: 60, tcpClosed: 15, udp: 100)
        }
        _ = try world.see("udp 9.9.9.9:5000 > 10.0.0.1:53")
        _ = try world.see(request)
        #expect(try world.see(reply, afterSeconds: 60) == "established")
        #expect(try world.see(reply, afterSeconds: 61) == "-sgr-none")
    }

    @Test("RST ends a session, and so do FINs from both sides; what is under way still passes")
    func closing() throws {
        for closing in [["R"], ["F.", "F."]] {
            var world = try closedWorld()
            _ = try world.see(syn)
            for (index, flags) in closing.enumerated() {
                let text =
                    index == 0
                    ? "tcp 9.9.9.9:5000 > 10.0.0.1:22 flags \(flags)"
                    : "tcp 10.0.0.1:22 > 9.9.9.9:5000 flags \(flags)"
                #expect(try world.see(text) == "established")
            }
            #expect(try world.see(reply, afterSeconds: 3) == "established")
            #expect(try world.see(reply, afterSeconds: 4) == "-sgr-none")
        }
        var world = try closedWorld()
        _ = try world.see(syn)
        for _ in 0..<2 {
            #expect(try world.see("tcp 10.0.0.1:22 > 9.9.9.9:5000 flags F.") == "established")
        }
        #expect(try world.see(request, afterSeconds: 900) == "established")
    }

    @Test("a new connection between the same ends is judged by the rules")
    func reopening() throws {
        var world = try closedWorld()
        _ = try world.see(syn)
        #expect(try world.see(syn) == "established")
        _ = try world.see("tcp 10.0.0.1:22 > 9.9.9.9:5000 flags R")
        #expect(try world.see("tcp 10.0.0.1:22 > 9.9.9.9:5000 flags S") == "-sgr-none")
        #expect(try world.see(syn) == "sgr-ssh")
        #expect(try world.see(reply, afterSeconds: 30) == "established")
    }

    @Test("pings are told apart by their identifiers")
    func identifiers() throws {
        var world = try closedWorld()
        #expect(try world.see("icmp 9.9.9.9 > 10.0.0.1 type 8 code 0 id 7") == "sgr-ping")
        #expect(try world.see("icmp 10.0.0.1 > 9.9.9.9 type 0 code 0 id 8") == "-sgr-none")
        #expect(try world.see("icmp 10.0.0.1 > 9.9.9.9 type 0 code 0 id 7") == "established")
        let ping6 = "icmpv6 2001:db8::9 > 2001:db8::a00:1 type 128 code 0 id 1"
        #expect(try world.see(ping6) == "sgr-ping6")
        #expect(
            try world.see("icmpv6 2001:db8::a00:1 > 2001:db8::9 type 129 code 0 id 1")
                == "established")
    }

    @Test("an ICMP error about a packet of a live session is related to it")
    func errors() throws {
        var world = try closedWorld()
        var error = try Packet("icmp 10.0.0.1 > 9.9.9.9 type 3 code 3")
        error.quoted = QuotedPacket(try Packet("udp 9.9.9.9:5000 > 10.0.0.1:53"))
        #expect(try world.see(error) == "-sgr-none")
        _ = try world.see("udp 9.9.9.9:5000 > 10.0.0.1:53")
        #expect(try world.see(error) == "established")
        world.live.advance(by: .seconds(20))
        #expect(try world.see(error) == "established")
        world.live.advance(by: .seconds(11))
        #expect(try world.see(error) == "-sgr-none")
    }

    @Test("an accepted error begins no session, unless it does not say what it is about")
    func errorsBeginNothing() throws {
        var world = try closedWorld()
        var error = try Packet("icmp 9.9.9.9 > 10.0.0.1 type 11 code 0")
        error.quoted = QuotedPacket(try Packet("udp 10.0.0.1:53 > 9.9.9.9:5000"))
        #expect(try world.see(error) == "sgr-ping")
        #expect(try world.see(error) == "sgr-ping")
        error.quoted = nil
        #expect(try world.see(error) == "sgr-ping")
        #expect(try world.see(error) == "established")
    }

    @Test("later fragments take what the first one got, from a session too")
    func fragments() throws {
        var world = try closedWorld()
        _ = try world.see("udp 9.9.9.9:5000 > 10.0.0.1:53")
        let first = "udp 10.0.0.1:53 > 9.9.9.9:5000 fragment id 7 offset 0 more"
        let later = "udp 10.0.0.1 > 9.9.9.9 fragment id 7 offset 1480"
        #expect(try world.see(later) == "-sgr-none")
        #expect(try world.see(first) == "established")
        #expect(try world.see(later) == "established")
    }

    @Test("a revoke cuts the sessions that could not begin any more, and no others")
    func revoke() throws {
        var world = try closedWorld()
        _ = try world.see(syn)
        _ = try world.see("udp 9.9.9.9:5000 > 10.0.0.1:53")
        try world.revoke("sgr-ssh")
        #expect(try world.see(request) == "-default")
        #expect(try world.see(reply) == "-sgr-none")
        #expect(try world.see("udp 10.0.0.1:53 > 9.9.9.9:5000") == "established")
        let counts = world.live.evaluator.sessionCounts()
        #expect(try #require(counts).cut == 1)
    }

    @Test("the first packet is judged again in its own direction, not the last one")
    func originalDirection() throws {
        var world = LiveWorld(.alibaba, [])
        #expect(try world.see("tcp 10.0.0.1:5000 > 9.9.9.9:443 flags S") == "default")
        #expect(try world.see("tcp 9.9.9.9:443 > 10.0.0.1:5000 flags S.") == "established")
        try world.perform(
            "AuthorizeSecurityGroup",
            [
                "RegionId": "r", "SecurityGroupId": "sg-00000001", "IpProtocol": "tcp",
                "PortRange": "5000/5000", "SourceCidrIp": "0.0.0.0/0", "Policy": "drop",
            ])
        #expect(try world.see("tcp 9.9.9.9:443 > 10.0.0.1:5000 flags .") == "established")
    }

    @Test(
        "the switch keeps all sessions of an interface that changes, or none",
        arguments: [
            (Switches.SessionOnChange.keep, "established", "established"),
            (.flush, "-default", "sgr-dns"), (.reevaluate, "-default", "established"),
        ])
    func switches(value: Switches.SessionOnChange, ssh: String, dns: String) throws {
        var world = try closedWorld { $0.switches.sessionOnChange = value }
        _ = try world.see(syn)
        _ = try world.see("udp 9.9.9.9:5000 > 10.0.0.1:53")
        try world.revoke("sgr-ssh")
        #expect(try world.see(request) == ssh)
        #expect(try world.see("udp 9.9.9.9:5000 > 10.0.0.1:53") == dns)
    }

    @Test("a peer that leaves the group that a rule names loses its sessions at once")
    func references() throws {
        var world = LiveWorld(
            .alibaba,
            [
                SecurityGroupRule(
                    id: "sgr-mates", direction: .ingress,
                    peer: .securityGroup(GroupReference("sg-00000002")))
            ]
        ) { $0.networkInterfaces[1].securityGroups = ["sg-00000001", "sg-00000002"] }
        let packet = "tcp 10.0.0.2:5000 > 10.0.0.1:80 flags S"
        #expect(try world.see(packet, .ingress) == "sgr-mates")
        try world.perform(
            "LeaveSecurityGroup",
            ["RegionId": "r", "SecurityGroupId": "sg-00000002", "NetworkInterfaceId": "eni-b"])
        #expect(try world.see(packet, .ingress) == "-default")
    }

    @Test("members of an open group that part lose the sessions between them")
    func intraGroup() throws {
        var world = LiveWorld(.alibaba, []) {
            $0.securityGroups[0].innerAccessPolicy = .accept
            $0.networkInterfaces[1].securityGroups = ["sg-00000001", "sg-00000002"]
        }
        let packet = "tcp 10.0.0.2:5000 > 10.0.0.1:80 flags S"
        #expect(try world.see(packet, .ingress) == "intra-group")
        try world.perform(
            "LeaveSecurityGroup",
            ["RegionId": "r", "SecurityGroupId": "sg-00000001", "NetworkInterfaceId": "eni-b"])
        #expect(try world.see(packet, .ingress) == "-default")
    }

    @Test("an interface that is detached has no sessions any more")
    func detach() throws {
        var world = try closedWorld {
            $0.instances = [Instance(id: "i-1")]
            $0.networkInterfaces[0].instance = "i-1"
        }
        _ = try world.see(syn)
        try world.perform(
            "DetachNetworkInterface",
            ["RegionId": "r", "NetworkInterfaceId": "eni-a", "InstanceId": "i-1"])
        #expect(try world.see(reply) == "established")
        try world.perform("DetachCompleted", ["NetworkInterfaceId": "eni-a"])
        #expect(try world.see(reply) == "-interface-not-attached")
        try world.perform(
            "AttachNetworkInterface",
            ["RegionId": "r", "NetworkInterfaceId": "eni-a", "InstanceId": "i-1"])
        #expect(try world.see(reply) == "-sgr-none")
    }

    @Test("an address that is taken away takes its sessions with it")
    func unassignedAddress() throws {
        var world = try closedWorld {
            $0.networkInterfaces[0].addresses.append(CIDRBlock(IPAddress(ipv4: 0x0A00_0009)))
        }
        let other = "tcp 9.9.9.9:5000 > 10.0.0.9:22 flags ."
        _ = try world.see(other)
        _ = try world.see(request)
        try world.perform(
            "UnassignPrivateIpAddresses",
            [
                "RegionId": "r", "NetworkInterfaceId": "eni-a",
                "PrivateIpAddress": ["10.0.0.9"],
            ])
        #expect(try world.see("tcp 10.0.0.9:22 > 9.9.9.9:5000 flags .", .egress) == "-sgr-none")
        #expect(try world.see(reply) == "established")
    }

    @Test("system traffic begins sessions as any accepted packet does")
    func systemTraffic() throws {
        let balancer = try #require(CIDRBlock("100.64.0.0/24"))
        var world = try closedWorld { $0.loadBalancerSources = [balancer] }
        #expect(try world.see("tcp 100.64.0.5:7000 > 10.0.0.1:8080 flags S") == "system")
        #expect(try world.see("tcp 10.0.0.1:8080 > 100.64.0.5:7000 flags S.") == "established")
    }

    @Test("a refused call leaves sessions as they were")
    func refusedCall() throws {
        var world = try closedWorld()
        _ = try world.see(syn)
        let outcome = world.live.perform(
            OperationRequest(
                "RevokeSecurityGroup",
                [
                    "RegionId": "r", "SecurityGroupId": "sg-00000001",
                    "SecurityGroupRuleId": ["sgr-ssh", "sgr-unknown"],
                ]))
        guard case .refused = outcome else {
            Issue.record("the call was carried out")
            return
        }
        #expect(try world.see(reply) == "established")
    }
}

extension Packet {
    /// The packet back.
    var answer: Packet {
        var packet = self
        (packet.source, packet.destination) = (destination, source)
        switch transport {
        case .ports(let source, let destination, let flags):
            packet.transport = .ports(
                source: destination, destination: source,
                tcpFlags: flags.map { _ in TCPFlags.ack })
        case .icmp(_, let code): packet.transport = .icmp(type: 0, code: code)
        case .none: break
        }
        return packet
    }
}

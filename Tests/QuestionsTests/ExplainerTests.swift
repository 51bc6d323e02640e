import CloudModel
import Questions
import ReferenceFilter
import Testing

/// Two web servers in one basic group that is open inside, and a database in a closed one.
private func twoGroups() throws -> Fleet {
    var fleet = Fleet(vendor: .alibaba)
    let anyone = Peer.cidr(try #require(CIDRBlock("0.0.0.0/0")))
    let office = Peer.cidr(try #require(CIDRBlock("203.0.113.0/24")))
    fleet.securityGroups = [
        SecurityGroup(
            id: "sg-web",
            rules: [
                SecurityGroupRule(
                    id: "sgr-1", direction: .ingress, ipProtocol: .only(.tcp),
                    transport: .destinationPorts(PortRange(443, 443)), peer: anyone, priority: 2),
                SecurityGroupRule(
                    id: "sgr-2", direction: .ingress, peer: office, policy: .drop, priority: 2),
                SecurityGroupRule(
                    id: "sgr-3", direction: .ingress, ipProtocol: .only(.udp), peer: anyone),
                SecurityGroupRule(
                    id: "sgr-4", direction: .egress, ipProtocol: .only(.tcp), peer: anyone,
                    policy: .drop),
            ]),
        SecurityGroup(id: "sg-closed", innerAccessPolicy: .drop),
    ]
    fleet.networkInterfaces = [
        try interface("eni-a", "10.0.0.1", in: ["sg-web"]),
        try interface("eni-b", "10.0.0.2", in: ["sg-web"]),
        try interface("eni-db", "10.0.0.3", in: ["sg-closed"]),
    ]
    return fleet
}

private func interface(
    _ id: NetworkInterfaceID, _ address: String, in groups: [SecurityGroupID]
) throws -> NetworkInterface {
    NetworkInterface(
        id: id, vpc: "vpc-1", addresses: [try #require(CIDRBlock(address))], securityGroups: groups)
}

@Suite("Explain")
struct ExplainerTests {
    @Test("lists the candidates in decision order, those behind the deciding one too")
    func candidates() throws {
        let packet = try Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443")
        let explanation = Explainer(try twoGroups()).explain(packet)
        #expect(explanation.decision.verdict == .drop)
        #expect(explanation.decision.rule == "sgr-2")
        let evaluation = try #require(explanation.evaluations.first)
        #expect(evaluation.candidates.map(\.rule.id) == ["sgr-3", "sgr-2", "sgr-1"])
        #expect(evaluation.candidates.map(\.failed) == [.ipProtocol, nil, nil])
    }

    @Test("lists the candidates when a step before the rules decided")
    func earlierStep() throws {
        let packet = try Packet("tcp 10.0.0.1:40000 > 10.0.0.2:443")
        let fleet = try twoGroups()
        let explanation = Explainer(fleet, at: InterfaceBinding("eni-b")).explain(packet)
        let evaluation = try #require(explanation.evaluations.first)
        #expect(evaluation.decision.reason == .intraGroup)
        #expect(evaluation.candidates.last?.failed == nil)
        #expect(
            evaluation.steps.map(\.result) == [
                .passedOn, .passedOn, .decided, .notReached, .notReached,
            ])
    }

    @Test("names the switch that a verdict between group mates hangs on")
    func innerAcceptEgress() throws {
        let packet = try Packet("tcp 10.0.0.1:40000 > 10.0.0.2:443")
        var fleet = try twoGroups()
        let explanation = Explainer(fleet).explain(packet)
        #expect(explanation.decision.rule == "sgr-4")
        let effect = try #require(explanation.switchEffects.first)
        #expect(effect.name == "alibaba.innerAcceptEgress")
        #expect(effect.current == "off" && effect.other == "bypass")
        #expect(effect.decision.verdict == .accept)

        fleet.switches.innerAcceptEgress = .bypass
        let bypassed = Explainer(fleet).explain(packet)
        #expect(bypassed.decision.verdict == .accept)
        #expect(bypassed.switchEffects.first?.decision.rule == "sgr-4")
    }

    @Test("names the fragments switch when it changes the verdict of a later fragment")
    func fragments() throws {
        let packet = try Packet("udp 9.9.9.9 > 10.0.0.1 fragment id 7 offset 1480")
        var fleet = try twoGroups()
        let explanation = Explainer(fleet).explain(packet)
        #expect(explanation.decision.rule == "sgr-3")
        #expect(explanation.switchEffects.map(\.name) == ["fragments"])
        fleet.switches.fragments = .drop
        let dropped = Explainer(fleet).explain(packet)
        #expect(
            dropped.decision
                == Decision(
                    .drop, .fragment, networkInterface: "eni-a", direction: .ingress))
        #expect(dropped.switchEffects.first?.other == "no-port-match")
        #expect(dropped.evaluations.first?.steps[1].kind == .fragmentSwitch)
        #expect(dropped.evaluations.first?.steps[1].result == .decided)
    }

    @Test("the reply to an accepted packet passes by the session at each interface")
    func reply() throws {
        let fleet = try twoGroups()
        let inside = Explainer(fleet).explain(try Packet("tcp 10.0.0.3:5000 > 10.0.0.1:443"))
        #expect(inside.evaluations.count == 2)
        let reply = try #require(inside.reply)
        #expect(reply.reason == .established)
        #expect(reply.networkInterface ?? "" == "eni-db")
        #expect((reply.direction ?? .egress) == .ingress)
        #expect(
            inside.text.contains(
                "\nreplies: accept: a tracked session admits it (ingress at eni-db)"))
        let ping = Explainer(fleet).explain(try Packet("icmp 10.0.0.1 > 10.0.0.2 type 8 code 0"))
        #expect(ping.reply?.verdict != .drop)
    }

    @Test(
        "nothing is said of replies to what is dropped, or answered by nobody",
        arguments: [
            "tcp 203.0.113.5:40000 > 10.0.0.3:443", "icmp 10.0.0.3 > 10.0.0.9 type 0 code 0",
            "udp 10.0.0.3 > 10.0.0.9 fragment id 7 offset 1480",
        ])
    func noReply(packet: String) throws {
        let explanation = Explainer(try twoGroups()).explain(try Packet(packet))
        #expect(explanation.reply == nil)
    }

    @Test("on AWS the rules decide about replies to what is not tracked")
    func untrackedReply() throws {
        var fleet = try twoGroups()
        fleet.vendor = .aws
        let anyone = Peer.cidr(try #require(CIDRBlock("0.0.0.0/0")))
        fleet.securityGroups[0].rules = [
            SecurityGroupRule(id: "sgr-in", direction: .ingress, peer: anyone),
            SecurityGroupRule(id: "sgr-out", direction: .egress, peer: anyone),
        ]
        let packet = try Packet("tcp 9.9.9.9:1 > 10.0.0.1:443 flags S")
        let reply = try #require(Explainer(fleet).explain(packet).reply)
        #expect(reply.rule ?? "" == "sgr-out")
        #expect((reply.direction ?? .ingress) == .egress)
    }

    @Test("is silent about switches that change nothing")
    func silence() throws {
        let packet = try Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443")
        #expect(Explainer(try twoGroups()).explain(packet).switchEffects.isEmpty)
    }

    @Test(
        "evaluates at the bound interface",
        arguments: [
            ("eni-a", Direction.egress as Direction?), ("eni-b", .ingress), ("eni-db", nil),
            ("eni-db:egress", .egress), ("eni-none", nil),
        ])
    func bindings(binding: String, direction: Direction?) throws {
        let packet = try Packet("tcp 10.0.0.1:40000 > 10.0.0.2:443")
        let explanation = Explainer(try twoGroups(), at: InterfaceBinding(binding)).explain(packet)
        #expect(explanation.decision.direction == direction)
        #expect(explanation.evaluations.count == (direction == nil ? 0 : 1))
        #expect((explanation.decision.reason == .noInterface) == (direction == nil))
    }

    @Test("an interface without groups or attachment decides in its first step")
    func attachment() throws {
        var fleet = try twoGroups()
        fleet.networkInterfaces[0].status = .available
        fleet.networkInterfaces[1].securityGroups = []
        let packet = try Packet("tcp 10.0.0.1:40000 > 10.0.0.2:443")
        let explanation = Explainer(fleet).explain(packet)
        #expect(explanation.decision.reason == .interfaceNotAttached)
        #expect(
            explanation.evaluations.map(\.decision.reason) == [.interfaceNotAttached, .noGroup])
        #expect(explanation.evaluations.allSatisfy { $0.steps[0].result == .decided })
    }

    @Test("agrees with the reference decision on AWS, which has no intra-group step")
    func aws() throws {
        var fleet = try twoGroups()
        fleet.vendor = .aws
        let packet = try Packet("tcp 9.9.9.9:1 > 10.0.0.3:443")
        let explanation = Explainer(fleet).explain(packet)
        #expect(explanation.decision == ReferenceFilter(fleet).decide(packet).decision)
        #expect(explanation.decision.reason == .implicitDeny)
        #expect(
            explanation.evaluations[0].steps.map(\.kind) == [
                .attachment, .platform, .rules, .byDefault,
            ])
    }

    @Test("writes the verdict first, then every step")
    func text() throws {
        let packet = try Packet("tcp 203.0.113.5:40000 > 10.0.0.1:443")
        #expect(
            Explainer(try twoGroups()).explain(packet).text == """
                drop: rule sgr-2 of group sg-web (ingress at eni-a)
                tcp 203.0.113.5:40000 > 10.0.0.1:443, without sessions

                ingress at eni-a: drop
                  attached and in a group?  yes
                  platform traffic?         no
                  open inside one group?    no
                  rules                     decides
                    sgr-3 (sg-web)  accept udp from 0.0.0.0/0                      no match: another protocol
                  > sgr-2 (sg-web)  drop all from 203.0.113.0/24, priority 2       decides
                    sgr-1 (sg-web)  accept tcp 443/443 from 0.0.0.0/0, priority 2  matches too, but is tried later
                  default                   not reached

                """)
    }

    @Test("writes why no group was asked")
    func textNowhere() throws {
        let packet = try Packet("tcp 203.0.113.5:40000 > 9.9.9.9:443")
        #expect(
            Explainer(try twoGroups()).explain(packet).text == """
                none: no interface of the fleet owns either address
                tcp 203.0.113.5:40000 > 9.9.9.9:443

                """)
    }
}

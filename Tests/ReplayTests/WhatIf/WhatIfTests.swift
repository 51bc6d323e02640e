import Captures
import CloudModel
import ControlPlane
import FilterTables
import Replay
import Sessions
import TestSupport
import Testing

@Suite("What-if")
struct WhatIfTests {
    private func revocation(
        of rule: RuleID, _ fleet: Fleet, atSeconds seconds: Int64? = nil
    ) throws -> ScheduledCall {
        let request = try #require(try Intention.revoke(rule).requests(in: fleet).first)
        return ScheduledCall(
            request, at: seconds.map { FrameTime(seconds: $0, nanoseconds: 0) })
    }

    /// Compares a capture with packets at these seconds, by the fleet and with calls.
    private func compare(
        _ packets: [(second: Int, text: String)], in fleet: Fleet, _ calls: [ScheduledCall],
        sessions: SessionPolicy = .standard, flipCapacity: Int = FlipTable.standardCapacity
    ) throws -> WhatIfResult {
        var capture = CaptureBytes()
        for (second, text) in packets {
            capture.append(try Packet(text), atMicroseconds: second * 1_000_000)
        }
        let file = try TemporaryFile(capture.bytes)
        let source = CaptureSource(path: file.path, placement: .byAddress(vpc: nil))
        let question = WhatIfQuestion(
            fleet: CompiledFleet(fleet), captures: [source], calls: calls, policy: sessions)
        return try question.answer(flipCapacity: flipCapacity)
    }

    private let connection = [
        (1, "tcp 9.9.9.9:1000 > 10.0.0.1:443 flags S"),
        (1, "tcp 10.0.0.1:443 > 9.9.9.9:1000 flags S."),
        (2, "tcp 9.9.9.9:1000 > 10.0.0.1:443 flags ."),
        (3, "tcp 9.9.9.9:1000 > 10.0.0.1:443 flags P."),
        (4, "tcp 10.0.0.1:443 > 9.9.9.9:1000 flags P."),
    ]

    @Test("a dropped opening flips one packet, and the connection's others depend on it")
    func opening() throws {
        let fleet = try TinyWorld.fleet()
        let result = try compare(connection, in: fleet, [revocation(of: "sgr-https", fleet)])
        let flow = try #require(result.flips.first)
        #expect(result.flips.count == 1)
        #expect(flow.flip == .acceptToDrop)
        #expect(flow.networkInterface ?? "" == "eni-a")
        #expect(flow.seen == .ingress)
        #expect(flow.before.rule ?? "" == "sgr-https")
        #expect(flow.after.reason == .default)
        #expect(flow.count.packets == 1)
        #expect(flow.dependent.packets == 4)
        #expect(flow.firstSeen.text == "1.000000")
        #expect(flow.peer == IPAddress("9.9.9.9"))
        #expect(result.flipsByService(.acceptToDrop).map(\.key.description) == ["tcp 443"])
        #expect(!result.isQuiet)
        #expect(result.sessionsAtChanges.isEmpty)
    }

    @Test("in mid-capture Alibaba Cloud cuts the session, and the rule behind it is named")
    func cut() throws {
        let fleet = try TinyWorld.fleet()
        let result = try compare(
            connection, in: fleet, [revocation(of: "sgr-https", fleet, atSeconds: 3)])
        #expect(result.sessionsAtChanges.cutCount == 1)
        let flow = try #require(result.flips.first)
        #expect(result.flips.count == 1)
        #expect(flow.before.reason == .established)
        #expect(flow.admittedBy?.rule ?? "" == "sgr-https")
        #expect(flow.count.packets == 1)
        #expect(flow.dependent.packets == 1)
        #expect(flow.firstSeen.text == "3.000000")
        let rule = try #require(result.flipsByRule(.acceptToDrop).first?.key.before)
        #expect(rule.rule ?? "" == "sgr-https")
    }

    @Test("in mid-capture AWS keeps what it tracks, and drops what it does not")
    func kept() throws {
        var fleet = try TinyWorld.fleet()
        fleet.vendor = .aws
        let office = Peer.cidr(try #require(CIDRBlock("9.9.9.0/24")))
        fleet.securityGroups[0].id = "sg-00000001"
        fleet.securityGroups[0].rules = [
            SecurityGroupRule(id: "sgr-in", direction: .ingress, peer: office),
            SecurityGroupRule(
                id: "sgr-out", direction: .egress,
                peer: .cidr(try #require(CIDRBlock("0.0.0.0/0")))),
        ]
        for index in fleet.networkInterfaces.indices {
            fleet.networkInterfaces[index].securityGroups = ["sg-00000001"]
        }
        let tracked = try compare(
            connection, in: fleet, [revocation(of: "sgr-in", fleet, atSeconds: 3)])
        #expect(tracked.isQuiet)
        #expect(tracked.sessionsAtChanges.left.notAdmitted == 1)
        // An ingress rule for everyone, answered by an egress rule for everyone, is not tracked.
        fleet.securityGroups[0].rules[0].peer = fleet.securityGroups[0].rules[1].peer
        let untracked = try compare(
            connection, in: fleet, [revocation(of: "sgr-in", fleet, atSeconds: 3)])
        #expect(untracked.sessionsAtChanges.left.untrackedNotAdmitted == 1)
        #expect(untracked.total(of: .acceptToDrop).packets == 1)
    }

    @Test("flows that there is no room for are in the totals, and counted apart")
    func overflow() throws {
        let fleet = try TinyWorld.fleet()
        let packets = (1...10).map { ($0, "tcp 9.9.9.9:\(1000 + $0) > 10.0.0.1:443 flags S") }
        let result = try compare(
            packets, in: fleet, [revocation(of: "sgr-https", fleet)], flipCapacity: 4)
        #expect(result.flips.count == 4)
        #expect(result.total(of: .acceptToDrop).packets == 10)
        #expect(result.unlisted(of: .acceptToDrop).packets == 6)
    }

    @Test("what is uncertain is counted once, for one cause")
    func uncertain() throws {
        let fleet = try TinyWorld.fleet()
        let packets = [
            (1, "tcp 10.0.0.1:50000 > 9.9.9.9:25 flags S"),
            (1, "tcp 9.9.9.9:8080 > 10.0.0.1:50000 flags ."),
            (1, "tcp 7.7.7.7:1 > 8.8.8.8:2 flags S"),
            (1, "tcp 8.8.8.8:1 > 10.0.0.3:2 flags S"),
        ]
        let result = try compare(packets, in: fleet, [revocation(of: "sgr-dns", fleet)])
        var counts: [String: Int] = [:]
        for (cause, count) in result.uncertain { counts[cause.word] = count }
        #expect(counts == ["midstream": 1, "no-interface": 1, "no-group": 1])
    }

    @Test("without a call there is one world, and a call that comes too late is not made")
    func quiet() throws {
        let fleet = try TinyWorld.fleet()
        let result = try compare(
            connection, in: fleet, [revocation(of: "sgr-https", fleet, atSeconds: 100)])
        #expect(result.isQuiet)
        #expect(result.after.calls.isEmpty)
        #expect(result.after.tally.packetCount == 5)
    }

    @Test(
        "steps are joined until all fit, and nothing is lost", arguments: [2, 1000, 86_400 * 400])
    func timeline(seconds: Int) throws {
        let fleet = try TinyWorld.fleet()
        let packets = [1, seconds / 2 + 1, seconds, 1].map {
            ($0, "tcp 9.9.9.9:\(1000 + $0 % 5000) > 10.0.0.1:443 flags S")
        }
        let result = try compare(
            packets, in: fleet, [revocation(of: "sgr-https", fleet)], sessions: .stateless)
        let steps = result.timeline.all
        #expect(steps.count <= Timeline.stepLimit)
        #expect(steps.reduce(0) { $0 + $1.acceptedBefore } == 4)
        #expect(steps.reduce(0) { $0 + $1.droppedAfter } == 4)
        #expect(steps.reduce(0) { $0 + $1.flipped } == 4)
        let start = try #require(result.timeline.start)
        #expect(start <= 1)
        #expect(start + Double(steps.count) * result.timeline.stepSeconds > Double(seconds))
    }
}

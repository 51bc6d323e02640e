import Captures
import CloudModel
import ControlPlane
import FilterTables
import Replay
import Sessions
import TestSupport
import Testing

@Suite("Calls during a replay")
struct CallScheduleTests {
    private static func call(
        _ operation: String, rule: String, at microseconds: UInt64?
    ) -> ScheduledCall {
        ScheduledCall(
            OperationRequest(
                operation,
                [
                    "RegionId": "r", "SecurityGroupId": "sg-web",
                    "SecurityGroupRuleId": .array([.string(rule)]),
                ]),
            at: microseconds.map { FrameTime(seconds: 1, nanoseconds: $0 * 1000) })
    }

    /// A new connection to 10.0.0.1:443 every millisecond from second 1 on.
    private func connections(_ count: Int) throws -> CaptureBytes {
        try TinyWorld.capture(
            (0..<count).map { "tcp 9.9.9.9:\($0 + 1) > 10.0.0.1:443 flags S" })
    }

    @Test(
        "take effect before the first frame that is not earlier",
        arguments: [(nil, 0), (0, 0), (1, 1), (2000, 2), (2001, 3), (300_000, 300), (598_500, 599)])
    func time(microseconds: UInt64?, frame: Int) throws {
        let collector = DecisionCollector()
        let result = try TinyWorld.run(
            connections(600),
            calls: [
                CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-https", at: microseconds)
            ],
            observers: [collector])
        let verdicts = collector.decisions.map(\.verdict)
        #expect(verdicts.firstIndex(of: .drop).map { $0 == frame } ?? false)
        #expect(verdicts[frame...].allSatisfy { $0 == .drop })
        #expect(verdicts.count == 600)
        #expect(result.calls.map(\.changed) == [["eni-a", "eni-b"]])
        #expect(try #require(result.sessions).cut == frame)
        let hits = result.rules.first { $0.origin.rule == "sgr-https" }
        #expect(hits?.hit.packetCount ?? 0 == frame)
    }

    @Test("times come before the order of the list")
    func order() throws {
        let result = try TinyWorld.run(
            connections(10),
            calls: [
                CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-dns", at: 5000),
                CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-https", at: 2000),
                CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-https", at: 2000),
                CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-dns", at: 900_000),
            ])
        #expect(result.calls.map(\.number) == [1, 2, 0])
        let isRefused = result.calls.map { call in
            if case .refused = call.outcome { true } else { false }
        }
        #expect(isRefused == [false, true, false])
        #expect(result.tally.packetCount(of: .accept) == 2)
    }

    @Test("those due at one frame are made in the order of the list, whatever their times")
    func orderAtOneFrame() throws {
        let times: [UInt64?] = [4000, 300_000, 3500, nil, 1000, 3001, nil]
        let result = try TinyWorld.run(
            TinyWorld.capture([
                "tcp 9.9.9.9:1 > 10.0.0.1:443", "arp", "arp", "arp", "tcp 9.9.9.9:2 > 10.0.0.1:443",
            ]),
            calls: times.map {
                CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-https", at: $0)
            })
        #expect(result.calls.map(\.number) == [3, 6, 4, 0, 2, 5])
    }

    @Test("every pass begins with the fleet as it was given")
    func passes() throws {
        let result = try TinyWorld.run(
            connections(10),
            calls: [CallScheduleTests.call("RevokeSecurityGroup", rule: "sgr-https", at: 5000)],
            passCount: 3)
        #expect(result.tally.packetCount(of: .accept) == 3 * 5)
        #expect(result.calls.count == 1)
        let counts = try #require(result.sessions)
        #expect(counts.created == 15)
        #expect(counts.cut == 15)
        #expect(result.rules.map(\.hit.packetCount) == [15])
    }
}

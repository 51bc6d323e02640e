import Captures
import CloudModel
import ControlPlane
import Replay
import TestSupport
import Testing

/// Sessions, calls and tunnels where captures are several.
@Suite("Several captures at work")
struct SeveralCapturesTests {
    /// Captures whose packets come at seconds after 1970.
    private func run(
        _ captures: [[(second: Int, packet: String)]], _ order: CaptureOrder,
        calls: [ScheduledCall] = []
    ) throws -> (result: ReplayResult, decisions: [Decision]) {
        let files = try captures.map { packets in
            var capture = CaptureBytes()
            for (second, text) in packets {
                capture.append(try Packet(text), atMicroseconds: 1_000_000 * second)
            }
            return try TemporaryFile(capture.bytes)
        }
        // The optimiser ends a value's life behind its last use, and the file with it.
        defer { withExtendedLifetime(files) {} }
        let collector = DecisionCollector()
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: files.map { CaptureSource(path: $0.path, placement: .byAddress(vpc: nil)) },
            order: order, calls: calls)
        try replay.open()
        return (replay.run(observers: [collector]), collector.decisions)
    }

    private static func revocation(ofRule rule: String, atSecond second: Int64) -> ScheduledCall {
        ScheduledCall(
            OperationRequest(
                "RevokeSecurityGroup",
                [
                    "RegionId": "r", "SecurityGroupId": "sg-web",
                    "SecurityGroupRuleId": .array([.string(rule)]),
                ]),
            at: FrameTime(seconds: second, nanoseconds: 0))
    }

    @Test(
        "a call is made before the first later frame, in the order in which frames come",
        arguments: [
            (CaptureOrder.byTime, [true, true, false, false]),
            // The second frame's time is late enough, and what follows comes behind it.
            (.asGiven, [true, false, false, false]),
        ])
    func calls(order: CaptureOrder, isAccepted: [Bool]) throws {
        let captures = [[1, 4], [2, 3]].map { seconds in
            seconds.map { ($0, "tcp 9.9.9.9:\($0) > 10.0.0.1:443 flags S") }
        }
        let run = try run(
            captures, order,
            calls: [SeveralCapturesTests.revocation(ofRule: "sgr-https", atSecond: 3)])
        #expect(run.decisions.map { $0.verdict == .accept } == isAccepted)
        #expect(run.result.calls.count == 1)
    }

    @Test(
        "a reply in another capture meets its session where frames come by time",
        arguments: [(CaptureOrder.byTime, 2), (.asGiven, 1)])
    func sessions(order: CaptureOrder, acceptCount: Int) throws {
        let run = try run(
            [
                [(2, "tcp 9.9.9.9:443 > 10.0.0.1:40000 flags S.")],
                [(1, "tcp 10.0.0.1:40000 > 9.9.9.9:443 flags S")],
            ], order)
        #expect(run.result.tally.packetCount(of: .accept) == acceptCount)
    }

    @Test("each capture has its own start", arguments: [CaptureOrder.byTime, .asGiven])
    func starts(order: CaptureOrder) throws {
        let run = try run(
            [
                [
                    (1, "tcp 9.9.9.9:1 > 10.0.0.1:443 flags S"),
                    (120, "udp 9.9.9.9:53 > 10.0.0.1:40001"),
                ],
                [
                    (100, "tcp 9.9.9.9:2 > 10.0.0.1:443 flags S"),
                    (121, "udp 9.9.9.9:53 > 10.0.0.1:40002"),
                ],
            ], order)
        #expect(run.result.tally.packetCount(of: .drop) == 2)
        #expect(run.result.tally.midstreamCount == 1)
    }

    @Test("batches that calls divide go on looking into tunnels", arguments: [300, 700])
    func tunnels(call: Int64) throws {
        let inner = try CaptureBytes.frame(Packet("tcp 9.9.9.9:1 > 10.0.0.1:443 flags S"))
        var capture = CaptureBytes()
        for second in 0..<1000 {
            capture.append(
                frame: try CaptureBytes.vxlan(inner), atMicroseconds: 1_000_000 * second)
        }
        let file = try TemporaryFile(capture.bytes)
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: [CaptureSource(path: file.path, placement: .byAddress(vpc: nil))],
            decapsulating: .vxlan, sessions: .stateless,
            calls: [SeveralCapturesTests.revocation(ofRule: "sgr-https", atSecond: call)])
        try replay.open()
        let result = replay.run()
        #expect(result.tally.packetCount(of: .accept) == Int(call))
        #expect(result.tally.packetCount(of: .drop) == 1000 - Int(call))
    }
}

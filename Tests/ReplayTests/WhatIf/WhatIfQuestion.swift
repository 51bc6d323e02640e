import CloudModel
import FilterTables
import Replay
import Testing

/// Captures, a fleet and calls: what a what-if says about them, and what two replays say.
struct WhatIfQuestion {
    let fleet: CompiledFleet
    let captures: [CaptureSource]
    let calls: [ScheduledCall]
    var policy = SessionPolicy.standard

    /// The answer of one pass.
    func answer(flipCapacity: Int = FlipTable.standardCapacity) throws -> WhatIfResult {
        var replay = try opened(calls)
        return replay.compare(flipCapacity: flipCapacity)
    }

    /// Expects the answer to be what two replays show, packet by packet. The result is the number of
    /// packets that flip.
    @discardableResult
    func expectAgreement(_ comment: Comment) throws -> Int {
        let answer = try answer()
        let (before, after) = (FrameLog(), FrameLog())
        var first = try opened([])
        expectEqual(answer.before, first.run(observers: [before]), comment)
        var second = try opened(calls)
        let result = second.run(observers: [after])
        expectEqual(answer.after, result, comment)
        #expect(answer.after.calls.map(\.outcome) == result.calls.map(\.outcome), comment)
        expectFlows(answer, ExpectedFlow.all(before, after), comment)
        return Flip.allCases.reduce(0) { $0 + answer.total(of: $1).packets }
    }

    private func opened(_ calls: [ScheduledCall]) throws -> Replay {
        var replay = Replay(fleet, captures: captures, sessions: policy, calls: calls)
        try replay.open()
        return replay
    }

    private func expectEqual(
        _ result: ReplayResult, _ expected: ReplayResult, _ comment: Comment
    ) {
        for reason in Reason.allCases {
            let count = expected.tally.packetCount(of: reason)
            #expect(result.tally.packetCount(of: reason) == count, "\(comment), \(reason)")
        }
        for verdict in Verdict.allCases {
            let count = expected.tally.packetCount(of: verdict)
            #expect(result.tally.packetCount(of: verdict) == count, "\(comment), \(verdict)")
        }
        #expect(result.tally.midstreamCount == expected.tally.midstreamCount, comment)
        #expect(result.sessions == expected.sessions, comment)
        #expect(result.captures == expected.captures, comment)
        #expect(result.rules.map(\.origin) == expected.rules.map(\.origin), comment)
        for (rule, other) in zip(result.rules, expected.rules) {
            #expect(rule.hit.packetCount == other.hit.packetCount, comment)
            #expect(rule.hit.byteCount == other.hit.byteCount, comment)
        }
    }

    private func expectFlows(
        _ answer: WhatIfResult, _ expected: [ExpectedFlow: ExpectedFlow.Count],
        _ comment: Comment
    ) {
        #expect(answer.flips.count == expected.count, comment)
        for flow in answer.flips {
            guard let count = expected[ExpectedFlow(flow)] else {
                Issue.record("\(flow.packet) flips in no replay, \(comment)")
                continue
            }
            #expect(flow.count.packets == count.packets, "\(flow.packet), \(comment)")
            #expect(flow.count.bytes == count.bytes, "\(flow.packet), \(comment)")
            #expect(flow.firstSeen == count.firstSeen, "\(flow.packet), \(comment)")
            #expect(flow.lastSeen == count.lastSeen, "\(flow.packet), \(comment)")
        }
        for flip in Flip.allCases {
            let packets = expected.filter { $0.key.flip == flip }.reduce(0) {
                $0 + $1.value.packets
            }
            #expect(answer.total(of: flip).packets == packets, comment)
        }
    }
}

/// A flow that flips, as the lines of two replays show it.
private struct ExpectedFlow: Hashable {
    struct Count {
        var packets = 0
        var bytes = 0
        var firstSeen: CaptureTime
        var lastSeen: CaptureTime
    }

    private let packet: Packet
    private let networkInterface: NetworkInterfaceID?
    private let direction: Direction?
    let flip: Flip

    init(_ flow: FlowFlip) {
        packet = flow.packet.withoutFlags
        networkInterface = flow.networkInterface
        direction = flow.seen
        flip = flow.flip
    }

    /// `nil` if both replays agree, or one of them asked no group.
    private init?(_ before: LoggedFrame, _ after: LoggedFrame) {
        guard let packet = before.packet else { return nil }
        switch (before.decision.verdict, after.decision.verdict) {
        case (.accept, .drop): flip = .acceptToDrop
        case (.drop, .accept): flip = .dropToAccept
        default: return nil
        }
        let dropping = flip == .acceptToDrop ? after.decision : before.decision
        self.packet = packet.withoutFlags
        networkInterface = dropping.networkInterface
        direction = dropping.direction
    }

    /// All that flips between two replays of the same captures.
    static func all(_ before: FrameLog, _ after: FrameLog) -> [ExpectedFlow: Count] {
        var flows: [ExpectedFlow: Count] = [:]
        for (was, becomes) in zip(before.frames, after.frames) {
            guard let flow = ExpectedFlow(was, becomes) else { continue }
            var count = flows[flow] ?? Count(firstSeen: was.time, lastSeen: was.time)
            count.packets += 1
            count.bytes += was.byteCount
            if was.time.time < count.firstSeen.time { count.firstSeen = was.time }
            if count.lastSeen.time < was.time.time { count.lastSeen = was.time }
            flows[flow] = count
        }
        return flows
    }
}

/// A frame of a replay.
struct LoggedFrame {
    let packet: Packet?
    let byteCount: Int
    let time: CaptureTime
    let decision: Decision
}

/// Keeps the frames of a replay.
final class FrameLog: FrameObserver {
    private(set) var frames: [LoggedFrame] = []

    func observe(_ batch: DecidedBatch) -> Bool {
        for index in batch.frames.indices {
            let frame = batch.frames[index]
            frames.append(
                LoggedFrame(
                    packet: frame.packet, byteCount: Int(frame.originalLength),
                    time: frame.captureTime,
                    decision: batch.decision(of: batch.answers[index])))
        }
        return true
    }
}

extension Packet {
    /// The packet as its flow knows it.
    fileprivate var withoutFlags: Packet {
        var packet = self
        packet.icmpIdentifier = nil
        packet.fragment = nil
        packet.quoted = nil
        packet.transport = transport.withoutFlags
        return packet
    }
}

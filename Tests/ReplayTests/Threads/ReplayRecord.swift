import CloudFiles
import CloudModel
import ControlPlane
import FilterTables
import Foundation
import Replay
import Sessions
import TestSupport

/// All that a replay says, but for the time that it takes.
struct ReplayRecord: Equatable {
    private let packets: [Int]
    private let reasons: [Int]
    private let sessions: SessionCounts?
    private let rules: [RuleRecord]
    private let captures: [CaptureResult]
    private let calls: [CallRecord]
    private let frames: [FrameRecord]

    private struct RuleRecord: Equatable {
        let origin: RuleOrigin
        let packetCount: Int
        let byteCount: Int
        let firstSeen: CaptureTime
        let lastSeen: CaptureTime
    }

    private struct CallRecord: Equatable {
        let number: Int
        let isAccepted: Bool
        let changed: [NetworkInterfaceID]
    }

    /// A frame as an observer sees it.
    private struct FrameRecord: Equatable {
        let capture: Int
        let number: Int
        let time: CaptureTime
        let packet: Packet?
        let bytes: [UInt8]
        let decision: Decision
        let evaluations: [Decision]
        let isMidstream: Bool
    }

    /// Keeps what it sees.
    private final class Collector: FrameObserver {
        let needsFrameBytes = true
        private(set) var frames: [FrameRecord] = []

        func observe(_ batch: DecidedBatch) -> Bool {
            for (index, answer) in batch.answers.enumerated() {
                let frame = batch.frames[index]
                frames.append(
                    FrameRecord(
                        capture: batch.capture, number: batch.framesBefore + index + 1,
                        time: frame.captureTime, packet: frame.packet,
                        bytes: Array(batch.keptFrames.bytes[batch.keptFrames.frames[index].range]),
                        decision: batch.decision(of: answer),
                        evaluations: answer.evaluations.map {
                            batch.decision(of: batch.evaluations[$0])
                        },
                        isMidstream: answer.isMidstream))
            }
            return true
        }
    }

    /// Runs captures with an observer, or without one.
    init(
        _ fleet: CompiledFleet, paths: [String], _ order: CaptureOrder = .asGiven,
        _ sessions: SessionPolicy, calls: [ScheduledCall] = [], passCount: Int = 1,
        isObserved: Bool, threadCount: Int
    ) throws {
        var replay = Replay(
            fleet, captures: paths.map { CaptureSource(path: $0, placement: .byAddress(vpc: nil)) },
            order: order, sessions: sessions, calls: calls, passCount: passCount,
            threadCount: threadCount)
        try replay.open()
        let collector = Collector()
        let result = replay.run(observers: isObserved ? [collector] : [])
        let tally = result.tally
        packets =
            [tally.packetCount, tally.byteCount, tally.evaluationCount, tally.midstreamCount]
            + Verdict.allCases.map(tally.packetCount)
        reasons = Reason.allCases.map(tally.packetCount)
        self.sessions = result.sessions
        rules = result.rules.map { rule in
            RuleRecord(
                origin: rule.origin, packetCount: rule.hit.packetCount,
                byteCount: rule.hit.byteCount, firstSeen: rule.hit.firstSeen,
                lastSeen: rule.hit.lastSeen)
        }
        captures = result.captures
        self.calls = result.calls.map { call in
            if case .success = call.outcome {
                return CallRecord(number: call.number, isAccepted: true, changed: call.changed)
            }
            return CallRecord(number: call.number, isAccepted: false, changed: call.changed)
        }
        frames = collector.frames
    }

    /// Whether another replay says the same, whatever its observers saw.
    func hasTotals(of other: ReplayRecord) -> Bool {
        packets == other.packets && reasons == other.reasons && sessions == other.sessions
            && rules == other.rules && captures == other.captures && calls == other.calls
    }

    /// How many frames an observer saw.
    var frameCount: Int { frames.count }
    /// How many packets there were.
    var packetCount: Int { packets[0] }
    /// How many sessions began.
    var sessionCount: Int { sessions?.created ?? 0 }
    /// How many packets were decided for a reason.
    func packetCount(of reason: Reason) -> Int {
        Reason.allCases.firstIndex(of: reason).map { reasons[$0] } ?? 0
    }
}

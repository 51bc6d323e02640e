import Captures
import CloudModel
import ControlPlane
import Questions
import Replay
import TestSupport
import Testing

@Suite("What-if against the exact difference")
struct WhatIfDifferenceAgreementTests {
    @Test(
        "without sessions, what flips lies in a box with its verdicts and rules, and nothing else does",
        arguments: Vendor.allCases)
    func agreement(vendor: Vendor) throws {
        var (flipCount, evaluationCount, changedCount, boxCount) = (0, 0, 0, 0)
        for seed in seeds(150, unoptimised: 8) {
            let world = try ChangedWorld(seed: seed, vendor)
            for intention in world.intentions {
                guard let change = try world.change(intention) else { continue }
                boxCount += change.difference.changes.count
                flipCount += try change.expectFlipsInBoxes()
                let (all, changed) = try change.expectEvaluationsAsBoxesSay()
                evaluationCount += all
                changedCount += changed
            }
        }
        print(
            "agreement, what-if and diff in random \(vendor) worlds: \(evaluationCount) evaluations, "
                + "\(changedCount) change verdict, \(flipCount) flows flip, \(boxCount) boxes")
        #expect(flipCount > 10 && changedCount > 100)
    }
}

/// A random fleet, random traffic, and what may be done to the fleet.
private struct ChangedWorld {
    let fleet: Fleet
    let intentions: [Intention]
    private let seed: UInt64
    private let capture: TemporaryFile

    init(seed: UInt64, _ vendor: Vendor) throws {
        self.seed = seed
        fleet = RandomFleet.operable(seed: seed, vendor)
        var random = SeededGenerator(seed: seed ^ 0xB0C5)
        let rules = fleet.securityGroups.flatMap(\.rules).shuffled(using: &random)
        var intentions = rules.prefix(4).map { Intention.revoke($0.id) }
        let interface = random.pick(fleet.networkInterfaces)
        intentions += interface.securityGroups.prefix(1).map { .leave($0, interface.id) }
        intentions.append(.join(random.pick(fleet.securityGroups).id, interface.id))
        intentions.append(.detach(interface.id))
        self.intentions = intentions
        var traffic = RandomTraffic(fleet, shape: .small(vendor), seed: seed, flowCount: 80)
        var bytes = CaptureBytes()
        for number in 0..<300 { bytes.append(traffic.next(), atMicroseconds: 1_000_000 + number) }
        capture = try TemporaryFile(bytes.bytes)
    }

    /// What `intention` comes to; `nil` if the cloud refuses it, or there is no call for it.
    func change(_ intention: Intention) throws -> ChangeOnTraffic? {
        let requests: [OperationRequest]
        do throws(IntentionError) { requests = try intention.requests(in: fleet) } catch {
            return nil
        }
        var cloud = ControlPlane(fleet)
        for request in requests {
            guard case .success = cloud.perform(request) else { return nil }
        }
        let source = CaptureSource(path: capture.path, placement: .byAddress(vpc: nil))
        return try ChangeOnTraffic(
            fleet, cloud.fleet, requests, source, "seed \(seed), \(intention)")
    }
}

/// One change: what it does to the packets of a capture, and to all packets.
private struct ChangeOnTraffic {
    let difference: FleetDifference
    private let answer: WhatIfResult
    private let before = EvaluationLog()
    private let after = EvaluationLog()
    private let comment: Comment

    init(
        _ fleet: Fleet, _ changed: Fleet, _ requests: [OperationRequest], _ source: CaptureSource,
        _ comment: Comment
    ) throws {
        self.comment = comment
        difference = FleetDifference(from: fleet, to: changed)
        let calls = requests.map { ScheduledCall($0, at: nil) }
        var replay = Replay(
            CompiledFleet(fleet), captures: [source], sessions: .stateless, calls: calls)
        try replay.open()
        answer = replay.compare(observers: [before])
        var other = Replay(CompiledFleet(changed), captures: [source], sessions: .stateless)
        try other.open()
        _ = other.run(observers: [after])
    }

    /// Expects each flow that flips to be in one box, which says what both worlds decide.
    ///
    /// - Returns: How many there are.
    func expectFlipsInBoxes() throws -> Int {
        for flow in answer.flips {
            let interface = try #require(flow.networkInterface, comment)
            let boxes = difference.changes.filter {
                $0.holds(flow.packet, at: interface, flow.seen)
            }
            try #require(boxes.count == 1, "\(flow.packet): \(boxes.count) boxes, \(comment)")
            let isSame =
                boxes[0].before == flow.before.alone && boxes[0].after == flow.after.alone
            try #require(
                isSame, "\(flow.packet): \(flow.before), \(flow.after), \(boxes[0]), \(comment)")
        }
        return answer.flips.count
    }

    /// Expects every packet to be in one box wherever it changes verdict, and in none elsewhere.
    ///
    /// - Returns: How many evaluations there are, and how many change verdict.
    func expectEvaluationsAsBoxesSay() throws -> (all: Int, changed: Int) {
        try #require(before.evaluations.count == after.evaluations.count, comment)
        var changed = 0
        for (was, becomes) in zip(before.evaluations, after.evaluations) {
            let place = "\(was.packet) at \(was.interface), \(comment)"
            try #require(
                was.interface == becomes.interface && was.direction == becomes.direction, "\(place)"
            )
            let boxes = difference.changes.filter {
                $0.holds(was.packet, at: was.interface, was.direction)
            }
            guard was.decision.verdict != becomes.decision.verdict else {
                try #require(boxes.isEmpty, "the same, but in a box: \(place)")
                continue
            }
            try #require(boxes.count == 1, "\(boxes.count) boxes: \(place)")
            try #require(
                boxes[0].before == was.decision && boxes[0].after == becomes.decision, "\(place)")
            changed += 1
        }
        return (before.evaluations.count, changed)
    }
}

/// Keeps what each interface said about each packet.
private final class EvaluationLog: FrameObserver {
    struct Entry {
        let packet: Packet
        let interface: NetworkInterfaceID
        let direction: Direction
        let decision: Decision
    }

    private(set) var evaluations: [Entry] = []

    func observe(_ batch: DecidedBatch) -> Bool {
        for index in batch.frames.indices {
            guard let packet = batch.frames[index].packet else { continue }
            for place in batch.answers[index].evaluations {
                let evaluation = batch.evaluations[place]
                evaluations.append(
                    Entry(
                        packet: packet,
                        interface: batch.names.networkInterfaces[evaluation.interface],
                        direction: evaluation.direction,
                        decision: batch.decision(of: evaluation).alone))
            }
        }
        return true
    }
}

extension Decision {
    /// The decision without its place.
    fileprivate var alone: Decision {
        var decision = self
        decision.networkInterface = nil
        decision.direction = nil
        return decision
    }
}

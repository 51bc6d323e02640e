import Captures
import CloudModel
import ControlPlane
import Replay
import TestSupport
import Testing

@Suite("What-if against two replays")
struct WhatIfAgreementTests {
    @Test("both worlds are the two replays, packet by packet", arguments: Vendor.allCases)
    func agreement(vendor: Vendor) throws {
        var flipCount = 0
        for seed in seeds(400, unoptimised: 20) {
            let world = try RandomWorld(seed: seed, vendor)
            flipCount += try world.question.expectAgreement("seed \(seed), \(vendor)")
        }
        print("agreement, what-if in random \(vendor) worlds: \(flipCount) flips")
        #expect(flipCount > 20)
    }
}

/// A random fleet with random traffic and random calls; half of them in mid-capture.
private struct RandomWorld {
    let question: WhatIfQuestion
    /// Goes with the value.
    private let capture: TemporaryFile

    private static let interval = 50_000

    init(seed: UInt64, _ vendor: Vendor) throws {
        var random = SeededGenerator(seed: seed ^ 0x0F0F)
        var fleet = RandomFleet.operable(seed: seed, vendor)
        if vendor == .alibaba, random.oneIn(3) {
            fleet.switches.sessionOnChange = random.pick([.keep, .flush])
        }
        capture = try RandomWorld.capture(fleet, vendor, seed: seed)
        let placement: Placement =
            random.oneIn(4)
            ? .bound(interface: 0, random.pick([nil, .ingress])) : .byAddress(vpc: nil)
        var question = WhatIfQuestion(
            fleet: CompiledFleet(fleet),
            captures: [CaptureSource(path: capture.path, placement: placement)],
            calls: RandomWorld.calls(fleet, vendor, seed: seed))
        if random.oneIn(3) {
            question.policy = .stateless
        } else if random.oneIn(4) {
            question.policy = .tracking(capacity: random.pick([3, 256, 512]))
        }
        self.question = question
    }

    private static func capture(
        _ fleet: Fleet, _ vendor: Vendor, seed: UInt64
    ) throws -> TemporaryFile {
        var traffic = RandomTraffic(fleet, shape: .small(vendor), seed: seed, flowCount: 24)
        var bytes = CaptureBytes()
        for number in 0..<500 {
            bytes.append(traffic.next(), atMicroseconds: 1_000_000 + number * interval)
        }
        return try TemporaryFile(bytes.bytes)
    }

    /// Six calls, the later ones in mid-capture. Most change something; now and then one is refused.
    private static func calls(_ fleet: Fleet, _ vendor: Vendor, seed: UInt64) -> [ScheduledCall] {
        var requests = RandomRequests(seed: seed, vendor: vendor)
        var cloud = ControlPlane(fleet)
        var calls: [ScheduledCall] = []
        var tryCount = 0
        while calls.count < 6 {
            tryCount += 1
            let request = requests.next(for: cloud.fleet)
            switch cloud.perform(request) {
            case .success(let success) where success.changes.isEmpty: continue
            case .refused where tryCount % 10 != 0: continue
            case .success, .refused: break
            }
            let isLate = calls.count > 2 || seed % 3 == 0
            let frame = calls.count * 80
            calls.append(ScheduledCall(request, at: isLate ? frameTime(of: frame) : nil))
        }
        return calls
    }

    private static func frameTime(of number: Int) -> FrameTime {
        let microseconds = 1_000_000 + number * interval
        return FrameTime(
            seconds: Int64(microseconds / 1_000_000),
            nanoseconds: UInt64(microseconds % 1_000_000) * 1000)
    }
}

import Captures
import CloudFiles
import CloudModel
import ControlPlane
import Foundation
import Replay
import Sessions
import TestSupport
import Testing

@Suite("What-if on recorded captures")
struct WhatIfRecordedAgreementTests {
    /// The folder of recorded captures, in the package.
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("captures").path

    @Test(
        "both worlds are the two replays, packet by packet, whatever is revoked, left and joined",
        arguments: [
            ("web-and-db.pcap", "fleet-alibaba.json"), ("ipv6.pcap", "fleet-alibaba.json"),
            ("dns-and-fragments.pcap", "fleet-alibaba.json"),
            ("web-and-db.pcap", "fleet-aws.json"), ("scan-dropped.pcap", "fleet-aws.json"),
            ("database.pcapng", "fleet-aws.json"),
        ])
    func agreement(name: String, fleetName: String) throws {
        let folder = WhatIfRecordedAgreementTests.folder
        let fleet = try loadFleet(path: "\(folder)/\(fleetName)").fleet
        let compiled = CompiledFleet(fleet)
        let source = CaptureSource(path: "\(folder)/\(name)", placement: .byAddress(vpc: nil))
        let middle = try timeOfMiddleFrame(source, compiled)
        let intentions = WhatIfRecordedAgreementTests.intentions(fleet)
        var flipCount = 0
        for (number, intention) in intentions.enumerated() {
            let calls = try intention.requests(in: fleet).map {
                ScheduledCall($0, at: number % 3 == 0 ? nil : middle)
            }
            var question = WhatIfQuestion(fleet: compiled, captures: [source], calls: calls)
            if number % 4 == 1 { question.policy = .stateless }
            flipCount += try question.expectAgreement("\(name), \(intention)")
        }
        print("agreement, \(name) by \(fleetName): \(intentions.count) changes, \(flipCount) flips")
    }

    /// Every rule revoked, and every membership that can be given up or taken up. A part of them
    /// where nothing is optimised.
    private static func intentions(_ fleet: Fleet) -> [Intention] {
        var all: [Intention] = fleet.securityGroups.flatMap { $0.rules.map { .revoke($0.id) } }
        for interface in fleet.networkInterfaces {
            for group in fleet.securityGroups.map(\.id) {
                all.append(
                    interface.securityGroups.contains(group)
                        ? .leave(group, interface.id) : .join(group, interface.id))
            }
        }
        #if DEBUG
            return all.enumerated().filter { $0.offset % 7 == 0 }.map(\.element)
        #else
            return all
        #endif
    }

    private func timeOfMiddleFrame(
        _ source: CaptureSource, _ fleet: CompiledFleet
    ) throws -> FrameTime {
        let log = FrameLog()
        var replay = Replay(fleet, captures: [source])
        try replay.open()
        _ = replay.run(observers: [log])
        return log.frames[log.frames.count / 2].time.time
    }
}

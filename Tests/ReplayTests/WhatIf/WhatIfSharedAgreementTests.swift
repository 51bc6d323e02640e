import CloudModel
import ControlPlane
import Foundation
import Replay
import TestSupport
import Testing

@Suite(
    "What-if on real captures",
    .enabled(if: SharedFolder.contains("captures"), Comment(rawValue: SharedFolder.reason)))
struct WhatIfSharedAgreementTests {
    /// Captures of up to 200 kB: the large ones would take minutes without optimisation.
    private static var paths: [String] {
        guard let folder = SharedFolder.url?.appendingPathComponent("captures") else { return [] }
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files ?? []).filter { file in
            let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize
            return file.lastPathComponent.contains(".pcap") && size ?? .max < 200_000
        }.map(\.path).sorted()
    }

    @Test("both worlds are the two replays, packet by packet")
    func agreement() throws {
        let fleet = try TinyWorld.fleet()
        let compiled = CompiledFleet(fleet)
        let calls = try Intention.revoke("sgr-https").requests(in: fleet)
            .map { ScheduledCall($0, at: nil) }
        var (captureCount, flipCount) = (0, 0)
        for path in WhatIfSharedAgreementTests.paths {
            // Every packet is evaluated at one interface: none of the captures knows the fleet.
            let placement = Placement.bound(interface: 0, .ingress)
            let source = CaptureSource(path: path, placement: placement)
            var first = Replay(compiled, captures: [source])
            guard (try? first.open()) != nil else { continue }
            let question = WhatIfQuestion(fleet: compiled, captures: [source], calls: calls)
            flipCount += try question.expectAgreement("\(path)")
            captureCount += 1
        }
        print("agreement, what-if on \(captureCount) shared captures: \(flipCount) flips")
        #expect(captureCount > 100)
        #expect(flipCount > 100)
    }
}

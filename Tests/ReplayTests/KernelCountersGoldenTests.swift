import CloudFiles
import CloudModel
import FilterTables
import Foundation
import Replay
import Testing

/// The captures that the kernel filtered without connection tracking; `Tests/Oracles/counters.py`
/// compares all of them.
@Suite("Replay against the counters of the kernel")
struct KernelCountersGoldenTests {
    /// The folder of recorded captures, in the package.
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("captures").path

    @Test(
        "every step of every interface decides as many packets as in nftables",
        arguments: [
            ("web-and-db", "fleet-alibaba.json"), ("scan-dropped", "fleet-aws.json"),
        ])
    func counters(name: String, fleetName: String) throws {
        let folder = KernelCountersGoldenTests.folder
        let fleet = try loadFleet(path: "\(folder)/\(fleetName)").fleet
        let source = CaptureSource(path: "\(folder)/\(name).pcap", placement: .byAddress(vpc: nil))
        var replay = Replay(
            CompiledFleet(fleet), captures: [source], sessions: .stateless)
        try replay.open()
        let counter = StepCounter()
        let result = replay.run(observers: [counter])

        let text = try String(contentsOfFile: "\(folder)/\(name).counters.tsv", encoding: .utf8)
        var expected = StepCounter.counts(in: text)
        #expect(
            expected.removeValue(forKey: "-\tpackets\taccepted")
                == result.tally.packetCount(of: .accept))
        #expect(
            expected.removeValue(forKey: "-\tpackets\tdropped")
                == result.tally.packetCount(of: .drop))
        #expect(counter.counts == expected)
    }
}

/// Counts evaluations by interface, direction and step. As the recording filter does, it counts what
/// the receiver's interface says of a packet that the sender's drops, too.
private final class StepCounter: FrameObserver {
    private(set) var counts: [String: Int] = [:]

    func observe(_ batch: DecidedBatch) -> Bool {
        for answer in batch.answers {
            for index in answer.evaluations {
                let decision = batch.decision(of: batch.evaluations[index])
                let step = decision.rule?.text ?? decision.reason.rawValue
                let place =
                    "\(decision.networkInterface?.text ?? "?")\t"
                    + "\(decision.direction?.rawValue ?? "?")"
                counts["\(place)\t\(step)", default: 0] += 1
            }
        }
        return true
    }

    /// The lines of a counter file: three columns that name a step, and its packets.
    static func counts(in text: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let columns = line.split(separator: "\t")
            counts[columns.dropLast().joined(separator: "\t")] = columns.last.flatMap { Int($0) }
        }
        return counts
    }
}

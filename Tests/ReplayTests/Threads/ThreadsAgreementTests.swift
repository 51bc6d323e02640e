import Captures
import CloudFiles
import CloudModel
import Foundation
import Replay
import TestSupport
import Testing

@Suite("Threads")
struct ThreadsAgreementTests {
    /// Expects that any number of threads says what one says, observed or not; the result is that.
    @discardableResult
    private func expectAgreement(
        _ fleet: CompiledFleet, paths: [String], _ order: CaptureOrder = .asGiven,
        _ sessions: SessionPolicy = .standard, calls: [ScheduledCall] = [], passCount: Int = 1,
        observed: [Bool] = [false, true], threadCounts: [Int] = [2, 3, 8], named comment: Comment
    ) throws -> ReplayRecord {
        var alone: ReplayRecord?
        for isObserved in observed {
            let expected = try ReplayRecord(
                fleet, paths: paths, order, sessions, calls: calls, passCount: passCount,
                isObserved: isObserved, threadCount: 1)
            for threadCount in threadCounts {
                let record = try ReplayRecord(
                    fleet, paths: paths, order, sessions, calls: calls, passCount: passCount,
                    isObserved: isObserved, threadCount: threadCount)
                #expect(record == expected, "\(threadCount) threads: \(comment)")
            }
            if let alone {
                #expect(alone.hasTotals(of: expected), "an observer makes a difference: \(comment)")
            }
            alone = expected
        }
        return try #require(alone)
    }

    @Test(
        "say what one thread says, of traffic of all kinds",
        arguments: seeds(6, unoptimised: 2),
        [SessionPolicy.stateless, .standard, .tracking(capacity: 300)])
    func mixed(seed: UInt64, sessions: SessionPolicy) throws {
        var traffic = MixedTraffic(seed: seed)
        let file = try TemporaryFile(traffic.capture(1500 + 700 * Int(seed)).bytes)
        let record = try expectAgreement(
            CompiledFleet(TinyWorld.fleet()), paths: [file.path], .asGiven, sessions,
            named: "seed \(seed)")
        #expect(record.frameCount == 1500 + 700 * Int(seed))
        if sessions != .stateless {
            #expect(record.packetCount(of: .established) > 100)
            #expect(record.sessionCount > 20)
        }
    }

    @Test("make calls where one thread makes them", arguments: seeds(8, unoptimised: 3))
    func calls(seed: UInt64) throws {
        var traffic = MixedTraffic(seed: seed)
        let file = try TemporaryFile(traffic.capture(2200).bytes)
        try expectAgreement(
            CompiledFleet(TinyWorld.fleet()), paths: [file.path],
            calls: traffic.calls(Int(8 * seed)), passCount: seed % 3 == 0 ? 2 : 1,
            named: "seed \(seed)")
    }

    @Test("follow several captures, in both orders", arguments: seeds(4, unoptimised: 1))
    func several(seed: UInt64) throws {
        var traffic = MixedTraffic(seed: seed)
        let files = try (0..<3).map { index in
            let capture = try traffic.capture(
                700, beginningAtMicrosecond: 1_000_000 + 300_500 * index)
            return try TemporaryFile(capture.bytes.dropLast(index == 1 ? 5 : 0))
        }
        for order in [CaptureOrder.asGiven, .byTime] {
            let record = try expectAgreement(
                CompiledFleet(TinyWorld.fleet()), paths: files.map(\.path), order,
                calls: traffic.calls(6), named: "seed \(seed), \(order)")
            #expect(record.packetCount == 2099)
        }
    }

    @Test("end when an observer wants no more", arguments: [2, 3, 8])
    func stops(threadCount: Int) throws {
        var traffic = MixedTraffic(seed: 1)
        let file = try TemporaryFile(traffic.capture(20_000).bytes)
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: [CaptureSource(path: file.path, placement: .byAddress(vpc: nil))],
            threadCount: threadCount)
        try replay.open()
        let collector = DecisionCollector()
        collector.batchLimit = 2
        _ = replay.run(observers: [collector])
        #expect(collector.batchLimit == 0)
        #expect(collector.decisions.count < 20_000)
    }

    @Test(
        "agree on the recorded captures",
        arguments: [
            ["web-and-db.pcap"], ["ipv6.pcap"], ["scan-dropped.pcap"], ["database.pcapng"],
            ["dns-and-fragments.pcap"], ["web-and-db.pcap", "ipv6.pcap", "database.pcapng"],
        ])
    func recorded(names: [String]) throws {
        let folder = SharedFolder.packageRoot.appendingPathComponent("captures").path
        for fleetName in ["fleet-alibaba.json", "fleet-aws.json"] {
            let fleet = CompiledFleet(try loadFleet(path: "\(folder)/\(fleetName)").fleet)
            for sessions in [SessionPolicy.stateless, .standard] {
                try expectAgreement(
                    fleet, paths: names.map { "\(folder)/\($0)" }, .byTime, sessions,
                    named: "\(names)")
            }
        }
    }

    @Test(
        "agree on the shared captures, one by one and merged",
        .enabled(if: SharedFolder.contains("captures"), Comment(rawValue: SharedFolder.reason)))
    func shared() throws {
        let folder = try #require(SharedFolder.url).appendingPathComponent("captures").path
        let paths = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { "\(folder)/\($0)" }
            .filter { (try? CaptureReader(path: $0)) != nil }
        #expect(paths.count > 200)
        for path in paths {
            let fleet = CompiledFleet(try fleetOwning(halfOf: [path]))
            for sessions in isOptimised ? [SessionPolicy.stateless, .standard] : [.standard] {
                try expectAgreement(
                    fleet, paths: [path], .asGiven, sessions,
                    observed: isOptimised ? [false, true] : [true],
                    threadCounts: isOptimised ? [2, 3, 8] : [3], named: "\(path)")
            }
        }
        let small = paths.filter { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (attributes?[.size] as? Int ?? .max) < 100_000
        }
        try expectAgreement(
            CompiledFleet(try fleetOwning(halfOf: small)), paths: small, .byTime, .standard,
            named: "merged")
    }

    /// The tiny fleet with an interface that has every second address of these captures, up to 1,000.
    private func fleetOwning(halfOf paths: [String]) throws -> Fleet {
        var seen: Set<IPAddress> = []
        var owned: [CIDRBlock] = []
        for path in paths {
            var reader = try CaptureReader(path: path)
            _ = reader.readFrames(upTo: 20_000) { frame, bytes in
                let decoder = FrameDecoder(linkType: frame.linkType)
                let decoded = decoder.decode(bytes, originalLength: frame.originalLength)
                guard let packet = decoded.packet else { return }
                for address in [packet.source, packet.destination]
                where seen.insert(address).inserted && seen.count % 2 == 1 && owned.count < 1000 {
                    owned.append(
                        CIDRBlock(address, prefixLength: address.family.addressBitCount))
                }
            }
        }
        var fleet = try TinyWorld.fleet()
        fleet.networkInterfaces = [
            NetworkInterface(
                id: "eni-all", vpc: "vpc-1", addresses: owned, securityGroups: ["sg-web"])
        ]
        return fleet
    }
}

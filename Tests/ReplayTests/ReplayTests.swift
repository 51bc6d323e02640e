import Captures
import CloudModel
import FilterTables
import Replay
import TestSupport
import Testing

@Suite("Replay")
struct ReplayTests {
    @Test("counts packets by decision and reason, and evaluations apart")
    func totals() throws {
        let (result, decisions) = try TinyWorld.run([
            "tcp 9.9.9.9:40000 > 10.0.0.1:443",
            "tcp 9.9.9.9:40000 > 10.0.0.1:22",
            "tcp 10.0.0.1:40000 > 10.0.0.2:443",
            "tcp 10.0.0.1:40000 > 10.0.0.2:25",
            "tcp 9.9.9.9:1 > 8.8.8.8:2",
            "udp 9.9.9.9:1 > 10.0.0.3:2",
            "arp",
        ])
        #expect(
            decisions.map(\.reason) == [
                .rule, .default, .rule, .rule, .noInterface, .noGroup, .notIP,
            ])
        #expect(
            decisions.map(\.verdict) == [.accept, .drop, .accept, .drop, .none, .none, .none])
        #expect(decisions[3].direction == .egress)
        let tally = result.tally
        #expect(tally.packetCount == 7)
        #expect(tally.evaluationCount == 7)
        #expect(tally.packetCount(of: .accept) == 2)
        #expect(tally.packetCount(of: .drop) == 2)
        #expect(tally.packetCount(of: Verdict.none) == 3)
        #expect(tally.packetCount(of: .rule) == 3)
        #expect(Reason.allCases.map { tally.packetCount(of: $0) }.reduce(0, +) == 7)
        #expect(result.captures.map(\.packetCount) == [7])
        #expect(result.incompleteCaptures.isEmpty)
    }

    @Test("lists the rules with hits, the busiest first, with times in the capture's digits")
    func ruleHits() throws {
        let (result, _) = try TinyWorld.run([
            "tcp 10.0.0.1:40000 > 9.9.9.9:25",
            "tcp 9.9.9.9:40000 > 10.0.0.1:443",
            "tcp 10.0.0.2:40000 > 10.0.0.1:443",
        ])
        #expect(result.rules.map(\.origin.rule) == ["sgr-https", "sgr-no-smtp"])
        let https = result.rules[0].hit
        #expect(https.packetCount == 2)
        #expect(https.byteCount == 2 * (14 + 20 + 20 + 8))
        #expect(https.firstSeen.text == "1.001000")
        #expect(https.lastSeen.text == "1.002000")
    }

    @Test("two evaluations combine as the decision does, the first drop before all")
    func combination() throws {
        var fleet = try TinyWorld.fleet()
        fleet.networkInterfaces[1].status = .available
        let (_, decisions) = try TinyWorld.run(
            [
                "tcp 10.0.0.1:1 > 10.0.0.2:25", "tcp 10.0.0.1:1 > 10.0.0.2:443",
                "tcp 10.0.0.3:1 > 10.0.0.1:443", "tcp 10.0.0.1:1 > 10.0.0.3:443",
            ], in: fleet)
        #expect(decisions.map(\.reason) == [.rule, .interfaceNotAttached, .rule, .default])
        #expect(decisions.map(\.networkInterface) == ["eni-a", "eni-b", "eni-a", "eni-a"])
        #expect(decisions.map(\.verdict) == [.drop, .drop, .accept, .accept])
    }

    @Test("a bound capture is evaluated once, at its interface")
    func bound() throws {
        let texts = ["tcp 10.0.0.1:1 > 10.0.0.2:25", "tcp 10.0.0.2:1 > 9.9.9.9:443"]
        let (byAddress, atA) = try TinyWorld.run(texts, at: .bound(interface: 0, nil))
        #expect(atA.map(\.reason) == [.rule, .noInterface])
        #expect(byAddress.tally.evaluationCount == 1)
        let (_, ingress) = try TinyWorld.run(texts, at: .bound(interface: 0, .ingress))
        #expect(ingress.map(\.direction) == [.ingress, .ingress])
        #expect(ingress.map(\.reason) == [.default, .rule])
    }

    @Test("passes add up")
    func passes() throws {
        let (result, decisions) = try TinyWorld.run(
            ["tcp 9.9.9.9:40000 > 10.0.0.1:443", "arp"], passCount: 3)
        #expect(decisions.count == 6)
        #expect(result.tally.packetCount == 6)
        #expect(result.captures.map(\.packetCount) == [6])
        #expect(result.rules.first?.hit.packetCount == 3)
    }

    @Test("a capture that is cut short is decided as far as it goes")
    func cutShort() throws {
        let (result, decisions) = try TinyWorld.run(
            ["tcp 9.9.9.9:40000 > 10.0.0.1:443", "tcp 9.9.9.9:40000 > 10.0.0.1:22"], cutting: 5)
        #expect(decisions.map(\.reason) == [.rule])
        let capture = try #require(result.incompleteCaptures.first)
        #expect(capture.packetCount == 1)
        #expect(capture.error != nil)
    }

    @Test(
        "more frames than a batch holds keep their order and their numbers",
        arguments: [256, 257, 600])
    func batches(count: Int) throws {
        let texts = (0..<count).map { "tcp 9.9.9.9:\($0 + 1) > 10.0.0.1:\($0 % 2 == 0 ? 443 : 22)" }
        let (result, decisions) = try TinyWorld.run(texts)
        #expect(result.tally.packetCount == count)
        #expect(
            decisions.map(\.verdict) == (0..<count).map { $0 % 2 == 0 ? .accept : .drop })
    }

    @Test("opening names the capture that cannot be read, before anything runs")
    func missing() throws {
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: [CaptureSource(path: "/nonexistent.pcap", placement: .byAddress(vpc: nil))])
        let error = #expect(throws: ReplayError.self) { try replay.open() }
        #expect(
            error?.message == "cannot open `/nonexistent.pcap`: no such file or directory")
    }

    @Test("an observer can end the replay")
    func stopping() throws {
        var texts: [String] = []
        for port in 1...600 { texts.append("tcp 9.9.9.9:\(port) > 10.0.0.1:443") }
        let collector = DecisionCollector()
        collector.batchLimit = 1
        let file = try TemporaryFile(try TinyWorld.capture(texts).bytes)
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()),
            captures: [CaptureSource(path: file.path, placement: .byAddress(vpc: nil))])
        try replay.open()
        #expect(replay.byteCount == 24 + 600 * (16 + 62))
        #expect(replay.run(observers: [collector]).tally.packetCount == FrameBatch.capacity)
    }

    @Test("bytes that cannot be counted are not")
    func countlessBytes() throws {
        let file = try TemporaryFile(try TinyWorld.capture(["tcp 9.9.9.9:1 > 10.0.0.1:443"]).bytes)
        let source = CaptureSource(path: file.path, placement: .byAddress(vpc: nil))
        var replay = Replay(
            CompiledFleet(try TinyWorld.fleet()), captures: [source], passCount: .max)
        try replay.open()
        #expect(replay.byteCount == nil)
    }
}

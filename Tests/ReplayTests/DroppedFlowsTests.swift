import CloudModel
import Replay
import TestSupport
import Testing

@Suite("Dropped flows")
struct DroppedFlowsTests {
    @Test("are counted exactly while there is room")
    func exact() throws {
        let flows = DroppedFlows()
        let capture = try TinyWorld.capture([
            "tcp 203.0.113.5:4000 > 10.0.0.1:80 flags S", "tcp 203.0.113.5:4000 > 10.0.0.1:80",
            "udp 203.0.113.5:4000 > 10.0.0.1:80", "tcp 203.0.113.5:4000 > 10.0.0.1:443 flags S",
            "icmp 203.0.113.5 > 10.0.0.2 type 8 code 0",
            "tcp 10.0.0.1:4001 > 203.0.113.9:25 flags S",
            "tcp 203.0.113.5:4000 > 10.0.0.1:80",
        ])
        _ = try TinyWorld.run(capture, observers: [flows])
        let most = flows.withMostPackets(2)
        #expect(most.map(\.packetCount) == [3, 1])
        let first = try #require(most.first)
        #expect(first.packet == (try Packet("tcp 203.0.113.5:4000 > 10.0.0.1:80 flags S")))
        #expect(first.firstSeen.text == "1.000000")
        #expect(first.lastSeen.text == "1.006000")
        #expect(first.decision.networkInterface == "eni-a")
        #expect(first.decision.reason == .default)
        #expect(flows.withMostBytes(9).count == 4)
        #expect(flows.withMostBytes(9).contains { $0.decision.rule == "sgr-no-smtp" })
        #expect(flows.mostMissed == (0, 0))
    }

    @Test(
        "with too many of them, no count is too high, nor lower than it says",
        arguments: UInt64(1)...3)
    func bounded(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var texts: [String] = []
        for _ in 0..<6000 {
            // Half of the packets belong to few flows.
            let port =
                random.oneIn(2)
                ? Int.random(in: 1...5, using: &random) : Int.random(in: 6...4000, using: &random)
            texts.append("tcp 203.0.113.5:\(port) > 10.0.0.1:80")
        }
        var truth: [String: Int] = [:]
        for text in texts { truth[text, default: 0] += 1 }
        let flows = DroppedFlows(capacity: 64)
        _ = try TinyWorld.run(try TinyWorld.capture(texts), observers: [flows])
        let listed = flows.withMostPackets(64)
        #expect(flows.mostMissed.packets > 0)
        // The flows of one packet each come and go; they cost the others little.
        #expect(flows.mostMissed.packets < 300)
        for flow in listed {
            var packet = flow.packet
            if case .ports(let source, let destination, _) = packet.transport {
                packet.transport = .ports(source: source, destination: destination, tcpFlags: nil)
            }
            let count = truth.removeValue(forKey: packet.description) ?? 0
            #expect(flow.packetCount <= count)
            #expect(count <= flow.packetCount + flows.mostMissed.packets)
        }
        #expect(truth.values.allSatisfy { $0 <= flows.mostMissed.packets })
        #expect(Set(listed.prefix(5).map { $0.packet.transport.sourcePort }) == [1, 2, 3, 4, 5])
        let again = DroppedFlows(capacity: 64)
        _ = try TinyWorld.run(try TinyWorld.capture(texts), observers: [again])
        #expect(again.withMostPackets(64).map(\.packet) == listed.map(\.packet))
    }
}

extension Transport {
    fileprivate var sourcePort: UInt16? {
        guard case .ports(let port, _, _) = self else { return nil }
        return port
    }
}

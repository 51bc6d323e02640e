import CloudModel
import Replay
import TestSupport
import Testing

/// 10.0.0.1 admits https and DNS, sends nothing to port 25, and everything else.
@Suite("Drops in mid-connection")
struct MidstreamTests {
    @Test(
        "count apart when the packet answers one that rules would accept",
        arguments: [
            // The server's answer to a request that the capture does not show.
            (["tcp 9.9.9.9:443 > 10.0.0.1:40000 flags S."], 1),
            (["tcp 9.9.9.9:443 > 10.0.0.1:40000 flags ."], 1),
            (["tcp 9.9.9.9:443 > 10.0.0.1:40000 flags S"], 0),
            // Nobody could have asked.
            (["tcp 9.9.9.9:25 > 10.0.0.1:40000 flags ."], 0),
            (["icmp 9.9.9.9 > 10.0.0.1 type 0 code 0 id 7"], 1),
            (["icmp 9.9.9.9 > 10.0.0.1 type 8 code 0 id 7"], 0),
            (["udp 9.9.9.9:53 > 10.0.0.1:40000"], 1),
            (["gre 9.9.9.9 > 10.0.0.1"], 0),
            // Between two interfaces the first drop decides.
            (["tcp 10.0.0.2:443 > 10.0.0.1:40000 flags ."], 1),
        ])
    func rules(texts: [String], count: Int) throws {
        #expect(try TinyWorld.run(texts).result.tally.midstreamCount == count)
        let stateless = try TinyWorld.run(texts, sessions: .stateless).result
        #expect(stateless.tally.midstreamCount == 0)
        #expect(stateless.sessions == nil)
    }

    @Test("UDP counts within one timeout of the capture's start", arguments: [(30, 1), (31, 0)])
    func start(seconds: Int, count: Int) throws {
        var capture = try TinyWorld.capture(["arp"])
        capture.append(
            try Packet("udp 9.9.9.9:53 > 10.0.0.1:40000"),
            atMicroseconds: 1_000_000 + 1_000_000 * seconds)
        #expect(try TinyWorld.run(capture).tally.midstreamCount == count)
    }

    @Test("a session that timed out was seen, so its drops are real")
    func timedOut() throws {
        var capture = try TinyWorld.capture(["tcp 10.0.0.1:40000 > 9.9.9.9:443 flags S"])
        for second in [40, 41] {
            capture.append(
                try Packet("tcp 9.9.9.9:443 > 10.0.0.1:40000 flags S."),
                atMicroseconds: 1_000_000 * second)
        }
        let result = try TinyWorld.run(capture)
        #expect(result.tally.packetCount(of: .drop) == 2)
        #expect(result.tally.midstreamCount == 0)
    }
}

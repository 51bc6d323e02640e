import CloudModel
import FilterTables
import TestSupport
import Testing

@testable import Replay

@Suite("Remembered flows")
struct FlowMemoTests {
    private func header(_ text: String) throws -> PacketHeader { PacketHeader(try Packet(text)) }

    /// Which slot of its pair knows a packet's flow, if one does.
    private func slot(of header: PacketHeader, in memo: borrowing FlowMemo) -> Int? {
        let first = memo.slot(of: header)
        if memo.knows(header, inSlot: first) { return first }
        return memo.knows(header, inSlot: first + 1) ? first + 1 : nil
    }

    private func knows(_ header: PacketHeader, _ memo: borrowing FlowMemo) -> Bool {
        slot(of: header, in: memo) != nil
    }

    private func record(
        _ answer: KnownFlow, for header: PacketHeader, in memo: inout FlowMemo
    ) {
        memo.record(answer, .none, for: header, inSlot: memo.slot(of: header))
    }

    @Test(
        "are those of the same addresses, protocol, ports and kind of packet, whatever TCP's flags")
    func identity() throws {
        var memo = FlowMemo()
        let flow = try header("tcp 9.9.9.9:40000 > 10.0.0.1:443 flags S")
        let isKnownBefore = knows(flow, memo)
        #expect(!isKnownBefore)
        record(KnownFlow(source: 7, destination: OwnerPair.nobody), for: flow, in: &memo)
        let place = slot(of: flow, in: memo)
        let answer = memo.answer(inSlot: try #require(place))
        #expect(answer.source == 7)
        let isKnown = knows(try header("tcp 9.9.9.9:40000 > 10.0.0.1:443 flags F."), memo)
        #expect(isKnown)
        for other in [
            "tcp 9.9.9.8:40000 > 10.0.0.1:443 flags S", "tcp 9.9.9.9:40000 > 10.0.0.2:443 flags S",
            "tcp 9.9.9.9:40001 > 10.0.0.1:443 flags S", "tcp 9.9.9.9:40000 > 10.0.0.1:444 flags S",
            "tcp 10.0.0.1:443 > 9.9.9.9:40000 flags S", "udp 9.9.9.9:40000 > 10.0.0.1:443",
        ] {
            // In the slot at hand, too, where only chance would look for it.
            let other = try header(other)
            let isKnown = memo.knows(other, inSlot: memo.slot(of: flow)) || knows(other, memo)
            #expect(!isKnown)
        }
    }

    @Test("are no fragments' and no frames' without a packet")
    func others() throws {
        #expect(!FlowMemo.holds(try header("tcp 9.9.9.9 > 10.0.0.1 fragment id 7 offset 1480")))
        #expect(!FlowMemo.holds(.none))
        let memo = FlowMemo()
        let isKnown =
            memo.knows(.none, inSlot: 0) || memo.knows(.none, inSlot: memo.slot(of: .none))
        #expect(!isKnown)
    }

    @Test(
        "are forgotten when the tables are others, however often",
        arguments: [1, 2, 255, 256, 257, 512])
    func forgotten(count: Int) throws {
        var memo = FlowMemo()
        let flow = try header("udp 9.9.9.9:53 > 10.0.0.1:53")
        record(KnownFlow(source: 1, destination: 2), for: flow, in: &memo)
        for _ in 0..<count {
            memo.removeAll()
            let isKnown = knows(flow, memo)
            #expect(!isKnown)
        }
        record(KnownFlow(source: 3, destination: 4), for: flow, in: &memo)
        let isKnown = knows(flow, memo)
        #expect(isKnown)
    }

    @Test(
        "have their own answers where there are more than slots",
        arguments: seeds(3, unoptimised: 1))
    func manyFlows(seed: UInt64) throws {
        var memo = FlowMemo()
        var random = SeededGenerator(seed: seed)
        var headers: [PacketHeader] = []
        for number in 0..<10_000 {
            let header = PacketHeader(
                source: (random.next(), random.next() % 2), destination: (random.next(), 0),
                sourcePort: 1, destinationPort: UInt16(number), ipProtocol: 6, tcpFlags: 0,
                traits: PacketHeader.Trait.packet)
            headers.append(header)
            record(
                KnownFlow(source: UInt32(number), destination: OwnerPair.nobody), for: header,
                in: &memo)
        }
        var knownCount = 0
        for (number, header) in headers.enumerated() {
            guard let place = slot(of: header, in: memo) else { continue }
            knownCount += 1
            let answer = memo.answer(inSlot: place)
            #expect(answer.source == UInt32(number))
        }
        // 10,000 balls thrown into 2,048 boxes leave one ball or more in about 2,033 boxes, two or more in 1,955.
        #expect((3900...4096).contains(knownCount))
    }

    @Test("stay while one other comes to their slots")
    func pairs() throws {
        var memo = FlowMemo()
        var known: [PacketHeader] = []
        for port in 1...60_000 where known.count < 3 {
            let flow = try header("udp 9.9.9.9:\(port) > 10.0.0.1:53")
            if let first = known.first, memo.slot(of: flow) != memo.slot(of: first) { continue }
            known.append(flow)
        }
        try #require(known.count == 3)
        let number = { UInt32(known.firstIndex(of: $0) ?? 0) }
        for (place, flow) in known.enumerated() {
            record(
                KnownFlow(source: number(flow), destination: OwnerPair.nobody), for: flow, in: &memo
            )
            // Once more changes nothing for the other one.
            record(
                KnownFlow(source: number(flow), destination: OwnerPair.nobody), for: flow, in: &memo
            )
            for other in known[max(0, place - 1)...place] {
                let place = slot(of: other, in: memo)
                let source = memo.answer(inSlot: try #require(place)).source
                #expect(source == number(other))
            }
        }
        let isFirstKnown = knows(known[0], memo)
        #expect(!isFirstKnown)
    }

    @Test("make no difference where most flows are new, nor when they come back")
    func scans() throws {
        // More than are looked for before looking pauses, and than the pause is long; then known ones.
        let ports = [443, 444]
        let scan = (0..<40_000).map {
            "tcp 9.\($0 >> 14).\($0 >> 7 & 127).\($0 & 127):1 > 10.0.0.1:\(ports[$0 % 2]) flags S"
        }
        let again = (0..<6000).map { "tcp 9.9.9.9:\($0 % 3 + 1) > 10.0.0.1:\(ports[$0 % 2])" }
        let (result, decisions) = try TinyWorld.run(scan + again, sessions: .stateless)
        #expect(result.tally.packetCount(of: .accept) == 23_000)
        #expect(
            decisions.enumerated().allSatisfy { $1.verdict == ($0 % 2 == 0 ? .accept : .drop) })
    }

    @Test("keep what the tables say, whatever sessions make of it")
    func sessions() throws {
        // Batches apart, so that the memo has what was said before.
        let pause = Array(repeating: "udp 9.9.9.9:5 > 10.0.0.1:53", count: 300)
        let (request, reply) = (
            "tcp 10.0.0.1:50000 > 9.9.9.9:80", "tcp 9.9.9.9:80 > 10.0.0.1:50000"
        )
        let (mail, answer) = ("tcp 9.9.9.9:25 > 10.0.0.1:443", "tcp 10.0.0.1:443 > 9.9.9.9:25")
        let steps: [(packets: [String], decisions: [String])] = [
            // The tables are asked about the reply; no session spares them the question.
            (["\(reply) flags ."], ["drop default"]),
            (
                ["\(request) flags S", "\(reply) flags S."],
                ["accept default", "accept established"]
            ),
            (
                ["\(reply) flags .", "\(request) flags R"],
                Array(repeating: "accept established", count: 2)
            ),
            (["\(reply) flags S", "\(reply) flags ."], Array(repeating: "drop default", count: 2)),
            // About the answer to a mail they are not asked before its session is over.
            (["\(mail) flags S", "\(answer) flags S."], ["accept rule", "accept established"]),
            (
                ["\(answer) flags .", "\(mail) flags R"],
                Array(repeating: "accept established", count: 2)
            ),
            (["\(answer) flags S", "\(answer) flags ."], Array(repeating: "drop rule", count: 2)),
            (["\(mail) flags S", "\(answer) flags ."], ["accept rule", "accept established"]),
        ]
        let (_, decisions) = try TinyWorld.run(steps.flatMap { $0.packets + pause })
        var rest = decisions[...]
        for step in steps {
            let said = rest.prefix(step.packets.count).map { "\($0.verdict) \($0.reason)" }
            #expect(said == step.decisions, "\(step.packets)")
            rest = rest.dropFirst(step.packets.count + pause.count)
        }
    }
}

import CloudModel
import TestSupport
import Testing

@testable import Sessions

@Suite("What holds for all sessions")
struct SessionPropertyTests {
    @Test(
        "with room for all flows, a session's packets pass until it has been idle too long",
        arguments: UInt64(1)...20)
    func aliveUntilTimeout(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var world = try SessionWorld(capacity: 256 * 200)
        var lastTimes: [Int: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<5000 {
            now += Int64.random(in: -40...42, using: &random)
            let (flow, peer) = (Int.random(in: 0..<200, using: &random), UInt32(0x0909_0909))
            let isReply = random.oneIn(2)
            let isAlive = lastTimes[flow].map { now - $0 <= 30 } ?? false
            let isAccepted = world.sees(flow: flow, peer: peer, reply: isReply, at: now)
            #expect(isAccepted == (isAlive || !isReply), "flow \(flow) at \(now)")
            // A session that is found to be over has ended, even if the clock turns back.
            lastTimes[flow] = isAccepted ? now : nil
        }
    }

    @Test("every session that began lives or has ended in one way", arguments: UInt64(1)...10)
    func counts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var world = try SessionWorld(capacity: Int.random(in: 1...2000, using: &random))
        let flags = ["S", "S.", ".", "F.", "R"].map { TCPFlags($0) }
        for step in 0..<20_000 {
            _ = world.sees(
                flow: Int.random(in: 0..<50, using: &random),
                peer: UInt32.random(in: 0..<100, using: &random), reply: random.oneIn(2),
                at: Int64(step / 50), random.oneIn(2) ? .udp : .tcp, random.pick(flags))
        }
        let live = world.sessions.runningRecordCount
        #expect(world.sessions.counts.live == live)
        #expect(world.sessions.linkedRecordCount == live)
    }
}

extension Sessions {
    fileprivate var runningRecordCount: Int {
        var count = 0
        for index in 0..<table.records.count where table.records[index].isRunning { count += 1 }
        return count
    }

    /// The records that are found by their interface, each of which must be found by its key, too.
    fileprivate var linkedRecordCount: Int {
        let indices = table.indices(of: 0)
        for index in indices {
            let key = table.records[index].key
            let found = table.index(of: key, hash: key.bucketHash(key.addressHash))
            #expect(found == UInt32(index))
        }
        return indices.count
    }
}

import CloudModel
import Testing

@testable import Sessions

@Suite("Room for sessions")
struct SessionLimitTests {
    @Test("with room for one session, the first shard has it")
    func capacityOne() throws {
        var world = try SessionWorld(capacity: 1)
        let (first, other) = (SessionWorld.peer(inShard: 0), SessionWorld.peer(inShard: 1))
        _ = world.sees(flow: 1, peer: other, at: 0)
        let refused = world.isAlive(flow: 1, peer: other, at: 0)
        #expect(!refused)
        _ = world.sees(flow: 1, peer: first, at: 0)
        let kept = world.isAlive(flow: 1, peer: first, at: 0)
        #expect(kept)
        _ = world.sees(flow: 2, peer: first, at: 0)
        let replaced = world.isAlive(flow: 1, peer: first, at: 0)
        #expect(!replaced)
        #expect(world.sessions.counts.created == 3)
        #expect(world.sessions.counts.evicted == 2)
        #expect(world.sessions.counts.live == 1)
    }

    @Test("no room at all keeps nothing")
    func capacityZero() throws {
        var world = try SessionWorld(capacity: 0)
        for peer in 0..<300 { _ = world.sees(flow: 1, peer: UInt32(peer), at: 0) }
        #expect(world.sessions.counts.created == 300)
        #expect(world.sessions.counts.evicted == 300)
        #expect(world.sessions.placeCount == 0)
    }

    @Test("256 give every shard one")
    func capacityOfShards() throws {
        var world = try SessionWorld(capacity: 256)
        for shard in 0..<256 {
            _ = world.sees(flow: 1, peer: SessionWorld.peer(inShard: shard), at: 0)
        }
        #expect(world.sessions.counts.live == 256)
        #expect(world.sessions.counts.evicted == 0)
    }

    @Test("the least recently used goes first, whatever the times say", arguments: [4, 100, 300])
    func evictionOrder(share: Int) throws {
        var world = try SessionWorld(capacity: 256 * share)
        for flow in 0..<share { _ = world.sees(flow: flow, at: Int64(share - flow) % 7) }
        // The even ones are used again, in descending order.
        for flow in (0..<share).reversed() where flow % 2 == 0 {
            let isAlive = world.isAlive(flow: flow, at: 7)
            #expect(isAlive)
        }
        var expected = (0..<share).filter { $0 % 2 == 1 }
        expected += (0..<share).reversed().filter { $0 % 2 == 0 }
        for (count, victim) in expected.enumerated() {
            _ = world.sees(flow: 1000 + count, at: 7)
            #expect(world.sessions.counts.evicted == count + 1)
            let isKnown = world.knows(flow: victim)
            #expect(!isKnown, "victim \(count)")
            if count + 1 < share {
                let isNextKnown = world.knows(flow: expected[count + 1])
                #expect(isNextKnown, "victim \(count + 1)")
            }
        }
    }

    @Test("sessions that are over go before live ones")
    func expiredFirst() throws {
        var world = try SessionWorld(capacity: 256 * 4)
        for flow in 0..<3 { _ = world.sees(flow: flow, at: Int64(flow)) }
        // A minute of packets on one flow, for the shard's clock to follow.
        for second in 0..<60 as Range<Int64> { _ = world.sees(flow: 3, at: second) }
        for flow in 10..<13 { _ = world.sees(flow: flow, at: 60) }
        #expect(world.sessions.counts.evicted == 0)
        #expect(world.sessions.counts.expired == 3)
        let isAlive = world.isAlive(flow: 3, at: 60)
        #expect(isAlive)
    }

    @Test("places stay as few as live sessions need, over many random flows")
    func flatMemory() throws {
        #if DEBUG
            let flowCount = 50_000
        #else
            let flowCount = 10_000_000
        #endif
        var world = try SessionWorld()
        // 1,000 new flows a second that live for 30 s: 30,000 at once.
        var random = SystemRandomNumberGenerator()
        for number in 0..<flowCount {
            let peer = UInt32(truncatingIfNeeded: random.next())
            _ = world.sees(flow: number, peer: peer, at: Int64(number / 1000))
        }
        #expect(world.sessions.placeCount <= 65_536)
        let counts = world.sessions.counts
        #expect(counts.evicted == 0)
        #expect(counts.created > flowCount - flowCount / 1000)
        #expect(counts.live <= 65_536)
    }

    @Test("a record takes one cache line")
    func recordSize() { #expect(Sessions.bytesPerPlace == 64) }
}

extension SessionWorld {
    /// Whether the flow has a record, found without using it.
    fileprivate func knows(flow: Int) -> Bool {
        let port = SessionWorld.port(flow: flow)
        for index in 0..<sessions.table.records.count {
            let record = sessions.table.records[index]
            let isOfFlow = record.key.lowerPort == port || record.key.higherPort == port
            if record.isRunning, isOfFlow { return true }
        }
        return false
    }
}

import CloudModel
import FilterTables
import Testing

@testable import Sessions

@Suite("Memory of first fragments")
struct FragmentShardLimitTests {
    private func key(_ identification: UInt32) -> FragmentKey {
        let packet = Packet(
            source: IPAddress(ipv4: 1), destination: IPAddress(ipv4: 2), ipProtocol: .udp)
        let fragment = Fragment(identification: identification, offset: 0, hasMore: true)
        return FragmentKey(packet, fragment, .udp, at: 0, .ingress)
    }

    @Test("the oldest is replaced when it is full")
    func eviction() {
        var memory = FragmentShard(capacity: 2)
        for identification in UInt32(1)...3 {
            memory.remember(.undecided, for: key(identification))
        }
        #expect(memory.answer(for: key(1)) == nil)
        #expect(memory.answer(for: key(2)) != nil)
        #expect(memory.answer(for: key(3)) != nil)
    }

    @Test("a datagram that was remembered again is as young as its last first fragment")
    func renewal() {
        var memory = FragmentShard(capacity: 2)
        for identification in [UInt32(1), 2, 1, 3] {
            memory.remember(.undecided, for: key(identification))
        }
        #expect(memory.answer(for: key(1)) != nil)
        #expect(memory.answer(for: key(2)) == nil)
        #expect(memory.answer(for: key(3)) != nil)
    }
}

import CloudModel
import FilterTables
import Testing

@testable import Replay

@Suite("Memory of first fragments")
struct FirstFragmentsLimitTests {
    private func key(_ identification: UInt32) -> FirstFragments.Key {
        FirstFragments.Key(
            source: IPAddress(ipv4: 1), destination: IPAddress(ipv4: 2), ipProtocol: .udp,
            identification: identification, interface: 0, direction: .ingress)
    }

    @Test("the oldest is replaced when it is full")
    func eviction() {
        var memory = FirstFragments(capacity: 2)
        for identification in UInt32(1)...3 {
            memory.remember(.undecided, for: key(identification))
        }
        #expect(memory.outcome(for: key(1)) == nil)
        #expect(memory.outcome(for: key(2)) != nil)
        #expect(memory.outcome(for: key(3)) != nil)
    }

    @Test("a datagram that was remembered again is as young as its last first fragment")
    func renewal() {
        var memory = FirstFragments(capacity: 2)
        for identification in [UInt32(1), 2, 1, 3] {
            memory.remember(.undecided, for: key(identification))
        }
        #expect(memory.outcome(for: key(1)) != nil)
        #expect(memory.outcome(for: key(2)) == nil)
        #expect(memory.outcome(for: key(3)) != nil)
    }

    @Test("every reason has the place of its case")
    func ordinals() {
        #expect(Reason.allCases.map(\.ordinal) == Array(Reason.allCases.indices))
    }
}

import CloudModel
import Testing

@testable import Sessions

@Suite("What a record says in one word")
struct RecordFactsTests {
    private func facts(
        _ state: SessionRecord.State = .tracked, _ phase: SessionPhase = .open
    ) -> RecordFacts {
        RecordFacts(kind: 0x106, [], icmpMessage: 0, state, phase)
    }

    /// The bits of a trace to a record with these facts.
    private func trace(_ facts: RecordFacts, isFromLower: Bool = true) -> RecordTrace {
        RecordTrace(
            record: 7, shard: 3,
            facts.word & RecordFacts.generationMask
                | (isFromLower ? RecordFacts.fromLower : RecordFacts.fromHigher))
    }

    @Test("has a place for each fact", arguments: SessionPhase.allCases)
    func places(phase: SessionPhase) {
        let states: [SessionRecord.State] = [.free, .tracked, .untracked, .untrackedStale, .ended]
        for state in states {
            var facts = RecordFacts(
                kind: 0x1FF, [.isFromLower, .hasICMPMessage], icmpMessage: 0xABCD, .free, .halfOpen)
            facts.state = state
            facts.phase = phase
            facts.seen = SeenFromSides(bits: 0b10_01_11)
            facts.succeed(facts, isSame: false)
            facts.settle()
            #expect(facts.kind == 0x1FF && facts.differences(fromKind: 0x1FF) == 0)
            #expect(facts.differences(fromKind: 0x0FF) != 0)
            #expect(facts.first == [.isFromLower, .hasICMPMessage])
            #expect(facts.state == state && facts.phase == phase)
            #expect(facts.phaseNumber == Int(phase.rawValue))
            #expect(facts.seen.bits == 0b10_01_11 && facts.icmpMessage == 0xABCD)
        }
    }

    @Test("tells from which sides packets just go on")
    func steadiness() {
        for phase in SessionPhase.allCases where phase != .halfOpen && phase != .exchange {
            var facts = facts(.tracked, phase)
            #expect(!facts.isSteady(along: trace(facts).word))
            facts.settle()
            #expect(facts.isSteady(along: trace(facts).word))
            #expect(facts.isSteady(along: trace(facts, isFromLower: false).word))
            facts.state = .ended
            #expect(!facts.isSteady(along: trace(facts).word))
            facts.settle()
            #expect(!facts.isSteady(along: trace(facts).word))
        }
        var halfOpen = facts(.tracked, .halfOpen)
        halfOpen.settle()
        #expect(!halfOpen.isSteady(along: trace(halfOpen).word))
    }

    @Test("goes on counting the packets of a side until there are two")
    func exchange() {
        var facts = facts(.tracked, .exchange)
        for count in 1...3 {
            let isStream = facts.seen.addPacket(isFromLower: false)
            facts.settle()
            #expect(!isStream)
            #expect(facts.isSteady(along: trace(facts, isFromLower: false).word) == (count >= 2))
            #expect(!facts.isSteady(along: trace(facts).word))
        }
        let isStreamAtOne = facts.seen.addPacket(isFromLower: true)
        let isStreamAtTwo = facts.seen.addPacket(isFromLower: true)
        #expect(!isStreamAtOne && isStreamAtTwo)
    }

    @Test("is of another generation with each flow, the last one of which is never steady")
    func generations() {
        var plain = facts()
        plain.settle()
        var former = plain
        let (first, generationCount) = (trace(former), 1 << 22)
        for generation in 1..<generationCount {
            var next = plain
            next.succeed(former, isSame: false)
            let isLast = generation == generationCount - 1
            if generation < 3 || isLast {
                #expect(!next.isSteady(along: first.word))
                #expect(next.isSteady(along: trace(next).word) == !isLast)
            }
            former = next
        }
        var same = facts()
        same.succeed(former, isSame: false)
        same.settle()
        #expect(!same.isSteady(along: trace(same).word) && trace(same).word == trace(former).word)
    }

    @Test("keeps its generation with its flow")
    func sameFlow() {
        var former = facts()
        former.succeed(facts(), isSame: false)
        var next = facts()
        next.settle()
        next.succeed(former, isSame: true)
        #expect(next.isSteady(along: trace(former).word))
    }

    @Test("traces and passages have a place for each of their facts")
    func traces() {
        let trace = RecordTrace(record: .max - 1, shard: 200, RecordFacts.fromLower)
        #expect(trace.record == .max - 1 && trace.shard == 200)
        #expect(trace.isFromLower && trace.isKnown && !RecordTrace.none.isKnown)
        let time = SessionTime(seconds: -5, nanoseconds: 7)
        for isEgress in [false, true] {
            let passage = Passage(
                of: 1 << 31 - 1, at: .max, isEgress: isEgress, time, following: trace)
            #expect(passage.frame == 1 << 31 - 1 && passage.interface == .max)
            #expect(passage.isEgress == isEgress && passage.time == time)
            #expect(passage.trace.word == trace.word)
        }
        #expect(MemoryLayout<Passage>.stride == 24)
    }
}

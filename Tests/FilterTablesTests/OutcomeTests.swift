import CloudModel
import FilterTables
import Testing

@Suite("Outcomes")
struct OutcomeTests {
    @Test("have their verdict, reason and rule back", arguments: Verdict.allCases, Reason.allCases)
    func fields(verdict: Verdict, reason: Reason) {
        let kind = OutcomeKind(verdict, reason)
        #expect(kind.verdict == verdict && kind.reason == reason)
        #expect(kind.isDrop == (verdict == .drop) && kind.isSilent == (verdict == .none))
        #expect(kind.isAccept == (verdict == .accept))
        #expect(Verdict.allCases[kind.verdictNumber] == verdict)
        #expect(kind.isOfSession == (reason == .established))
        #expect(kind.isOfFragment == (reason == .fragment))
        #expect(kind.isOfNoInterface == (reason == .noInterface))
        #expect(Int(kind.number) < OutcomeKind.limit && OutcomeKind(number: kind.number) == kind)
        let outcome = Outcome(kind, ruleNumber: .max - 1)
        #expect(outcome.verdict == verdict && outcome.reason == reason)
        #expect(outcome.isUndecided == (reason == .noInterface))
        let (rule, noRule) = (outcome.rule ?? -1, outcome.withoutRule.rule ?? -1)
        #expect(rule == Int(UInt32.max) - 1 && noRule == -1)
        #expect(outcome.withoutRule.kind == kind)
    }

    @Test("every kind has a number of its own")
    func numbers() {
        let numbers = Verdict.allCases.flatMap { verdict in
            Reason.allCases.map { OutcomeKind(verdict, $0).number }
        }
        #expect(Set(numbers).count == Verdict.allCases.count * Reason.allCases.count)
        #expect(Reason.allCases.map(\.ordinal) == Array(Reason.allCases.indices))
    }
}

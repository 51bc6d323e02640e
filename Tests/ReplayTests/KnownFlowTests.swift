import CloudModel
import FilterTables
import TestSupport
import Testing

@testable import Replay

@Suite("Known flows")
struct KnownFlowTests {
    private static let outcomes = [
        Outcome(OutcomeKind(.accept, .rule), ruleNumber: 7),
        Outcome(OutcomeKind(.drop, .rule), ruleNumber: .max - 1),
        Outcome(OutcomeKind(.drop, .default), ruleNumber: .max),
        Outcome(OutcomeKind(.none, .noGroup), ruleNumber: .max),
        Outcome(OutcomeKind(.none, .interfaceNotAttached), ruleNumber: .max),
    ]

    /// Every pair of owners and outcomes; of an owner that is not there the outcome is undecided.
    private var flows: [KnownFlow] {
        var flows = [KnownFlow(source: OwnerPair.nobody, destination: OwnerPair.nobody)]
        for egress in KnownFlowTests.outcomes {
            flows.append(KnownFlow(source: 3, destination: OwnerPair.nobody, egress: egress))
            flows.append(KnownFlow(source: OwnerPair.nobody, destination: 4, ingress: egress))
            for ingress in KnownFlowTests.outcomes {
                flows.append(
                    KnownFlow(source: 3, destination: 4, egress: egress, ingress: ingress))
            }
        }
        return flows
    }

    /// The evaluations of a packet of the flow, behind some others.
    private func evaluations(of flow: KnownFlow, behind first: Int) -> [Evaluation] {
        var evaluations = Array(repeating: Evaluation.unplaced, count: first)
        if flow.source != OwnerPair.nobody {
            evaluations.append(Evaluation(flow.source, isEgress: true, outcome: flow.egress))
        }
        if flow.destination != OwnerPair.nobody {
            evaluations.append(Evaluation(flow.destination, isEgress: false, outcome: flow.ingress))
        }
        return evaluations
    }

    private func expectSame(_ one: FrameAnswer, _ other: FrameAnswer) {
        #expect(one.kind == other.kind)
        #expect(one.evaluations == other.evaluations)
        #expect(one.deciding.map { $0 } ?? -1 == other.deciding.map { $0 } ?? -1)
        #expect(!one.isMidstream && !other.isMidstream)
    }

    @Test("have the answer that their evaluations combine to", arguments: [0, 5, 4095])
    func answers(first: Int) {
        for flow in flows {
            let evaluations = evaluations(of: flow, behind: first)
            #expect(flow.evaluationCount == evaluations.count - first)
            var answer = FrameAnswer(
                reason: .noInterface, firstEvaluation: first, end: evaluations.count)
            answer.combine(evaluations.span)
            expectSame(FrameAnswer(flow, firstEvaluation: first), answer)
        }
    }

    @Test("are established at the owners that have records")
    func traces() {
        let established = Outcome.established
        for flow in flows {
            let owners = [flow.source, flow.destination].map { $0 != OwnerPair.nobody }
            for isTraced in [[false, false], [true, false], [false, true], [true, true]] {
                let traced = zip(owners, isTraced).map { $0 && $1 }
                let egress = traced[0] ? established : flow.egress
                let ingress = traced[1] ? established : flow.ingress
                let half = KnownFlow(
                    source: flow.source, destination: flow.destination, egress: egress,
                    ingress: ingress)
                let evaluations = evaluations(of: half, behind: 2)
                var answer = FrameAnswer(
                    reason: .noInterface, firstEvaluation: 2, end: evaluations.count)
                answer.combine(evaluations.span)
                expectSame(
                    FrameAnswer(
                        flow, traced.count { $0 }, established, egress, ingress,
                        firstEvaluation: 2), answer)
            }
        }
    }

    @Test("evaluations have a place for each of their facts")
    func evaluationFacts() {
        var evaluation = Evaluation(.max - 2, isEgress: true, outcome: .established)
        evaluation.isOfUnknownFlow = true
        evaluation.formerRule = 65_534
        #expect(evaluation.interfaceNumber == .max - 2 && evaluation.direction == .egress)
        let formerRule = evaluation.formerRule ?? -1
        #expect(evaluation.isOfUnknownFlow && formerRule == 65_534)
        evaluation.isOfUnknownFlow = false
        evaluation.formerRule = nil
        let isNone = evaluation.formerRule == nil
        #expect(!evaluation.isOfUnknownFlow && isNone && evaluation.outcome == .established)
        #expect(evaluation.interfaceNumber == .max - 2 && evaluation.direction == .egress)
    }
}

internal import Captures
package import CloudModel
internal import FilterTables

/// The counts of a replay.
///
/// A value; each thread fills its own, and they are merged. Its size follows the number of rules (4 bytes each) and of
/// those with hits.
package struct Tally: Sendable {
    package private(set) var packetCount = 0
    /// The packets' lengths on the wire, added up.
    package private(set) var byteCount = 0
    /// How often an interface was asked.
    package private(set) var evaluationCount = 0
    package private(set) var ruleHits: RuleHits
    /// Dropped packets of connections that the capture shows from their middle on.
    package private(set) var midstreamCount = 0
    // By ``OutcomeKind``, in packets.
    private var answerCounts = Array(repeating: 0, count: OutcomeKind.limit)

    /// Empty counts for rules with numbers below `ruleNumberLimit`.
    package init(ruleNumberLimit: Int) {
        ruleHits = RuleHits(ruleNumberLimit: ruleNumberLimit)
    }

    /// How many packets got this verdict.
    package func packetCount(of verdict: Verdict) -> Int {
        Reason.allCases.reduce(0) { $0 + answerCounts[Int(OutcomeKind(verdict, $1).number)] }
    }

    /// How many packets were decided for this reason.
    package func packetCount(of reason: Reason) -> Int {
        Verdict.allCases.reduce(0) { $0 + answerCounts[Int(OutcomeKind($1, reason).number)] }
    }

    /// Puts what rules that ended decided, by `tables`, under their names: their numbers can come to
    /// mean others.
    mutating func settle(_ endedRules: [Int], _ tables: FilterTables) {
        ruleHits.settle(endedRules, tables)
    }

    /// Does so for all rules: what comes next is decided by tables with numbers of their own.
    mutating func settleAll(_ tables: FilterTables) {
        ruleHits.settle(ruleHits.hits.map(\.rule), tables)
    }

    /// Adds what another one counted of packets that the same tables decided.
    mutating func merge(_ other: Tally) {
        packetCount += other.packetCount
        byteCount += other.byteCount
        evaluationCount += other.evaluationCount
        midstreamCount += other.midstreamCount
        for index in answerCounts.indices { answerCounts[index] += other.answerCounts[index] }
        ruleHits.merge(other.ruleHits)
    }

    /// Counts those frames of `batch` that an evaluator answered, which are at the places `answered`: its arrays,
    /// because to lend it whole copies it.
    mutating func add(
        _ batch: borrowing FrameBatch, _ answered: [Int], _ answers: [FrameAnswer],
        _ evaluations: [Evaluation]
    ) {
        let facts = batch.decoded.facts
        packetCount += answered.count
        let counts = Tally.count(answered, answers, facts, into: &answerCounts)
        byteCount += counts.bytes
        evaluationCount += counts.evaluations
        midstreamCount += counts.midstream
        ruleHits.add(answered, answers, evaluations, facts)
    }

    /// Counts packets of flows like `flow`.
    mutating func add(_ sum: PacketSum, of flow: KnownFlow) {
        packetCount += sum.packetCount
        byteCount += sum.byteCount
        evaluationCount += flow.evaluationCount * sum.packetCount
        answerCounts[Int(flow.answerKind.number)] += sum.packetCount
        for outcome in [flow.egress, flow.ingress] {
            if let rule = outcome.rule { ruleHits.add(sum, of: rule) }
        }
    }

    /// Counts the answers at `places` by kind; the result is how many bytes the packets have, and evaluations, and how
    /// many packets are of connections from their middle on.
    private static func count(
        _ places: [Int], _ answers: [FrameAnswer], _ facts: [FrameFacts], into counts: inout [Int]
    ) -> (bytes: Int, evaluations: Int, midstream: Int) {
        let (places, answers, facts) = (places.span, answers.span, facts.span)
        var counts = counts.mutableSpan
        var (byteCount, evaluationCount, midstreamCount) = (0, 0, 0)
        for index in places.indices {
            let answer = answers[places[index]]
            byteCount &+= Int(facts[places[index]].originalLength)
            counts[Int(answer.kind.number)] &+= 1
            evaluationCount &+= answer.evaluationCount
            midstreamCount &+= answer.isMidstream ? 1 : 0
        }
        return (byteCount, evaluationCount, midstreamCount)
    }
}

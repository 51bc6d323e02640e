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

    /// Counts the frames of `batch` as an evaluator answered them: its arrays, because to lend it whole copies it.
    package mutating func add(
        _ batch: borrowing FrameBatch, _ answers: [FrameAnswer], _ evaluations: [Evaluation]
    ) {
        packetCount += batch.count
        evaluationCount += evaluations.count
        let facts = batch.decoded.facts
        byteCount += Tally.sum(of: facts)
        midstreamCount += Tally.count(answers, into: &answerCounts)
        ruleHits.add(answers, evaluations, facts)
    }

    private static func sum(of facts: [FrameFacts]) -> Int {
        let facts = facts.span
        var sum = 0
        for index in facts.indices { sum &+= Int(facts[index].originalLength) }
        return sum
    }

    /// Counts answers by kind; the result is how many are of connections from their middle on.
    private static func count(_ answers: [FrameAnswer], into counts: inout [Int]) -> Int {
        let answers = answers.span
        var counts = counts.mutableSpan
        var midstreamCount = 0
        for index in answers.indices {
            let answer = answers[index]
            counts[Int(answer.kind.number)] &+= 1
            midstreamCount &+= answer.isMidstream ? 1 : 0
        }
        return midstreamCount
    }
}

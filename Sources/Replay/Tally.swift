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
    // By ``AnswerKind``, in packets.
    private var answerCounts = Array(repeating: 0, count: AnswerKind.count)

    /// Empty counts for rules with numbers below `ruleNumberLimit`.
    package init(ruleNumberLimit: Int) {
        ruleHits = RuleHits(ruleNumberLimit: ruleNumberLimit)
    }

    /// How many packets got this verdict.
    package func packetCount(of verdict: Verdict) -> Int {
        Reason.allCases.reduce(0) { $0 + answerCounts[AnswerKind.number(verdict, $1)] }
    }

    /// How many packets were decided for this reason.
    package func packetCount(of reason: Reason) -> Int {
        Verdict.allCases.reduce(0) { $0 + answerCounts[AnswerKind.number($1, reason)] }
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
            counts[AnswerKind.number(answer.verdict, answer.reason)] &+= 1
            midstreamCount &+= answer.isMidstream ? 1 : 0
        }
        return midstreamCount
    }
}

/// Verdict and reason as one number: each packet counts in one place.
private enum AnswerKind {
    private static var reasonBits: Int { 4 }

    static let count = Verdict.allCases.count << reasonBits

    @inline(__always)
    static func number(_ verdict: Verdict, _ reason: Reason) -> Int {
        let verdictNumber =
            switch verdict {
            case .accept: 0
            case .drop: 1
            case .none: 2
            }
        return verdictNumber &<< reasonBits | reason.ordinal
    }
}

extension Reason {
    /// The place in `allCases`, found without comparing the words.
    var ordinal: Int {
        switch self {
        case .rule: 0
        case .default: 1
        case .implicitDeny: 2
        case .intraGroup: 3
        case .established: 4
        case .system: 5
        case .exempt: 6
        case .interfaceNotAttached: 7
        case .fragment: 8
        case .noInterface: 9
        case .ambiguousInterface: 10
        case .noGroup: 11
        case .notIP: 12
        case .truncated: 13
        case .malformed: 14
        case .unsupportedLinkType: 15
        }
    }
}

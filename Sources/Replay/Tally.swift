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
    private var acceptCount = 0
    private var dropCount = 0
    // By ``Reason/ordinal``, in packets.
    private var reasonCounts = Array(repeating: 0, count: Reason.allCases.count)

    /// Empty counts for rules with numbers below `ruleNumberLimit`.
    package init(ruleNumberLimit: Int) {
        ruleHits = RuleHits(ruleNumberLimit: ruleNumberLimit)
    }

    /// How many packets got this verdict.
    package func packetCount(of verdict: Verdict) -> Int {
        switch verdict {
        case .accept: acceptCount
        case .drop: dropCount
        case .none: packetCount - acceptCount - dropCount
        }
    }

    /// How many packets were decided for this reason.
    package func packetCount(of reason: Reason) -> Int { reasonCounts[reason.ordinal] }

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
        acceptCount += other.acceptCount
        dropCount += other.dropCount
        for index in reasonCounts.indices { reasonCounts[index] += other.reasonCounts[index] }
        ruleHits.merge(other.ruleHits)
    }

    /// Counts the frames of `batch` as `evaluator` answered them.
    package mutating func add(_ batch: borrowing FrameBatch, _ evaluator: borrowing Evaluator) {
        packetCount += batch.count
        evaluationCount += evaluator.evaluations.count
        let facts = batch.decoded.facts
        for index in evaluator.answers.indices { add(evaluator.answers[index], facts[index]) }
        for index in evaluator.answers.indices {
            for evaluation in evaluator.answers[index].evaluations {
                let rule = evaluator.evaluations[evaluation].outcome.ruleNumber
                if rule != .max { ruleHits.add(rule: Int(rule), facts[index]) }
            }
        }
    }

    @inline(__always)
    private mutating func add(_ answer: FrameAnswer, _ facts: FrameFacts) {
        byteCount += Int(facts.originalLength)
        reasonCounts[answer.reason.ordinal] += 1
        switch answer.verdict {
        case .accept: acceptCount += 1
        case .drop: dropCount += 1
        case .none: break
        }
        if answer.isMidstream { midstreamCount += 1 }
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

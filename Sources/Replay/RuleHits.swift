internal import Captures
internal import FilterTables

/// What one rule decided.
package struct RuleHit: Hashable, Sendable {
    /// The rule's number in the tables.
    package let rule: Int
    /// The evaluations that it decided.
    fileprivate(set) var sum: PacketSum

    package var packetCount: Int { sum.packetCount }
    package var byteCount: Int { sum.byteCount }
    package var firstSeen: CaptureTime { sum.firstSeen }
    package var lastSeen: CaptureTime { sum.lastSeen }
}

/// The hits of all rules: only rules with hits take more than 4 bytes.
package struct RuleHits: Sendable {
    /// The hits of rules that the tables at hand number, in no order.
    package private(set) var hits: [RuleHit] = []
    // For each rule the place of its entry in `hits`.
    private var places: [UInt32]
    /// The hits of rules whose numbers can mean others by now.
    private var former: [RuleOrigin: RuleHit] = [:]

    private static let noPlace = UInt32.max
    // The number of no rule, told without a call: see ``Outcome``.
    private static let noRule = Int(UInt32.max)

    init(ruleNumberLimit: Int) {
        places = Array(repeating: RuleHits.noPlace, count: ruleNumberLimit)
    }

    /// All hits with the rules' names, in no order. `tables` are those at hand.
    func named(by tables: FilterTables) -> [(origin: RuleOrigin, hit: RuleHit)] {
        var sums = former
        for hit in hits {
            if sums[tables.rule(hit.rule)]?.sum.add(hit.sum) == nil {
                sums[tables.rule(hit.rule)] = hit
            }
        }
        return sums.map { (origin: $0.key, hit: $0.value) }
    }

    /// Puts the hits of rules with these numbers under the names that `tables` give them.
    mutating func settle(_ rules: [Int], _ tables: FilterTables) {
        for rule in rules where rule < places.count && places[rule] != RuleHits.noPlace {
            let place = Int(places[rule])
            let hit = hits[place]
            let origin = tables.rule(rule)
            if former[origin]?.sum.add(hit.sum) == nil { former[origin] = hit }
            let last = hits.removeLast()
            if last.rule != rule {
                hits[place] = last
                places[last.rule] = UInt32(place)
            }
            places[rule] = RuleHits.noPlace
        }
    }

    /// Adds the hits that another one has by the same tables.
    mutating func merge(_ other: RuleHits) {
        for hit in other.hits { add(hit.sum, of: hit.rule) }
        for (origin, hit) in other.former {
            if former[origin]?.sum.add(hit.sum) == nil { former[origin] = hit }
        }
    }

    /// Adds hits of the rule with a number.
    mutating func add(_ sum: PacketSum, of rule: Int) {
        makePlace(rule, at: sum.firstSeen)
        hits[Int(places[rule])].sum.add(sum)
    }

    /// Makes room for a rule that came with a change.
    private mutating func reserve(_ rule: Int) {
        guard rule >= places.count else { return }
        places += repeatElement(RuleHits.noPlace, count: rule + 1 - places.count)
    }

    /// Adds the hits of those frames of a batch whose places are `answered`: the rules that decided the evaluations
    /// of their answers.
    mutating func add(
        _ answered: [Int], _ answers: [FrameAnswer], _ evaluations: [Evaluation],
        _ facts: [FrameFacts]
    ) {
        var position = Position()
        while let rule = RuleHits.add(
            answered, answers, evaluations, facts, &position, places, &hits)
        {
            makePlace(rule, at: facts[answered[position.frame]].captureTime)
        }
    }

    /// How far a batch was counted.
    private struct Position {
        /// The place of the next frame among those that are answered.
        var frame = 0
        /// How many of its evaluations were counted.
        var countedCount = 0
    }

    /// Adds the hits of a batch up to the first rule that has no place yet, which is the result, and where `position`
    /// is then.
    private static func add(
        _ answered: [Int], _ answers: [FrameAnswer], _ evaluations: [Evaluation],
        _ facts: [FrameFacts], _ position: inout Position, _ places: [UInt32],
        _ hits: inout [RuleHit]
    ) -> Int? {
        let (answered, answers, evaluations) = (answered.span, answers.span, evaluations.span)
        let (facts, places) = (facts.span, places.span)
        var hits = hits.mutableSpan
        var countedCount = position.countedCount
        for frame in position.frame..<answered.count {
            let place = answered[frame]
            let range = answers[place].evaluations
            while countedCount < range.count {
                let evaluation = evaluations[range.lowerBound &+ countedCount]
                let rule = Int(evaluation.outcome.ruleNumber)
                if rule != noRule {
                    guard rule < places.count, places[rule] != noPlace else {
                        position = Position(frame: frame, countedCount: countedCount)
                        return rule
                    }
                    hits[Int(places[rule])].sum.add(facts[place])
                }
                countedCount &+= 1
            }
            countedCount = 0
        }
        return nil
    }

    /// Makes an entry without hits for a rule, if it has none yet. The first hit is to be at `time`.
    private mutating func makePlace(_ rule: Int, at time: CaptureTime) {
        reserve(rule)
        guard places[rule] == RuleHits.noPlace else { return }
        places[rule] = UInt32(hits.count)
        hits.append(RuleHit(rule: rule, sum: PacketSum(at: time)))
    }
}

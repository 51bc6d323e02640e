package import Captures
internal import FilterTables

/// A time in a capture, and how many digits the capture gives it.
package struct CaptureTime: Hashable, Sendable {
    package let time: FrameTime
    package let digits: Int

    package init(_ time: FrameTime, digits: Int) {
        self.time = time
        self.digits = digits
    }

    /// Whether this time is the lesser; of equal ones that with fewer digits, so that it does not matter
    /// in which order times are looked at.
    @inline(__always)
    fileprivate func isBefore(_ other: CaptureTime) -> Bool {
        if time.seconds != other.time.seconds { return time.seconds < other.time.seconds }
        if time.nanoseconds != other.time.nanoseconds {
            return time.nanoseconds < other.time.nanoseconds
        }
        return digits < other.digits
    }

    /// The seconds as a decimal number with the capture's digits.
    package var text: String { time.text(digits: digits) }
}

/// What one rule decided.
package struct RuleHit: Hashable, Sendable {
    /// The rule's number in the tables.
    package let rule: Int
    /// The evaluations that it decided.
    package internal(set) var packetCount: Int
    package internal(set) var byteCount: Int
    /// The earliest and the latest of the packets' times, whatever their order in the captures.
    package internal(set) var firstSeen: CaptureTime
    package internal(set) var lastSeen: CaptureTime

    /// Adds a hit of `frame`.
    @inline(__always)
    fileprivate mutating func add(_ frame: FrameFacts) {
        // Of packets of less than 4 GiB each nobody counts so many.
        packetCount &+= 1
        byteCount &+= Int(frame.originalLength)
        let time = CaptureTime(frame.time, digits: Int(frame.timestampDigits))
        if time.isBefore(firstSeen) { firstSeen = time }
        if lastSeen.isBefore(time) { lastSeen = time }
    }

    fileprivate mutating func add(_ other: RuleHit) {
        packetCount += other.packetCount
        byteCount += other.byteCount
        if other.firstSeen.isBefore(firstSeen) { firstSeen = other.firstSeen }
        if lastSeen.isBefore(other.lastSeen) { lastSeen = other.lastSeen }
    }
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

    init(ruleNumberLimit: Int) {
        places = Array(repeating: RuleHits.noPlace, count: ruleNumberLimit)
    }

    /// All hits with the rules' names, in no order. `tables` are those at hand.
    func named(by tables: FilterTables) -> [(origin: RuleOrigin, hit: RuleHit)] {
        var sums = former
        for hit in hits {
            if sums[tables.rule(hit.rule)]?.add(hit) == nil { sums[tables.rule(hit.rule)] = hit }
        }
        return sums.map { (origin: $0.key, hit: $0.value) }
    }

    /// Puts the hits of rules with these numbers under the names that `tables` give them.
    mutating func settle(_ rules: [Int], _ tables: FilterTables) {
        for rule in rules where rule < places.count && places[rule] != RuleHits.noPlace {
            let place = Int(places[rule])
            let hit = hits[place]
            let origin = tables.rule(rule)
            if former[origin]?.add(hit) == nil { former[origin] = hit }
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
        for hit in other.hits {
            reserve(hit.rule)
            if places[hit.rule] == RuleHits.noPlace {
                places[hit.rule] = UInt32(hits.count)
                hits.append(hit)
            } else {
                hits[Int(places[hit.rule])].add(hit)
            }
        }
        for (origin, hit) in other.former {
            if former[origin]?.add(hit) == nil { former[origin] = hit }
        }
    }

    /// Makes room for a rule that came with a change.
    private mutating func reserve(_ rule: Int) {
        guard rule >= places.count else { return }
        places += repeatElement(RuleHits.noPlace, count: rule + 1 - places.count)
    }

    /// Adds the hits of a batch: the rules that decided the evaluations of `answers`.
    mutating func add(
        _ answers: [FrameAnswer], _ evaluations: [Evaluation], _ facts: [FrameFacts]
    ) {
        var position = Position()
        while !RuleHits.add(answers, evaluations, facts, &position, places, &hits) {
            makePlace(evaluations[position.evaluation].outcome, facts[position.frame])
        }
    }

    /// How far a batch was counted.
    private struct Position {
        var frame = 0
        var evaluation = 0
    }

    /// Adds the hits of a batch up to the first rule that has no place yet, which is where `position` is then; the
    /// result is whether there was none.
    private static func add(
        _ answers: [FrameAnswer], _ evaluations: [Evaluation], _ facts: [FrameFacts],
        _ position: inout Position, _ places: [UInt32], _ hits: inout [RuleHit]
    ) -> Bool {
        let (answers, evaluations, facts) = (answers.span, evaluations.span, facts.span)
        let places = places.span
        var hits = hits.mutableSpan
        var evaluation = position.evaluation
        for frame in position.frame..<answers.count {
            let end = answers[frame].evaluations.upperBound
            while evaluation < end {
                let rule = Int(evaluations[evaluation].outcome.ruleNumber)
                if rule != Int(UInt32.max) {
                    guard rule < places.count, places[rule] != noPlace else {
                        position = Position(frame: frame, evaluation: evaluation)
                        return false
                    }
                    hits[Int(places[rule])].add(facts[frame])
                }
                evaluation &+= 1
            }
        }
        return true
    }

    /// Makes an entry without hits for the rule that decided, if one did and has none yet. `frame` is to be the
    /// first hit.
    private mutating func makePlace(_ outcome: Outcome, _ frame: FrameFacts) {
        guard let rule = outcome.rule else { return }
        reserve(rule)
        guard places[rule] == RuleHits.noPlace else { return }
        let time = CaptureTime(frame.time, digits: Int(frame.timestampDigits))
        places[rule] = UInt32(hits.count)
        hits.append(
            RuleHit(rule: rule, packetCount: 0, byteCount: 0, firstSeen: time, lastSeen: time))
    }
}

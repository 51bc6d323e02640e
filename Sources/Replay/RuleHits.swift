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

    fileprivate mutating func add(_ other: RuleHit) {
        packetCount += other.packetCount
        byteCount += other.byteCount
        if other.firstSeen.time < firstSeen.time { firstSeen = other.firstSeen }
        if lastSeen.time < other.lastSeen.time { lastSeen = other.lastSeen }
    }
}

/// The hits of all rules: only rules with hits take more than 4 bytes.
package struct RuleHits: Sendable {
    /// The hits by the tables at hand, in the order of their first ones.
    package private(set) var hits: [RuleHit] = []
    // For each rule the place of its entry in `hits`.
    private var places: [UInt32]
    /// Hits by tables before a change, in which rules had other numbers.
    private var former: [RuleOrigin: RuleHit] = [:]

    private static let noPlace = UInt32.max

    init(ruleCount: Int) { places = Array(repeating: RuleHits.noPlace, count: ruleCount) }

    /// All hits with the rules' names, in no order. `tables` are those at hand.
    func named(by tables: FilterTables) -> [(origin: RuleOrigin, hit: RuleHit)] {
        var sums = former
        for hit in hits {
            if sums[tables.rule(hit.rule)]?.add(hit) == nil { sums[tables.rule(hit.rule)] = hit }
        }
        return sums.map { (origin: $0.key, hit: $0.value) }
    }

    /// Puts the hits so far, by `tables`, under the rules' names: from now on others with `ruleCount`
    /// rules number them.
    mutating func settle(_ tables: FilterTables, ruleCount: Int) {
        for (origin, hit) in named(by: tables) { former[origin] = hit }
        hits = []
        places = Array(repeating: RuleHits.noPlace, count: ruleCount)
    }

    mutating func add(rule: Int, byteCount: Int, at time: CaptureTime) {
        let hit = RuleHit(
            rule: rule, packetCount: 1, byteCount: byteCount, firstSeen: time, lastSeen: time)
        let place = Int(places[rule])
        guard place != RuleHits.noPlace else {
            places[rule] = UInt32(hits.count)
            hits.append(hit)
            return
        }
        hits[place].add(hit)
    }
}

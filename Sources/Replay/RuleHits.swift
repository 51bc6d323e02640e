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
    fileprivate mutating func add(_ frame: FrameFacts) {
        packetCount += 1
        byteCount += Int(frame.originalLength)
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

    mutating func add(rule: Int, _ frame: FrameFacts) {
        reserve(rule)
        guard places[rule] != RuleHits.noPlace else {
            let time = CaptureTime(frame.time, digits: Int(frame.timestampDigits))
            places[rule] = UInt32(hits.count)
            hits.append(
                RuleHit(
                    rule: rule, packetCount: 1, byteCount: Int(frame.originalLength),
                    firstSeen: time, lastSeen: time))
            return
        }
        hits[Int(places[rule])].add(frame)
    }
}

package import Captures

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
}

/// The hits of all rules: only rules with hits take more than 4 bytes.
package struct RuleHits: Sendable {
    /// In the order of their first hits.
    package private(set) var hits: [RuleHit] = []
    // For each rule the place of its entry in `hits`.
    private var places: [UInt32]

    private static let noPlace = UInt32.max

    init(ruleNumberLimit: Int) {
        places = Array(repeating: RuleHits.noPlace, count: ruleNumberLimit)
    }

    mutating func add(rule: Int, byteCount: Int, at time: CaptureTime) {
        let place = Int(places[rule])
        guard place != RuleHits.noPlace else {
            places[rule] = UInt32(hits.count)
            hits.append(
                RuleHit(
                    rule: rule, packetCount: 1, byteCount: byteCount, firstSeen: time,
                    lastSeen: time))
            return
        }
        hits[place].packetCount += 1
        hits[place].byteCount += byteCount
        if time.time < hits[place].firstSeen.time { hits[place].firstSeen = time }
        if hits[place].lastSeen.time < time.time { hits[place].lastSeen = time }
    }
}

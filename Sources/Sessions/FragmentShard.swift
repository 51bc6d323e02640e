package import FilterTables

/// What became of the first fragments of datagrams between certain pairs of addresses.
///
/// It keeps the outcomes of the last so many first fragments, counted by interface and direction: an
/// older one is replaced, and its later fragments are then decided as if it had not been seen. A
/// datagram that repeats an identification replaces the former's outcome.
struct FragmentShard: Sendable {
    private let capacity: Int
    private var outcomes: [FragmentKey: Entry] = [:]
    // INVARIANT: entry `serial % capacity` is the key that was remembered as number `serial`, for the
    // last `capacity` serials.
    private var keysBySerial: [FragmentKey] = []
    private var nextSerial = 0

    private struct Entry {
        var answer: FragmentAnswer
        let serial: Int
    }

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { keysBySerial.isEmpty }

    /// What became of the datagram's first fragment, if it is still known.
    func answer(for key: FragmentKey) -> FragmentAnswer? { outcomes[key]?.answer }

    /// Keeps the outcome of a first fragment.
    mutating func remember(_ outcome: Outcome, for key: FragmentKey) {
        if keysBySerial.count < capacity {
            keysBySerial.append(key)
        } else {
            let place = nextSerial % capacity
            let oldest = keysBySerial[place]
            // A key that was remembered again since then has a later serial, and stays.
            if outcomes[oldest]?.serial == nextSerial - capacity { outcomes[oldest] = nil }
            keysBySerial[place] = key
        }
        outcomes[key] = Entry(answer: FragmentAnswer(outcome: outcome), serial: nextSerial)
        nextSerial += 1
    }

    /// Keeps names in the place of numbers, for rules that ended.
    mutating func keepNames(ofRules endedRules: [Int], in tables: FilterTables) {
        for (key, entry) in outcomes {
            guard let rule = entry.answer.outcome.rule, endedRules.contains(rule) else { continue }
            outcomes[key]?.answer.formerRule = tables.rule(rule)
            outcomes[key]?.answer.outcome = entry.answer.outcome.withoutRule
        }
    }
}

/// What became of a first fragment.
package struct FragmentAnswer: Hashable, Sendable {
    package internal(set) var outcome: Outcome
    /// The rule that decided, if the tables do not have it any more.
    package internal(set) var formerRule: RuleOrigin?
}

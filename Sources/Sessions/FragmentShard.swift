internal import FilterTables

/// What became of the first fragments of datagrams between certain pairs of addresses.
///
/// It keeps the outcomes of the last so many first fragments, counted by interface and direction: an
/// older one is replaced, and its later fragments are then decided as if it had not been seen. A
/// datagram that repeats an identification replaces the former's outcome.
struct FragmentShard: Sendable {
    private let capacity: Int
    private var outcomes: [FragmentKey: (outcome: Outcome, serial: Int)] = [:]
    // INVARIANT: entry `serial % capacity` is the key that was remembered as number `serial`, for the
    // last `capacity` serials.
    private var keysBySerial: [FragmentKey] = []
    private var nextSerial = 0

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { keysBySerial.isEmpty }

    /// The outcome of the datagram's first fragment, if it is still known.
    func outcome(for key: FragmentKey) -> Outcome? { outcomes[key]?.outcome }

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
        outcomes[key] = (outcome, nextSerial)
        nextSerial += 1
    }

    /// Takes over other numbers for rules; `nil` is a rule that is gone.
    mutating func renumberRules(_ numbers: [Int?]) {
        for (key, entry) in outcomes {
            guard let rule = entry.outcome.rule else { continue }
            outcomes[key] = (entry.outcome.renumbered(numbers[rule]), entry.serial)
        }
    }
}

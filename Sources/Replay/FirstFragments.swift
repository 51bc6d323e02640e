import CloudModel
import FilterTables

/// What became of the first fragments of datagrams, for the later ones that have no ports.
///
/// It keeps the outcomes of the last 65,536 first fragments, counted by interface and direction: an
/// older one is replaced, and its later fragments are then decided as if it had not been seen. A
/// datagram that repeats an identification replaces the former's outcome. At most about 10 MiB, and
/// nothing before the first fragment.
struct FirstFragments {
    /// A datagram at one interface in one direction.
    struct Key: Hashable {
        var source: IPAddress
        var destination: IPAddress
        var ipProtocol: IPProtocol
        var identification: UInt32
        var interface: Int
        var direction: Direction
    }

    private let capacity: Int
    private var outcomes: [Key: (outcome: Outcome, serial: Int)] = [:]
    // INVARIANT: entry `serial % capacity` is the key that was remembered as number `serial`, for the
    // last `capacity` serials.
    private var keysBySerial: [Key] = []
    private var nextSerial = 0

    init(capacity: Int = 65_536) { self.capacity = capacity }

    /// The outcome of the datagram's first fragment, if it is still known.
    func outcome(for key: Key) -> Outcome? { outcomes[key]?.outcome }

    /// Keeps the outcome of a first fragment.
    mutating func remember(_ outcome: Outcome, for key: Key) {
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
}

/// The records that were not used for the longest time, in that order.
///
/// Keeping all records in the order of their use would touch two neighbours at every packet. Instead
/// a record bears the number of its last use, and the oldest few are looked up when room is wanted:
/// until one of them is used again nothing that is not among them is older, so taking them from
/// the front is exact.
struct VictimQueue: Sendable {
    /// A record, and its last use when it was found.
    private struct Entry {
        let index: UInt32
        let use: UInt64
    }

    private var entries: [Entry] = []
    private var next = 0

    /// How many are looked up at once: the search is over all records, so more make it rarer.
    private static let limit = 256

    /// Takes the record that was not used for the longest time.
    ///
    /// - Complexity: amortised O(1) if records are given up one after another; the search is O(*n*).
    /// - Precondition: there is a record that is not free.
    mutating func removeOldest(from records: [SessionRecord]) -> Int {
        while true {
            if next == entries.count { search(records) }
            let entry = entries[next]
            next += 1
            let record = records[Int(entry.index)]
            if record.state != .free, record.lastUse == entry.use { return Int(entry.index) }
        }
    }

    /// Looks the oldest records up again: at most a sixteenth of all, so that those in use are seldom
    /// among them.
    private mutating func search(_ records: [SessionRecord]) {
        let count = min(VictimQueue.limit, max(1, records.count / 16))
        entries.removeAll(keepingCapacity: true)
        next = 0
        for (index, record) in records.enumerated() where record.state != .free {
            if entries.count == count, record.lastUse >= entries[count - 1].use { continue }
            if entries.count == count { entries.removeLast() }
            var place = entries.count
            while place > 0, entries[place - 1].use > record.lastUse { place -= 1 }
            entries.insert(Entry(index: UInt32(index), use: record.lastUse), at: place)
        }
    }
}

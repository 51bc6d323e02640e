/// The records of a shard that were not used for the longest time, in that order.
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

    /// The record that was not used for the longest time, if it is known without a search.
    mutating func removeOldest(from table: borrowing FlowTable) -> Int? {
        while next < entries.count {
            let entry = entries[next]
            next += 1
            let record = table.records[Int(entry.index)]
            if record.state != .free, record.lastUse == entry.use { return Int(entry.index) }
        }
        return nil
    }

    /// Looks the oldest records of `shard` up again: at most a sixteenth of all, so that those in use
    /// are seldom among them.
    ///
    /// - Complexity: O(places).
    mutating func search(_ shard: borrowing SessionShard, in table: borrowing FlowTable) {
        let count = min(VictimQueue.limit, max(1, shard.placeCount / 16))
        entries.removeAll(keepingCapacity: true)
        next = 0
        for number in 0..<shard.placeCount {
            let index = shard.index(ofPlace: number)
            let record = table.records[index]
            if record.state == .free { continue }
            if entries.count == count, record.lastUse >= entries[count - 1].use { continue }
            if entries.count == count { entries.removeLast() }
            var place = entries.count
            while place > 0, entries[place - 1].use > record.lastUse { place -= 1 }
            entries.insert(Entry(index: UInt32(index), use: record.lastUse), at: place)
        }
    }
}

/// One of the 256 parts of the flow table: all flows between certain pairs of addresses.
///
///     buckets      ┌─┬─┬─┬─┐   a power of two, at least as many as records
///                  └┬┴─┴┬┴─┘
///     records      ┌▼┬─┬▼┬─┬─┐ chains through `next`; free places are a chain, too
///                  └─┴─┴─┴─┴─┘
///     interfaces   eni 3 ─▶ record ⇄ record …      the flows that a change of eni 3 concerns
///
/// A shard is a value that shares nothing with others: each may be worked on by another thread.
/// It takes no more than its share of the table's capacity; what happens then is in
/// `SessionShard+Room.swift`. Once grown to what it needs, it allocates nothing.
package struct SessionShard: Sendable {
    /// The most flows that are kept.
    let share: Int
    package internal(set) var counts = SessionCounts()

    var records: [SessionRecord] = []
    // INVARIANT: a power of two, not less than `records.count`; empty while there is none.
    private var buckets: [UInt32] = []
    var firstFree = SessionRecord.noIndex
    /// The first record of each interface that has some.
    private var firstOfInterface: [UInt32: UInt32] = [:]

    /// How many packets used a record.
    var useCount: UInt64 = 0
    /// A clock to find expired records by: never ahead of the last packet, and at most a second ahead
    /// of where it was at the packet before. One absurd time moves it by a second.
    var clock: SessionTime?
    /// Where the search for records that can be given up goes on.
    var hand = 0
    var victims = VictimQueue()

    /// An empty shard.
    init(share: Int) { self.share = share }

    /// The place of a flow's record.
    @inline(__always)
    func index(of key: FlowKey, hash: UInt32) -> Int? {
        guard !buckets.isEmpty else { return nil }
        var index = buckets[Int(hash) & (buckets.count - 1)]
        while index != SessionRecord.noIndex {
            if records[Int(index)].key == key { return Int(index) }
            index = records[Int(index)].next
        }
        return nil
    }

    /// Something of the first record in a bucket: reading it brings the record near.
    @inline(__always)
    func firstUse(hash: UInt32) -> UInt64 {
        guard !buckets.isEmpty else { return 0 }
        let index = buckets[Int(hash) & (buckets.count - 1)]
        return index == SessionRecord.noIndex ? 0 : records[Int(index)].lastUse
    }

    /// Keeps `record`, which has no place yet, at the free place `index`.
    mutating func place(_ record: SessionRecord, at index: Int) {
        records[index] = record
        let bucket = bucket(of: record.key)
        records[index].next = buckets[bucket]
        buckets[bucket] = UInt32(index)
        linkToInterface(index)
    }

    /// Gives the place of a record free.
    mutating func free(_ index: Int) {
        if records[index].isRunning { unlinkFromInterface(index) }
        removeFromBucket(index)
        records[index].state = .free
        records[index].next = firstFree
        firstFree = UInt32(index)
    }

    /// Has a record stand for a session that ended, or a new one.
    mutating func replace(_ index: Int, by record: SessionRecord) {
        let next = records[index].next
        records[index] = record
        records[index].next = next
        linkToInterface(index)
    }

    /// Turns a running record into one of a session that ended.
    mutating func end(_ index: Int) {
        unlinkFromInterface(index)
        records[index].state = .ended
    }

    /// Those of some interfaces that have running records.
    ///
    /// - Complexity: O(1) for each of `interfaces`, or for each that has records if these are fewer: a
    ///   change can concern all interfaces of a fleet, of which few have sessions here.
    func interfaces(among interfaces: Set<UInt32>) -> [UInt32] {
        interfaces.count < firstOfInterface.count
            ? interfaces.filter { firstOfInterface[$0] != nil }
            : firstOfInterface.keys.filter(interfaces.contains)
    }

    /// The places of an interface's running records.
    ///
    /// - Complexity: O(1), and O(1) for each record.
    func indices(of interface: UInt32) -> [Int] {
        var indices: [Int] = []
        var index = firstOfInterface[interface] ?? SessionRecord.noIndex
        while index != SessionRecord.noIndex {
            indices.append(Int(index))
            index = records[Int(index)].nextOfInterface
        }
        return indices
    }

    /// Appends a free place, and makes buckets for it.
    mutating func appendPlace(_ record: SessionRecord) {
        if records.count == records.capacity {
            records.reserveCapacity(min(share, max(16, 2 * records.count)))
        }
        records.append(record)
        records[records.count - 1].state = .free
        if records.count > buckets.count { rebuildBuckets() }
        records[records.count - 1].next = firstFree
        firstFree = UInt32(records.count - 1)
    }

    // MARK: Chains

    private func bucket(of key: FlowKey) -> Int {
        Int(key.place.bucketHash) & (buckets.count - 1)
    }

    private mutating func rebuildBuckets() {
        buckets = Array(
            repeating: SessionRecord.noIndex, count: max(16, 2 * buckets.count))
        for index in records.indices where records[index].state != .free {
            let bucket = bucket(of: records[index].key)
            records[index].next = buckets[bucket]
            buckets[bucket] = UInt32(index)
        }
    }

    private mutating func removeFromBucket(_ index: Int) {
        let bucket = bucket(of: records[index].key)
        guard buckets[bucket] != UInt32(index) else {
            buckets[bucket] = records[index].next
            return
        }
        var previous = Int(buckets[bucket])
        while records[previous].next != UInt32(index) { previous = Int(records[previous].next) }
        records[previous].next = records[index].next
    }

    private mutating func linkToInterface(_ index: Int) {
        let interface = records[index].key.interface
        let first = firstOfInterface.updateValue(UInt32(index), forKey: interface)
        records[index].previousOfInterface = SessionRecord.noIndex
        records[index].nextOfInterface = first ?? SessionRecord.noIndex
        if let first { records[Int(first)].previousOfInterface = UInt32(index) }
    }

    private mutating func unlinkFromInterface(_ index: Int) {
        let record = records[index]
        let (previous, next) = (record.previousOfInterface, record.nextOfInterface)
        if next != SessionRecord.noIndex {
            records[Int(next)].previousOfInterface = previous
        }
        if previous != SessionRecord.noIndex {
            records[Int(previous)].nextOfInterface = next
        } else if next != SessionRecord.noIndex {
            firstOfInterface[record.key.interface] = next
        } else {
            firstOfInterface[record.key.interface] = nil
        }
    }
}

/// The records of all shards, found by their flows and by their interfaces.
///
///     buckets      ┌─┬─┬─┬─┐   a power of two, at least twice as many as places
///                  └┬┴─┴┬┴─┘
///     records      ┌▼┬─┬▼┬─┬─┐ one cache line each; beside them
///     links        └─┴─┴─┴─┴─┘ chains of buckets, of free places, and of each interface's records
///     interfaces   eni 3 ─▶ record ⇄ record …      the flows that a change of eni 3 concerns
///
/// Places come in pages of 16, each of which belongs to one shard. Which flows are kept, and which
/// place a new one takes, is not decided here.
struct FlowTable: ~Copyable {
    /// The places in a page.
    static let pageSize = 16
    /// No place.
    static let none = UInt32.max

    private struct Links {
        /// The next record in the bucket, or the next free place.
        var next = FlowTable.none
        // INVARIANT: neighbours in the list of the interface's records, for all but free and ended
        // ones.
        var previousOfInterface = FlowTable.none
        var nextOfInterface = FlowTable.none
    }

    var records = SessionRecordStorage()
    private var links: [Links] = []
    // INVARIANT: a power of two, at least 1.
    private var buckets = [FlowTable.none]
    /// By the interface's place in the fleet's list, its first record.
    private var firstOfInterface: [UInt32]

    /// A table without places, for a fleet with so many interfaces.
    init(interfaceCount: Int) {
        firstOfInterface = Array(repeating: FlowTable.none, count: interfaceCount)
    }

    /// The same flows in memory of their own.
    init(copying other: borrowing FlowTable) {
        records = other.records.copy()
        links = other.links
        buckets = other.buckets
        firstOfInterface = other.firstOfInterface
    }

    // MARK: Finding

    /// The place of a flow's record, or ``none``.
    @inline(__always)
    func index(of key: FlowKey, hash: UInt32) -> UInt32 { index(of: key, from: head(hash: hash)) }

    /// The place of the first record in a bucket, or ``none``.
    @inline(__always)
    func head(hash: UInt32) -> UInt32 { buckets[Int(hash) & (buckets.count &- 1)] }

    /// The place of a flow's record, which is at the place `head` or behind it in its bucket; or ``none``.
    @inline(__always)
    func index(of key: FlowKey, from head: UInt32) -> UInt32 {
        var index = head
        while index != FlowTable.none {
            if records[Int(index)].isOf(key) { break }
            index = links[Int(index)].next
        }
        return index
    }

    /// Some bits of the record at a place and of what links it to others, or none: to have both near.
    @inline(__always)
    func read(_ index: UInt32) -> UInt64 {
        let index = Int(index)
        return records.holds(index) ? records[index].lastUse | UInt64(links[index].next) : 0
    }

    /// The places of an interface's running records.
    ///
    /// - Complexity: O(1), and O(1) for each record.
    func indices(of interface: UInt32) -> [Int] {
        var indices: [Int] = []
        var index = firstOfInterface[Int(interface)]
        while index != FlowTable.none {
            indices.append(Int(index))
            index = links[Int(index)].nextOfInterface
        }
        return indices
    }

    // MARK: Places

    /// Makes a page of places; the result is the first one.
    mutating func appendPage() -> Int {
        let first = records.count
        records.append(FlowTable.pageSize, of: .free)
        links.append(contentsOf: repeatElement(Links(), count: FlowTable.pageSize))
        if buckets.count < 2 * records.count { rebuildBuckets() }
        return first
    }

    /// The next free place in the chain of which `index` is one.
    func nextFree(behind index: Int) -> UInt32 { links[index].next }

    /// Puts a free place before the chain that begins with `first`.
    mutating func chainFree(_ index: Int, before first: UInt32) { links[index].next = first }

    /// Keeps `record`, which has no place yet, at the free place `index`.
    mutating func place(_ record: SessionRecord, at index: Int) {
        put(record, at: index)
        let bucket = bucket(of: record.key)
        links[index].next = buckets[bucket]
        buckets[bucket] = UInt32(index)
        linkToInterface(index)
    }

    /// Has nothing stand at a place any more.
    mutating func remove(_ index: Int) {
        if records[index].isRunning { unlinkFromInterface(index) }
        removeFromBucket(index)
        records[index].state = .free
    }

    /// Has the record of a session that ended stand for a new one.
    mutating func replace(_ index: Int, by record: SessionRecord) {
        put(record, at: index)
        linkToInterface(index)
    }

    private mutating func put(_ record: SessionRecord, at index: Int) {
        var record = record
        record.succeed(records[index])
        records[index] = record
    }

    /// Turns a running record into one of a session that ended.
    mutating func end(_ index: Int) {
        unlinkFromInterface(index)
        records[index].state = .ended
    }

    // MARK: Chains

    private func bucket(of key: FlowKey) -> Int {
        Int(key.bucketHash(key.addressHash)) & (buckets.count - 1)
    }

    private mutating func rebuildBuckets() {
        buckets = Array(repeating: FlowTable.none, count: max(64, 2 * buckets.count))
        for index in 0..<records.count where records[index].state != .free {
            let bucket = bucket(of: records[index].key)
            links[index].next = buckets[bucket]
            buckets[bucket] = UInt32(index)
        }
    }

    private mutating func removeFromBucket(_ index: Int) {
        let bucket = bucket(of: records[index].key)
        guard buckets[bucket] != UInt32(index) else {
            buckets[bucket] = links[index].next
            return
        }
        var previous = Int(buckets[bucket])
        while links[previous].next != UInt32(index) { previous = Int(links[previous].next) }
        links[previous].next = links[index].next
    }

    private mutating func linkToInterface(_ index: Int) {
        let interface = Int(records[index].interface)
        let first = firstOfInterface[interface]
        firstOfInterface[interface] = UInt32(index)
        links[index].previousOfInterface = FlowTable.none
        links[index].nextOfInterface = first
        if first != FlowTable.none { links[Int(first)].previousOfInterface = UInt32(index) }
    }

    private mutating func unlinkFromInterface(_ index: Int) {
        let (previous, next) = (links[index].previousOfInterface, links[index].nextOfInterface)
        if next != FlowTable.none { links[Int(next)].previousOfInterface = previous }
        if previous != FlowTable.none {
            links[Int(previous)].nextOfInterface = next
        } else {
            firstOfInterface[Int(records[index].interface)] = next
        }
    }
}

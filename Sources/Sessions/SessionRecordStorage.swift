/// The records of all flows, each in a cache line of its own: an array would put each across two.
///
/// Memory that grows by doubling, like an array's, and is freed with it. Not copied but by
/// ``copy()``. One thread at a time.
@safe struct SessionRecordStorage: ~Copyable {
    private static let lineByteCount = 64

    // INVARIANT: `capacity` records' room, of which the first `count` are initialized.
    private var base: UnsafeMutablePointer<SessionRecord>
    private var capacity: Int
    private(set) var count = 0

    /// No records.
    init() {
        capacity = 0
        unsafe base = SessionRecordStorage.room(for: 0)
    }

    deinit {
        // SAFETY: allocated by `room(for:)`; records need no deinitialization.
        unsafe base.deallocate()
    }

    private static func room(for count: Int) -> UnsafeMutablePointer<SessionRecord> {
        let stride = MemoryLayout<SessionRecord>.stride
        // SAFETY: freshly allocated for as many records, in lines that suit their alignment.
        return
            unsafe UnsafeMutableRawPointer
            .allocate(byteCount: count * stride, alignment: lineByteCount)
            .bindMemory(to: SessionRecord.self, capacity: count)
    }

    /// The record at `index`.
    ///
    /// - Precondition: `index` is below `count`.
    subscript(index: Int) -> SessionRecord {
        @inline(__always) get {
            precondition(holds(index))
            // SAFETY: the line above, and the invariant.
            return unsafe base[index]
        }
        @inline(__always) _modify {
            precondition(holds(index))
            // SAFETY: as above.
            yield unsafe &base[index]
        }
    }

    /// Whether there is a record at `index`.
    @inline(__always)
    func holds(_ index: Int) -> Bool { UInt(bitPattern: index) < UInt(bitPattern: count) }

    /// Appends `added` times `record`.
    mutating func append(_ added: Int, of record: SessionRecord) {
        if count + added > capacity { grow(to: max(count + added, 2 * capacity)) }
        // SAFETY: there is room for them behind the first `count`.
        let end = unsafe base + count
        unsafe end.initialize(repeating: record, count: added)
        count += added
    }

    private mutating func grow(to newCapacity: Int) {
        let larger = unsafe SessionRecordStorage.room(for: newCapacity)
        // SAFETY: `count` records are initialized, and the new room holds more.
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity = newCapacity
    }

    /// The same records in memory of their own.
    func copy() -> SessionRecordStorage {
        var copy = SessionRecordStorage()
        copy.grow(to: count)
        // SAFETY: `count` records are initialized here, and the copy has room for as many.
        unsafe copy.base.update(from: base, count: count)
        copy.count = count
        return copy
    }
}

/// What of a ``MergedMemory`` is in use: merged tables from the front on, and at the end, while tables are merged,
/// their steps.
struct MergedRoom {
    private var usedByteCount = MergedMemory.laneByteCount
    private var limit = MergedMemory.tableByteCount

    /// The bytes that merged tables take.
    var byteCount: Int { usedByteCount - MergedMemory.laneByteCount }

    /// Whether more than half is in use: what is left is for what packets need at once.
    var isScarce: Bool { usedByteCount > MergedMemory.tableByteCount / 2 }

    /// The place of `byteCount` bytes, cleared, that begin a cache line; `nil` when too few are left.
    mutating func allocate(byteCount: Int, in memory: MergedMemory) -> Int? {
        guard let place = allocateUncleared(byteCount: byteCount) else { return nil }
        memory.clear(byteCount: usedByteCount - place, at: place)
        return place
    }

    /// As ``allocate(byteCount:in:)``, with any contents.
    mutating func allocateUncleared(byteCount: Int) -> Int? {
        let place = (usedByteCount + 63) & ~63
        let end = place + (byteCount + 7) & ~7
        guard end <= limit else { return nil }
        usedByteCount = end
        return place
    }

    /// Gives back the room that was given out last, which begins at `place`.
    mutating func giveBack(from place: Int) { usedByteCount = place }

    /// The place of `byteCount` bytes, a multiple of 8, until ``releaseScratch()``; `nil` when too few
    /// are left.
    mutating func allocateScratch(byteCount: Int) -> Int? {
        guard byteCount <= limit - usedByteCount else { return nil }
        limit -= byteCount
        return limit
    }

    mutating func releaseScratch() { limit = MergedMemory.tableByteCount }

    /// Gives back all room.
    mutating func removeAll() { self = MergedRoom() }
}

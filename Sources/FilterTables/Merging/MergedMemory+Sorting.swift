/// Two numbers by which something is sorted, in 16 bytes of a ``MergedMemory``.
struct SortEntry: Comparable {
    let first: UInt64
    let second: UInt64

    static let byteCount = 16

    @inline(__always)
    static func < (lhs: SortEntry, rhs: SortEntry) -> Bool {
        lhs.first != rhs.first ? lhs.first < rhs.first : lhs.second < rhs.second
    }
}

extension MergedMemory {
    @inline(__always)
    func entry(_ index: Int, from place: Int) -> SortEntry {
        let place = place + SortEntry.byteCount * index
        return SortEntry(first: word64(at: place), second: word64(at: place + 8))
    }

    @inline(__always)
    func setEntry(_ index: Int, from place: Int, _ entry: SortEntry) {
        let place = place + SortEntry.byteCount * index
        setWord64(at: place, entry.first)
        setWord64(at: place + 8, entry.second)
    }

    /// Sorts `count` entries where they are: a heapsort, because a decider allocates nothing.
    ///
    /// - Complexity: O(*n* log *n*).
    func sortEntries(from place: Int, count: Int) {
        for start in stride(from: count / 2 - 1, through: 0, by: -1) {
            sift(start, of: count, from: place)
        }
        for last in stride(from: count - 1, to: 0, by: -1) {
            let greatest = entry(0, from: place)
            setEntry(0, from: place, entry(last, from: place))
            setEntry(last, from: place, greatest)
            sift(0, of: last, from: place)
        }
    }

    /// Moves the entry at `start` down to where no entry below it is greater.
    private func sift(_ start: Int, of count: Int, from place: Int) {
        let sifted = entry(start, from: place)
        var hole = start
        while 2 * hole + 1 < count {
            var child = 2 * hole + 1
            if child + 1 < count, entry(child, from: place) < entry(child + 1, from: place) {
                child += 1
            }
            guard sifted < entry(child, from: place) else { break }
            setEntry(hole, from: place, entry(child, from: place))
            hole = child
        }
        setEntry(hole, from: place, sifted)
    }
}

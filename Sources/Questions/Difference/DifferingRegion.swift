import CloudModel

/// The values of one field outside which two lists of steps cannot differ.
///
/// The lists are laid side by side, so that as many steps as possible stand beside one that asks the
/// same about all fields behind. Such a pair can differ only on values that one of the two admits, an
/// unpaired step only on values that it admits. So after a revoke the region is the revoked rule's own,
/// and after an interface left a group that rules name, it is the interface's addresses.
struct DifferingRegion {
    /// Longer stretches of differing steps are not aligned: the alignment would cost more than the
    /// values that it spares.
    private static let alignmentLimit = 256

    private let field: PacketField
    private let pool: StepPool
    private var intervals: [Interval] = []
    private var isEverything = false

    init(_ field: PacketField, _ pool: StepPool) {
        self.field = field
        self.pool = pool
    }

    /// The region of two lists.
    ///
    /// - Complexity: O(*n* · *d*) for *n* steps of which *d* are unpaired.
    consuming func region(_ before: [Int], _ after: [Int]) -> IntervalSet {
        let (old, new) = (before.map(pool.rest), after.map(pool.rest))
        var start = 0
        let shorter = min(old.count, new.count)
        while start < shorter, old[start] == new[start] {
            addPair(before[start], after[start])
            start += 1
        }
        var (oldEnd, newEnd) = (old.count, new.count)
        while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
            oldEnd -= 1
            newEnd -= 1
            addPair(before[oldEnd], after[newEnd])
        }
        addMiddle(before[start..<oldEnd], after[start..<newEnd])
        return isEverything ? pool.domain(field) : IntervalSet(intervals)
    }

    private mutating func addMiddle(_ before: ArraySlice<Int>, _ after: ArraySlice<Int>) {
        guard max(before.count, after.count) <= DifferingRegion.alignmentLimit else {
            for link in before { add(link) }
            for link in after { add(link) }
            return
        }
        let changes = after.map(pool.rest).difference(from: before.map(pool.rest))
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in changes {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var pairs: [Int] = []
        for (offset, link) in before.enumerated() {
            if removed.contains(offset) { add(link) } else { pairs.append(link) }
        }
        var pair = 0
        for (offset, link) in after.enumerated() {
            if inserted.contains(offset) {
                add(link)
            } else {
                addPair(pairs[pair], link)
                pair += 1
            }
        }
    }

    /// Adds the values that a step admits.
    private mutating func add(_ link: Int) {
        guard let set = pool.set(of: link) else { return isEverything = true }
        intervals += pool.values(set).intervals
    }

    /// Adds the values that one of two steps admits and the other does not.
    private mutating func addPair(_ old: Int, _ new: Int) {
        guard old != new, pool.set(of: old) != pool.set(of: new) else { return }
        intervals += values(of: old).symmetricDifference(values(of: new)).intervals
    }

    private func values(of link: Int) -> IntervalSet {
        pool.set(of: link).map(pool.values) ?? pool.domain(field)
    }
}

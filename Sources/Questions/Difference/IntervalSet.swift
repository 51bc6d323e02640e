/// Whole numbers from `lower` to `upper`, both included.
package struct Interval: Hashable, Sendable {
    package let lower: UInt128
    package let upper: UInt128

    /// - Precondition: `lower <= upper`.
    package init(_ lower: UInt128, _ upper: UInt128) {
        precondition(lower <= upper)
        self.lower = lower
        self.upper = upper
    }
}

/// A set of whole numbers: addresses, ports, protocols, ICMP types with codes.
///
///     IntervalSet([Interval(80, 80), Interval(443, 444), Interval(81, 90)])   // 80…90, 443…444
///
/// A value; 32 bytes an interval. Equal sets have equal intervals.
package struct IntervalSet: Hashable, Sendable {
    // INVARIANT: in ascending order, and between two neighbours lies a number of neither.
    package private(set) var intervals: [Interval] = []

    /// The empty set.
    package init() {}

    /// The numbers from `lower` to `upper`.
    ///
    /// - Precondition: `lower <= upper`.
    package init(_ lower: UInt128, _ upper: UInt128) { intervals = [Interval(lower, upper)] }

    /// The numbers in any of `intervals`, which may overlap and stand in any order.
    ///
    /// - Complexity: O(*n* log *n*).
    package init(_ intervals: [Interval]) {
        for interval in intervals.sorted(by: { $0.lower < $1.lower }) { append(interval) }
    }

    package var isEmpty: Bool { intervals.isEmpty }

    /// Whether `number` is in the set.
    ///
    /// - Complexity: O(log *n*).
    package func contains(_ number: UInt128) -> Bool {
        let index = firstIndex(endingAtOrBehind: number)
        return index < intervals.count && intervals[index].lower <= number
    }

    /// Adds an interval that begins no earlier than the last one.
    mutating func append(_ interval: Interval) {
        guard let last = intervals.last else { return intervals = [interval] }
        precondition(last.lower <= interval.lower)
        if interval.lower <= last.upper || interval.lower - 1 == last.upper {
            intervals[intervals.count - 1] = Interval(last.lower, max(last.upper, interval.upper))
        } else {
            intervals.append(interval)
        }
    }

    /// The place of the first interval whose end is not before `number`.
    private func firstIndex(endingAtOrBehind number: UInt128) -> Int {
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].upper < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension IntervalSet {
    /// The numbers in either set.
    ///
    /// - Complexity: linear in the intervals of both.
    func union(_ other: IntervalSet) -> IntervalSet {
        if isEmpty { return other }
        var result = IntervalSet()
        var (left, right) = (intervals[...], other.intervals[...])
        while let first = left.first, let second = right.first {
            if first.lower <= second.lower {
                result.append(first)
                left.removeFirst()
            } else {
                result.append(second)
                right.removeFirst()
            }
        }
        for interval in left + right { result.append(interval) }
        return result
    }

    /// The numbers in both sets.
    ///
    /// - Complexity: O(*m* log *n* + *k*) for *m* intervals in the smaller set, *n* in the larger and
    ///   *k* in the result: a few numbers are cut out of a large set at once.
    func intersection(_ other: IntervalSet) -> IntervalSet {
        if intervals.count > other.intervals.count { return other.intersection(self) }
        var result = IntervalSet()
        for interval in intervals {
            var index = other.firstIndex(endingAtOrBehind: interval.lower)
            while index < other.intervals.count, other.intervals[index].lower <= interval.upper {
                let found = other.intervals[index]
                result.append(
                    Interval(max(found.lower, interval.lower), min(found.upper, interval.upper)))
                index += 1
            }
        }
        return result
    }

    /// Whether the sets have a number in common.
    func overlaps(_ other: IntervalSet) -> Bool {
        if intervals.count > other.intervals.count { return other.overlaps(self) }
        return intervals.contains { interval in
            let index = other.firstIndex(endingAtOrBehind: interval.lower)
            return index < other.intervals.count && other.intervals[index].lower <= interval.upper
        }
    }

    /// The numbers of this set that are not in `other`.
    package func subtracting(_ other: IntervalSet) -> IntervalSet {
        var result = IntervalSet()
        for interval in intervals {
            var lower = interval.lower
            var isUsedUp = false
            var index = other.firstIndex(endingAtOrBehind: lower)
            while index < other.intervals.count, other.intervals[index].lower <= interval.upper {
                let hole = other.intervals[index]
                if hole.lower > lower { result.append(Interval(lower, hole.lower - 1)) }
                if hole.upper >= interval.upper {
                    isUsedUp = true
                    break
                }
                lower = hole.upper + 1
                index += 1
            }
            if !isUsedUp { result.append(Interval(lower, interval.upper)) }
        }
        return result
    }

    /// The numbers in exactly one of the sets.
    func symmetricDifference(_ other: IntervalSet) -> IntervalSet {
        subtracting(other).union(other.subtracting(self))
    }

    /// Whether every number of this set is in `other`.
    func isSubset(of other: IntervalSet) -> Bool { subtracting(other).isEmpty }
}

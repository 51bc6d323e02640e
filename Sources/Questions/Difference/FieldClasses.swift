import CloudModel

/// The values of one field on which two lists of steps can differ, in classes that meet the same
/// steps.
struct FieldClasses {
    struct Class {
        /// `nil` is every value of the field.
        var values: IntervalSet?
        /// What the lists leave to ask about the fields behind, for these values.
        let before: [Int]
        let after: [Int]
    }

    private(set) var all: [Class] = []
    private let before: [Int]
    private let after: [Int]
    // The different sets of the steps, and which of them each step has.
    private var sets: [Int] = []
    private var slots: [Int: Int] = [:]

    /// - Complexity: O(*e* log *e* + *c* · *r*) for *e* ends of intervals inside the differing
    ///   region, *c* classes and *r* steps.
    init(_ field: PacketField, _ before: [Int], _ after: [Int], _ pool: StepPool) {
        self.before = before
        self.after = after
        collectSets(pool)
        if sets.isEmpty {
            all = [
                Class(
                    values: nil, before: rests(of: before, SlotBits(count: 0), pool),
                    after: rests(of: after, SlotBits(count: 0), pool))
            ]
            return
        }
        let region = DifferingRegion(field, pool).region(before, after)
        guard !region.isEmpty else { return }
        sweep(region, in: pool.domain(field), pool)
    }

    private mutating func collectSets(_ pool: StepPool) {
        for link in before + after {
            guard let set = pool.set(of: link), slots[set] == nil else { continue }
            slots[set] = sets.count
            sets.append(set)
        }
    }

    /// An end of an interval: from this value on, the set is entered or left.
    private struct End {
        let value: UInt128
        let slot: Int
    }

    /// Goes over the region from the smallest value to the largest, with a bit for each set that the
    /// value is in, and gathers the values whose bits are equal.
    private mutating func sweep(
        _ region: IntervalSet, in domain: IntervalSet, _ pool: StepPool
    ) {
        // The slot behind those of the sets stands for the region.
        var ends: [End] = []
        for (slot, set) in sets.enumerated() {
            FieldClasses.append(pool.values(set).intersection(region), slot, to: &ends)
        }
        FieldClasses.append(region, sets.count, to: &ends)
        ends.sort { $0.value < $1.value }
        let last = domain.intervals[0].upper
        var bits = SlotBits(count: sets.count + 1)
        var places: [SlotBits: Int] = [:]
        var next = 0
        while next < ends.count {
            let value = ends[next].value
            while next < ends.count, ends[next].value == value {
                bits.flip(ends[next].slot)
                next += 1
            }
            guard bits.contains(sets.count) else { continue }
            let interval = Interval(value, next < ends.count ? ends[next].value - 1 : last)
            if let place = places[bits] {
                all[place].values?.append(interval)
            } else {
                places[bits] = all.count
                all.append(
                    Class(
                        values: IntervalSet([interval]), before: rests(of: before, bits, pool),
                        after: rests(of: after, bits, pool)))
            }
        }
    }

    private static func append(_ set: IntervalSet, _ slot: Int, to ends: inout [End]) {
        for interval in set.intervals {
            ends.append(End(value: interval.lower, slot: slot))
            // Nothing lies behind the last address of IPv6.
            if interval.upper < .max { ends.append(End(value: interval.upper + 1, slot: slot)) }
        }
    }

    /// What is left of a list for values in the sets of `bits`: steps that the value does not meet are
    /// left out, and so is what lies behind a step that is met anyway.
    private func rests(of list: [Int], _ bits: SlotBits, _ pool: StepPool) -> [Int] {
        var rests: [Int] = []
        var seen: Set<Int> = []
        for link in list {
            if let set = pool.set(of: link), let slot = slots[set], !bits.contains(slot) {
                continue
            }
            let rest = pool.rest(of: link)
            // A step that asks what an earlier one asked is never reached.
            guard seen.insert(rest).inserted else { continue }
            rests.append(rest)
            if pool.isUnconditional(rest) { break }
        }
        return rests
    }
}

/// A small set of slot numbers.
private struct SlotBits: Hashable {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    func contains(_ slot: Int) -> Bool { words[slot / 64] >> UInt64(slot % 64) & 1 == 1 }

    mutating func flip(_ slot: Int) { words[slot / 64] ^= 1 << UInt64(slot % 64) }
}

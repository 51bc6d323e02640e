/// Names for the stretches of 16-bit values that no rule tells apart.
///
/// Cuts divide 0…65535 into elementary intervals (Lakshman & Stiliadis, SIGCOMM 1998); the label of a
/// value is the start of its interval, the largest cut that is not above it. Cuts are where some rule's
/// range begins and behind where one ends; 0 always is one. A trie of numbers, keyed by the value in
/// the key's top 16 bits:
///
///     cuts 0, 22, 23, 1024        port 21 ▶ 0   22 ▶ 22   80 ▶ 23   5000 ▶ 1024
///
/// Size: at most 257 nodes, 257 KiB, with every value cut; 4 KiB for some dozens of cuts.
enum PortLabels {
    /// The labels of values that nothing cuts.
    static var uncut: TrieEntry { TrieEntry(number: 0) }

    /// The labels with a cut at `value`, too. Consumes `labels`.
    ///
    /// - Complexity: O(length of the interval cut), at most 512 look-ups.
    static func cutting(
        at value: UInt16, in labels: TrieEntry, arena: BlockArena
    ) -> TrieEntry {
        relabeling(from: value, to: value, in: labels, arena: arena)
    }

    /// The labels without the cut at `value`. Consumes `labels`.
    ///
    /// - Precondition: `value` is a cut and not 0.
    /// - Complexity: as ``cutting(at:in:arena:)``.
    static func joining(
        at value: UInt16, in labels: TrieEntry, arena: BlockArena
    ) -> TrieEntry {
        precondition(
            value > 0 && arena.memory.portLabel(of: value, in: labels) == value, "no such cut")
        let before = arena.memory.portLabel(of: value - 1, in: labels)
        return relabeling(from: value, to: before, in: labels, arena: arena)
    }

    /// Gives the label `label` to the values from `value` to the end of its interval.
    private static func relabeling(
        from value: UInt16, to label: UInt16, in labels: TrieEntry, arena: BlockArena
    ) -> TrieEntry {
        let end = endOfInterval(of: value, in: labels, memory: arena.memory)
        let edit = LabelEdit(label: TrieEntry(number: UInt32(label)), steps: TrieSteps(arena))
        return edit.edited(labels, values: Int(value)..<end, at: 0, base: 0)
    }

    /// The first value behind the interval of `value`.
    private static func endOfInterval(
        of value: UInt16, in labels: TrieEntry, memory: BlockMemory
    ) -> Int {
        let label = memory.portLabel(of: value, in: labels)
        var end = Int(value) + 1
        while end < 1 << 16, memory.portLabel(of: UInt16(end), in: labels) == label {
            // Labels are starts: if the last value of a stretch has ours, so has all of it.
            let isStart = end & 0xFF == 0
            let hasAll = isStart && memory.portLabel(of: UInt16(end | 0xFF), in: labels) == label
            end += hasAll ? 256 : 1
        }
        return end
    }
}

extension BlockMemory {
    /// The label of a 16-bit value.
    @inline(__always)
    func portLabel(of value: UInt16, in labels: TrieEntry) -> UInt16 {
        // The label is in the low 16 bits of the leaf's number.
        UInt16(truncatingIfNeeded: leaf(of: labels, high: UInt64(value) &<< 48))
    }
}

/// One label given to a stretch of values.
private struct LabelEdit {
    let label: TrieEntry
    let steps: TrieSteps

    /// The edited form of the entry at `depth` for the values from `base` on. Consumes `entry`.
    func edited(_ entry: TrieEntry, values: Range<Int>, at depth: Int, base: Int) -> TrieEntry {
        let span = depth == 0 ? 256 : 1
        let node = steps.widened(entry, at: depth)
        var value = values.lowerBound
        while value < values.upperBound {
            let octet = (value - base) / span
            let next = base + (octet + 1) * span
            let old = steps.memory.entry(node, octet)
            if value == next - span, next <= values.upperBound {
                steps.arena.release(old.block)
                steps.memory.setEntry(node, octet, label)
            } else {
                let below = edited(
                    old, values: value..<min(next, values.upperBound), at: 8,
                    base: next - span)
                steps.memory.setEntry(node, octet, below)
            }
            value = next
        }
        return steps.encoded(node, at: depth, key: TrieKey(high: UInt64(base) << 48, low: 0))
    }
}

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
    /// - Complexity: three nodes.
    static func cutting(
        at value: UInt16, in labels: TrieEntry, arena: BlockArena
    ) -> TrieEntry {
        relabeling(from: value, to: value, in: labels, arena: arena)
    }

    /// The labels without the cut at `value`. Consumes `labels`.
    ///
    /// - Precondition: `value` is a cut and not 0.
    /// - Complexity: three nodes.
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
        let old = TrieEntry(bits: arena.memory.leaf(of: labels, high: UInt64(value) << 48))
        let edit = LabelEdit(
            old: old, new: TrieEntry(number: UInt32(label)), steps: TrieSteps(arena))
        return edit.edited(labels, from: value)
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

/// The rest of one interval given another label.
private struct LabelEdit {
    let old: TrieEntry
    let new: TrieEntry
    let steps: TrieSteps

    private var memory: BlockMemory { steps.memory }

    /// `labels` with the new label from `value` on as far as the old one goes. Consumes `labels`.
    func edited(_ labels: TrieEntry, from value: UInt16) -> TrieEntry {
        if new == old { return labels }
        let node = steps.widened(labels, at: 0)
        var octet = Int(value >> 8)
        if value & 0xFF != 0 {
            editOctet(octet, of: node, from: Int(value & 0xFF))
            octet += 1
        }
        while octet < 256, memory.entry(node, octet) == old {
            memory.setEntry(node, octet, new)
            octet += 1
        }
        // The interval's last values share their octet with the next interval, or with none.
        if octet < 256, !memory.entry(node, octet).isLeaf { editOctet(octet, of: node, from: 0) }
        return steps.encoded(node, at: 0, key: TrieKey(high: 0, low: 0))
    }

    /// As ``edited(_:from:)``, for the values with the high octet `octet`.
    private func editOctet(_ octet: Int, of node: BlockRef, from start: Int) {
        let values = steps.widened(memory.entry(node, octet), at: 8)
        var place = start
        while place < 256, memory.entry(values, place) == old {
            memory.setEntry(values, place, new)
            place += 1
        }
        let key = TrieKey(high: UInt64(octet) << 56, low: 0)
        memory.setEntry(node, octet, steps.encoded(values, at: 8, key: key))
    }
}

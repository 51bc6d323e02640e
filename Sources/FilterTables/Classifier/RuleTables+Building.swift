extension RuleTables {
    /// Adds a table of `unordered` entries and gives its number; `nil` if there are none.
    ///
    /// - Complexity: O(*n* log *n* + intervals · *n* / 64 + bits set).
    mutating func addTable(of unordered: [RuleEntry]) -> UInt32? {
        guard !unordered.isEmpty else { return nil }
        let sorted = unordered.sorted { $0.order < $1.order }
        var table = Table()
        table.entryCount = UInt32(sorted.count)
        table.firstEntry = UInt32(entries.count)
        table.wordCount = UInt32((sorted.count + 63) / 64)
        entries += sorted.map { Entry(order: $0.order, outcome: $0.outcome) }
        table.anyRows = addAnyRows(for: sorted)
        (table.serviceStarts, table.serviceRows) = addIntervals(sorted.map(\.services))
        (table.sourceStarts, table.sourceRows) = addIntervals(sorted.map { [$0.sources] })
        table.peerSelectors = addSelectors(sorted.lazy.map(\.peer))
        table.localSelectors = addSelectors(sorted.lazy.map(\.local))
        return append(table)
    }

    /// The four dense rows of entries that admit any address of a side and family.
    private mutating func addAnyRows(for sorted: [RuleEntry]) -> UInt32 {
        let wordCount = (sorted.count + 63) / 64
        let first = words.count
        words += repeatElement(0, count: 4 * wordCount)
        for (index, entry) in sorted.enumerated() {
            for (side, test) in [entry.peer, entry.local].enumerated() {
                let ipv4 = first + 2 * side * wordCount
                if test == .any || test == .anyIPv4 { setBit(index, inRowAt: ipv4) }
                if test == .any || test == .anyIPv6 { setBit(index, inRowAt: ipv4 + wordCount) }
            }
        }
        return UInt32(first)
    }

    private mutating func setBit(_ index: Int, inRowAt first: Int) {
        words[first + index / 64] |= 1 << UInt64(index % 64)
    }

    /// The elementary intervals of the entries' ranges, and a dense row for each, equal ones once.
    private mutating func addIntervals(
        _ rangesOfEntries: [[ClosedRange<UInt32>]]
    ) -> (Places, UInt32) {
        let intervals = ElementaryIntervals(cutBy: Set(rangesOfEntries.joined()))
        let wordCount = (rangesOfEntries.count + 63) / 64
        var rows = [UInt64](repeating: 0, count: intervals.starts.count * wordCount)
        for (index, ranges) in rangesOfEntries.enumerated() {
            for range in ranges {
                for interval in intervals.indices(of: range) {
                    rows[interval * wordCount + index / 64] |= 1 << UInt64(index % 64)
                }
            }
        }
        let firstRow = words.count
        let places = Places(first: UInt32(starts.count), count: UInt32(intervals.starts.count))
        var known: [ArraySlice<UInt64>: UInt32] = [:]
        for interval in intervals.starts.indices {
            let row = rows[interval * wordCount..<(interval + 1) * wordCount]
            let number = known[row] ?? UInt32((words.count - firstRow) / wordCount)
            if known.updateValue(number, forKey: row) == nil { words += row }
            rowOfInterval.append(number)
        }
        starts += intervals.starts
        return (places, UInt32(firstRow))
    }

    /// The sparse rows of the selectors that one side of the entries names, behind a hash table.
    private mutating func addSelectors(_ tests: some Sequence<AddressTest>) -> Places {
        var bits: [SelectorID: [(word: UInt32, bits: UInt64)]] = [:]
        for (index, test) in tests.enumerated() {
            guard case .selector(let selector) = test else { continue }
            let (word, bit) = (UInt32(index / 64), UInt64(1) << UInt64(index % 64))
            if let last = bits[selector]?.last, last.word == word {
                bits[selector]![bits[selector]!.count - 1].bits |= bit
            } else {
                bits[selector, default: []].append((word, bit))
            }
        }
        guard !bits.isEmpty else { return Places() }
        var slotCount = 2
        while slotCount < 2 * bits.count { slotCount *= 2 }
        let slots = Places(first: UInt32(selectorSlots.count), count: UInt32(slotCount))
        selectorSlots += repeatElement(SelectorSlot.free, count: slotCount)
        // Ascending ids, so that equal inputs give equal tables.
        for (selector, row) in bits.sorted(by: { $0.key < $1.key }) {
            let first = UInt32(sparseIndices.count)
            sparseIndices += row.map(\.word)
            sparseWords += row.map(\.bits)
            insert(
                SelectorSlot(
                    selector: selector, row: Places(first: first, count: UInt32(row.count))),
                into: slots)
        }
        return slots
    }

    private mutating func insert(_ slot: SelectorSlot, into slots: Places) {
        let mask = slots.count - 1
        var probe = RuleTables.firstProbe(of: slot.selector) & mask
        while selectorSlots[Int(slots.first + probe)].selector != SelectorSlot.free.selector {
            probe = (probe + 1) & mask
        }
        selectorSlots[Int(slots.first + probe)] = slot
    }
}

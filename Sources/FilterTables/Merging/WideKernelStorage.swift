internal import CLaneKernel

/// Decides packets by a ``WideTable`` sixteen at a time, in C, as ``LaneKernel`` does by a ``MergedTable``: it finds records
/// and candidates as ``WideTable/findRecords(_:of:_:_:)`` and ``WideTable/decide(_:of:into:_:)`` do, and leaves lanes
/// of the packets that have no candidates. It makes nothing.
enum WideKernel {
    /// What became of the packets of a run.
    struct Counts {
        /// How many were looked at: up to the first of which a record is not known.
        let found: Int
        /// How many of these were left, in the first lanes.
        let left: Int
        /// How many of their pairs are new.
        let new: Int
    }

    /// Writes the outcomes of the queries of a run that have candidates to the same places of `outcomes`.
    ///
    /// - Parameter isAsked: whether candidates are looked for.
    /// - Precondition: the run has at most ``WideTable/laneCount`` packets, of IPv4, and the table is of `pool`.
    static func decide(
        _ run: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        by table: WideTable, isAsked: Bool, _ sides: RunSides, _ pool: MergedMemory
    ) -> Counts {
        precondition(run.upperBound <= queries.count && run.upperBound <= outcomes.count)
        precondition(!run.isEmpty && run.count <= WideTable.laneCount)
        var table = kernelTable(of: table, isAsked: isAsked, sides, pool)
        let counts = unsafe queries.withUnsafeBufferPointer { queries in
            unsafe outcomes.withUnsafeMutableBufferPointer { outcomes in
                // SAFETY: the preconditions leave so many queries and outcomes from there on. Else the kernel writes
                // only lanes, places and pairs, for which there is room, and reads at places of the table. Of a byte it
                // loads a word: what is mapped ends a page behind the last place.
                unsafe sluice_decide_wide(
                    pool.start, &table, queries.baseAddress! + run.lowerBound, run.count,
                    outcomes.baseAddress! + run.lowerBound)
            }
        }
        return Counts(
            found: Int(counts.found), left: Int(counts.left), new: Int(counts.new_pairs))
    }

    private static func kernelTable(
        of table: WideTable, isAsked: Bool, _ sides: RunSides, _ pool: MergedMemory
    ) -> sluice_wide_table {
        let candidates = table.candidates
        let patterns = candidates.patterns
        return sluice_wide_table(
            source_map: UInt32(table.sourceMap.root),
            destination_map: UInt32(table.destinationMap.root), unknown: RangeMap.unfilled,
            is_egress: sides.sourceShift != 0,
            is_large: table.sourceMap.hasLines(pool) || table.destinationMap.hasLines(pool),
            protocols: UInt32(table.ports.protocols), sources: UInt32(table.ports.sources),
            tests_sources: table.ports.testsSources, is_asked: isAsked,
            lines: UInt32(candidates.lines), line_shift: UInt32(candidates.shift),
            pair_count: UInt32(candidates.pairCount), patterns: UInt32(patterns.place),
            pattern_bytes: UInt32(patterns.byteCount),
            source_bytes: UInt32(patterns.sourceBytes), reciprocal: patterns.reciprocal,
            kinds: UInt32(candidates.outcomes.kinds), lanes: UInt32(WideTable.lanes),
            places: UInt32(WideTable.places), new_pairs: UInt32(WideTable.newPairs))
    }

    // MARK: Searching

    /// The pairs of elements of some lanes, as far as there was room for them.
    struct FoundPairs {
        /// How many lanes may have pairs, which ``WideTable/leftLanes`` names, and up to which of these they were found.
        let left: Int
        let end: Int
        /// How many pairs there are.
        let pairs: Int

        fileprivate init(_ counts: sluice_pair_counts) {
            left = Int(counts.left)
            end = Int(counts.end)
            pairs = Int(counts.pairs)
        }
    }

    /// Has the first lanes know the first of the one-sided steps that their packets pass, and finds the pairs of their
    /// elements that may have others, with the places of their slots.
    ///
    /// - Precondition: there are at most ``WideTable/laneCount`` lanes, which have records and sums.
    static func search(
        laneCount: Int, of table: WideTable, _ pool: MergedMemory
    ) -> FoundPairs {
        precondition(1...WideTable.laneCount ~= laneCount)
        var table = searchTable(of: table)
        // SAFETY: the kernel writes only lanes, places and pairs, no more than there is room for, and reads at places of
        // the table: of elements two lines at once, and what is mapped ends a page behind the last place.
        return FoundPairs(unsafe sluice_search(pool.start, &table, laneCount))
    }

    /// Finds the pairs of some more of the lanes that may have them.
    static func findPairs(
        ofLeft places: Range<Int>, of table: WideTable, _ pool: MergedMemory
    ) -> FoundPairs {
        precondition(places.upperBound <= WideTable.laneCount)
        var table = searchTable(of: table)
        // SAFETY: as above.
        let counts = unsafe sluice_find_pairs(
            pool.start, &table, UInt32(places.lowerBound), UInt32(places.upperBound))
        return FoundPairs(counts)
    }

    private static func searchTable(of table: WideTable) -> sluice_search_table {
        sluice_search_table(
            numbers: UInt32(table.ports.numbers), rows: UInt32(table.ports.rows.placesOfRows),
            slots: UInt32(table.slots), slot_shift: table.slotShift,
            lanes: UInt32(WideTable.lanes), left_lanes: UInt32(WideTable.leftLanes),
            pairs: UInt32(WideTable.pairs), pair_capacity: UInt32(WideTable.pairCapacity))
    }
}

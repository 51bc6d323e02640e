internal import CLaneKernel

/// Decides packets by a ``MergedTable`` sixteen at a time, in C: Swift has no words for the loads of sixteen places by
/// one instruction. It does what ``MergedTable/classify(_:of:_:firstLane:_:)`` and
/// ``MergedTable/decide(_:of:into:_:firstLane:)`` do on machines that have not AVX-512, and neither makes nor changes
/// anything: packets for which something is not there yet are left to
/// ``MergedTable/outcome(of:_:_:_:in:)``.
enum LaneKernel {
    /// Where the numbers of the packets of a run that are left stand, in 16 bits each, in the place of the lanes.
    static let missing = 0

    /// Whether this machine has it.
    static let isThere = sluice_has_lane_kernel()

    /// How many queries of a range ask the same tables in the same trie as its first.
    static func runLength(of queries: Span<Query>, in places: Range<Int>) -> Int {
        precondition(!places.isEmpty && places.upperBound <= queries.count)
        return unsafe queries.withUnsafeBufferPointer { queries in
            // SAFETY: the precondition leaves so many queries from there on, and at least one.
            unsafe sluice_run_length(queries.baseAddress! + places.lowerBound, places.count)
        }
    }

    /// Writes the outcomes of the queries of a run to the same places of `outcomes`, and the numbers of those that are
    /// left to the memory at ``missing``; returns how many these are.
    ///
    /// - Precondition: the run has a packet and at most ``MergedMemory/laneCount``, and the table is of `pool` and has maps
    ///   of its IPv4 trie.
    static func decide(
        _ run: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        by table: MergedTable, _ sides: RunSides, _ pool: MergedMemory
    ) -> Int {
        precondition(run.upperBound <= queries.count && run.upperBound <= outcomes.count)
        precondition(1...MergedMemory.laneCount ~= run.count)
        var table = laneTable(of: table, sides)
        return unsafe queries.withUnsafeBufferPointer { queries in
            unsafe outcomes.withUnsafeMutableBufferPointer { outcomes in
                // SAFETY: the preconditions leave so many queries and outcomes from there on. Else the kernel writes
                // only the numbers, for which the lanes have room, and reads at places of the table. Of a half it
                // loads a word: what is mapped ends a page behind the last place.
                unsafe sluice_decide_lanes(
                    pool.start, &table, queries.baseAddress! + run.lowerBound, run.count,
                    outcomes.baseAddress! + run.lowerBound,
                    pool.start.advanced(by: missing).assumingMemoryBound(to: UInt16.self))
            }
        }
    }

    private static func laneTable(of table: MergedTable, _ sides: RunSides) -> sluice_lane_table {
        let (peerShift, localShift) = table.pairs.shifts
        let isEgress = sides.sourceShift != 0
        return sluice_lane_table(
            source_map: UInt32(table.sourceMap.root),
            destination_map: UInt32(table.destinationMap.root),
            source_class: table.sourceMap.onlyNumber ?? sluice_by_map,
            destination_class: table.destinationMap.onlyNumber ?? sluice_by_map,
            pairs: UInt32(table.pairs.place),
            source_shift: isEgress ? localShift : peerShift,
            destination_shift: isEgress ? peerShift : localShift,
            protocols: UInt32(table.ports.protocols), sources: UInt32(table.ports.sources),
            numbers: UInt32(table.ports.numbers), tests_sources: table.ports.testsSources,
            outcomes: UInt32(table.outcomes))
    }
}

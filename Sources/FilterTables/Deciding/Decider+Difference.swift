internal import CloudModel

/// Packets that are decided by a table of what the rules were, and then by what came and went since.
extension Decider {
    /// Decides a run of packets by the table at a place and by what its rules differ in now; `false`, and some may not be
    /// decided, when there is no room.
    mutating func decide(
        _ run: Range<Int>, of queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>,
        byBaseOfTableAt place: Int, _ packet: PlacedPacket, _ sides: inout RunSides
    ) -> Bool {
        guard !sides.isIPv6 else {
            // What differs is known of IPv4 packets alone.
            mergedTables.unmake(at: place)
            return false
        }
        let space = InterfaceRecord.space(in: packet.interface, reader.memory)
        guard let trie = mergedTables.baseTrie(ofSpace: space, ofTableAt: place) else {
            return false
        }
        sides.trie = trie
        guard
            decide(run, of: queries, into: &outcomes, byTableAt: place, packet, &sides)
        else { return false }
        // Merged tables are edited where rules of theirs go.
        let isWide = mergedTables.wide(at: place) != nil
        guard let difference = mergedTables.difference(at: place) else { return false }
        if !isWide, difference.newSlots == 0 { return true }
        let pool = mergedTables.pool
        let notedCount =
            isWide
            ? difference.translate(run, of: queries, in: &outcomes, pool)
            : difference.note(run, of: queries, pool)
        guard notedCount > 0 else { return true }
        let leftCount = mergedTables.settle(
            notedCount, of: run, of: queries, in: &outcomes, difference)
        decideLeft(leftCount, of: run, of: queries, into: &outcomes, difference)
        return true
    }

    /// Decides the packets that a difference has left by the tables as they are.
    private mutating func decideLeft(
        _ count: Int, of run: Range<Int>, of queries: Span<Query>,
        into outcomes: inout MutableSpan<Outcome>, _ difference: RuleDifference
    ) {
        let pool = mergedTables.pool
        for first in stride(from: 0, to: count, by: Decider.packetCapacity) {
            let end = min(first + Decider.packetCapacity, count)
            for index in first..<end {
                packets[index - first] = reader.place(
                    queries[run.lowerBound + Int(pool.half(at: difference.left + 2 * index))])
            }
            for index in first..<end { reader.touchTables(of: packets[index - first]) }
            for index in first..<end {
                let place = run.lowerBound + Int(pool.half(at: difference.left + 2 * index))
                reader.classify(queries[place], &packets[index - first])
            }
            for index in first..<end {
                let place = run.lowerBound + Int(pool.half(at: difference.left + 2 * index))
                outcomes[place] = outcome(of: queries[place], packets[index - first])
            }
        }
    }
}

extension MergedBook {
    /// Whether the rules of the table at a place have changed since it was made.
    func hasBase(at place: Int) -> Bool { entries[place].base != nil }

    /// The trie of IPv4 addresses that a space had when a table was made, if it has a base.
    func baseTrie(ofSpace space: Int, ofTableAt place: Int) -> TrieEntry? {
        entries[place].base?.reader.trie(ofSpace: space, isIPv6: false)
    }

    /// What the rules of a table differ in from those that it was made of, if it has a base.
    func difference(at place: Int) -> RuleDifference? { entries[place].base?.difference }

    /// Drops what was made at a place.
    mutating func unmake(at place: Int) { entries[place].unmake() }

    /// Puts right the answers to the packets that a difference has noted, and notes those that are left for the tables;
    /// returns how many these are.
    func settle(
        _ count: Int, of run: Range<Int>, of queries: Span<Query>,
        in outcomes: inout MutableSpan<Outcome>, _ difference: RuleDifference
    ) -> Int {
        var leftCount = 0
        for index in 0..<count {
            let lane = pool.half(at: difference.noted &+ index &<< 1)
            let query = run.lowerBound &+ Int(lane)
            let known = outcomes[query]
            if known.ruleNumber != RuleDifference.gone,
                let settled = difference.settled(known, for: queries[query], pool)
            {
                outcomes[query] = settled
                continue
            }
            pool.setHalf(at: difference.left &+ leftCount &<< 1, lane)
            leftCount &+= 1
        }
        return leftCount
    }
}

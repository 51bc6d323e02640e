extension BlockMemory {
    /// The first step of a table in decision order that admits a packet, or the match that came before
    /// if that is tried first: so several tables are asked one after the other.
    ///
    /// - Complexity: O(chain of the peer · chain of the local + steps tried). Allocates nothing.
    func firstMatch(
        in table: RuleTable, of packet: ClassedPacket, _ names: RuleNames,
        before match: Match = .none, using scratch: inout TableScratch
    ) -> Match {
        guard word(table.block, RuleTable.pairCountWord) != 0 else { return match }
        var search = TableSearch(table.block, packet, names, self, match)
        search.run(&scratch)
        return search.best
    }
}
